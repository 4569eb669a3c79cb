// What is known of an MCP server before it is asked anything. It starts none.

using Baltoro.Chat;

namespace Baltoro.Agent.Mcp;

/// <summary>A server that somebody has configured.</summary>
/// <param name="Name">Part of its tools' names: letters, digits, <c>_</c> and <c>-</c>.</param>
public abstract record McpServer(string Name)
{
    internal static readonly TimeSpan UsualCall = TimeSpan.FromMinutes(2), UsualStart = TimeSpan.FromSeconds(15);

    /// <summary>How long one call may take.</summary>
    public TimeSpan CallLimit { get; init; } = UsualCall;

    /// <summary>How long it may take until it has named its tools: the first step waits as long.</summary>
    public TimeSpan StartLimit { get; init; } = UsualStart;

    /// <summary>A program that is started here and talks over its standard input and output. It runs with the user's rights, outside of the sandbox.</summary>
    /// <param name="Environment">Added to what all children get, which is ours without what looks like a secret.</param>
    public sealed record Local(string Name, string Command, Sequence<string> Arguments, Sequence<(string Name, string Value)> Environment) : McpServer(Name)
    {
        /// <summary>Names of variables that it does not get unless they are given to it.</summary>
        public Sequence<string> Hidden { get; init; }
    }

    /// <summary>A server somewhere, over streamable HTTP or, where it has only that, server-sent events.</summary>
    /// <param name="Headers">Sent with every request.</param>
    public sealed record Remote(string Name, Uri Url, Sequence<(string Name, string Value)> Headers) : McpServer(Name);
}
