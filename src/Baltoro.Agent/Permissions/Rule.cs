// One permission rule as people write it: Tool or Tool(pattern). It judges nothing.

namespace Baltoro.Agent.Permissions;

/// <param name="Tool">A tool's name; for MCP <c>mcp__server</c> or <c>mcp__server__tool</c>.</param>
/// <param name="Pattern">Of a command, a path, or <c>domain:host</c>; null for all that the tool does.</param>
public sealed record Rule(string Tool, string? Pattern)
{
    /// <exception cref="FormatException">It is no rule; the message says what was expected.</exception>
    public static Rule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string rule = text.Trim();
        int open = rule.IndexOf('(', StringComparison.Ordinal);
        string tool = open < 0 ? rule : rule[..open];
        if (tool.Length == 0 || !tool.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*')
            || open >= 0 && (rule[^1] != ')' || rule.Length - open == 2))
            throw new FormatException($"\"{text}\" is no permission rule. Expected is Tool or Tool(pattern), such as Bash(git push *), Edit(src/**) or WebFetch(domain:example.com).");
        return new Rule(tool, open < 0 ? null : rule[(open + 1)..^1].Trim());
    }

    public override string ToString() => Pattern is null ? Tool : $"{Tool}({Pattern})";
}
