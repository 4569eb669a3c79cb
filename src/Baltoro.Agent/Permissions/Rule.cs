// One permission rule as people write it: Tool or Tool(pattern). It judges nothing.

using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

/// <param name="Tool">A tool's name; for MCP <c>mcp__server</c>, <c>mcp__server__tool</c>, or a beginning of one with <c>*</c>.</param>
/// <param name="Pattern">Of a command, a path, or <c>domain:host</c>; null for all that the tool does in the project.</param>
public sealed record Rule(string Tool, string? Pattern)
{
    const string Foreign = "mcp__";

    /// <summary>The tools that there are rules for, each with an example of its pattern; null for those that take none.</summary>
    internal static readonly IReadOnlyDictionary<string, string?> Tools = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Bash"] = "git push *", ["Read"] = "secrets/**", ["Write"] = "src/**", ["Edit"] = "src/**", ["WebFetch"] = "domain:example.com",
        ["BashOutput"] = null, ["KillShell"] = null, ["Python"] = null, ["Glob"] = null, ["Grep"] = null, ["TodoWrite"] = null, ["Task"] = null,
    };

    /// <exception cref="FormatException">It is no rule, or could never fit; the message says what was expected.</exception>
    public static Rule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string rule = text.Trim();
        int open = rule.IndexOf('(', StringComparison.Ordinal);
        string tool = open < 0 ? rule : rule[..open];
        if (tool.Length == 0 || !tool.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*')
            || open >= 0 && (rule[^1] != ')' || string.IsNullOrWhiteSpace(rule[(open + 1)..^1])))
            throw new FormatException($"\"{text}\" is no permission rule. Expected is Tool or Tool(pattern), such as Bash(git push *), Edit(src/**) or WebFetch(domain:example.com).");
        string? pattern = open < 0 ? null : rule[(open + 1)..^1].Trim();
        if (Flaw(tool, pattern) is { } flaw) throw new FormatException($"\"{text}\": {flaw}");
        return new Rule(tool, pattern);
    }

    static string? Flaw(string tool, string? pattern)
    {
        if (tool.StartsWith(Foreign, StringComparison.Ordinal))
            return tool.Length == Foreign.Length || tool.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star < tool.Length - 1
                ? "expected is mcp__SERVER, mcp__SERVER__TOOL, or a beginning of one and *." : pattern is null ? null : "tools of MCP servers take no pattern.";
        if (!Tools.TryGetValue(tool, out string? example))
            return $"there is no tool \"{tool}\".{(Nearest.To(tool, Tools.Keys) is [var near, ..] ? $" Did you mean {near}?" : "")} Expected is one of {string.Join(", ", Tools.Keys)}, or mcp__SERVER__TOOL.";
        if (pattern is null) return null;
        if (example is null) return $"{tool} takes no pattern. Expected is {tool} alone.";
        if (tool is "WebFetch" && !IsDomain(pattern)) return "expected is WebFetch(domain:HOST), such as WebFetch(domain:example.com) or WebFetch(domain:*.example.com).";
        if (tool is "Bash" && pattern.IndexOf(":*", StringComparison.Ordinal) is >= 0 and var colon && colon < pattern.Length - 2)
            return ":* stands at the end only, for any further words. Expected is a pattern such as git push:* or git push *.";
        return null;
    }

    static bool IsDomain(string pattern) => pattern.StartsWith("domain:", StringComparison.Ordinal) && pattern[7..] is { Length: > 0 } host
        && (host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is { Length: > 0 } name && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']');

    public override string ToString() => Pattern is null ? Tool : $"{Tool}({Pattern})";
}
