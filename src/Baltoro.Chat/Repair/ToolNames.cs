// The one tool that a name in another spelling can mean; it refuses to know what the tool takes.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Models put <c>functions.</c> in front of a name and a counter behind it (the form of Kimi's ids), change its case, or swap dashes and underscores.
/// A name is resolved only when exactly one declared tool can be meant.
/// </summary>
static class ToolNames
{
    const string Prefix = "functions.";

    /// <returns>The tool, also under its very name; null when none or more than one can be meant.</returns>
    public static ToolSpec? Resolve(Sequence<ToolSpec> tools, string name)
    {
        if (Only(tools, tool => tool == name) is { } exact) return exact;
        string bare = Bare(name);
        if (Only(tools, tool => tool == bare) is { } undressed) return undressed;
        string loose = Loose(bare);
        return loose.Length == 0 ? null : Only(tools, tool => Loose(tool) == loose);
    }

    /// <summary>Two declarations under one name are one tool.</summary>
    static ToolSpec? Only(Sequence<ToolSpec> tools, Func<string, bool> matches)
    {
        ToolSpec? found = null;
        foreach (ToolSpec tool in tools)
        {
            if (!matches(tool.Name)) continue;
            if (found is not null && found.Name != tool.Name) return null;
            found ??= tool;
        }
        return found;
    }

    static string Bare(string name)
    {
        ReadOnlySpan<char> bare = name.AsSpan().Trim();
        if (bare.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) bare = bare[Prefix.Length..];
        int colon = bare.LastIndexOf(':');
        if (colon >= 0 && colon < bare.Length - 1 && !bare[(colon + 1)..].ContainsAnyExceptInRange('0', '9')) bare = bare[..colon];
        return bare.ToString();
    }

    static string Loose(string name) => name.Replace('-', '_').ToUpperInvariant();
}
