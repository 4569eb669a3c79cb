// Every tool that a conversation has ever offered; it refuses to know which of them the model sees now.

namespace Baltoro.Chat.History;

/// <summary>What a call's name is checked against: a hidden or withdrawn tool is the client's to refuse, one that never was is the model's mistake.</summary>
public static class DeclaredTools
{
    /// <param name="request">As the client sent it, or as fitted to a model.</param>
    /// <returns>The request's own tools, then those that its system turns define on the way.</returns>
    public static Sequence<ToolSpec> In(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (Mentions known, Mentions rest) = Mentions.In(request);
        if (known.Tools.Count + rest.Tools.Count == 0) return request.Tools;
        Dictionary<string, ToolSpec> inline = new(known.Tools, StringComparer.Ordinal);
        foreach ((string name, ToolSpec tool) in rest.Tools) inline[name] = tool;
        foreach (ToolSpec tool in request.Tools) inline.Remove(tool.Name);
        return inline.Count == 0 ? request.Tools : [.. request.Tools, .. inline.Values];
    }
}
