// The MCP servers of a session and the tools that they brought. It does not decide which servers there are.

using System.Text;
using System.Text.RegularExpressions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using ModelContextProtocol.Client;

namespace Baltoro.Agent.Mcp;

/// <summary>Servers that were started together. Their tools are shared by all agents of the session; ends them when it is disposed.</summary>
public sealed partial class McpServers : IAsyncDisposable
{
    /// <summary>Tools of one server: each costs the model context in every request.</summary>
    const int MostTools = 128;

    /// <summary>Characters of a tool's prompt, bytes of its schema, and characters of its name that all vendors take.</summary>
    const int LongestPrompt = 4000, LargestSchema = 50_000, LongestName = 64;

    readonly Sequence<McpConnection> _connections;

    McpServers(Sequence<McpConnection> connections, Sequence<ITool> tools, Sequence<string> problems, Sequence<string> up) =>
        (_connections, Tools, Problems, Up) = (connections, tools, problems, up);

    public static readonly McpServers None = new([], [], [], []);

    /// <summary>The names of those that answered.</summary>
    public Sequence<string> Up { get; }

    /// <summary>Named <c>mcp__SERVER__TOOL</c>, in the order of their servers and names; the same for the whole session.</summary>
    public Sequence<ITool> Tools { get; }

    /// <summary>For the user: servers that did not start, tools that were left out, and why.</summary>
    public Sequence<string> Problems { get; }

    /// <summary>Starts all at once and asks each for its tools. One that fails is a problem and harms no other.</summary>
    /// <param name="folder">Where programs start; it exists.</param>
    /// <exception cref="OperationCanceledException">Cancelled; those that had started are ended.</exception>
    public static async Task<McpServers> Start(Sequence<McpServer> servers, string folder, TimeProvider clock, CancellationToken cancellation)
    {
        Sequence<McpConnection> connections = servers.Select(server => new McpConnection(server, folder, clock)).ToSequence();
        (Sequence<ITool> Tools, Sequence<string> Problems, bool IsUp)[] found = await Task.WhenAll(connections.Select(connection => Ask(connection, cancellation)));
        McpServers all = new(connections, found.SelectMany(each => each.Tools).ToSequence(), found.SelectMany(each => each.Problems).ToSequence(),
            connections.Where((_, i) => found[i].IsUp).Select(connection => connection.Server.Name).ToSequence());
        if (!cancellation.IsCancellationRequested) return all;
        await all.DisposeAsync();
        throw new OperationCanceledException(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (McpConnection connection in _connections) await connection.DisposeAsync();
    }

    static async Task<(Sequence<ITool>, Sequence<string>, bool)> Ask(McpConnection connection, CancellationToken cancellation)
    {
        string server = connection.Server.Name;
        IList<McpClientTool> named;
        try
        {
            named = await connection.Tools(cancellation);
        }
        catch (Exception e)
        {
            // Whatever a server does at its start, the session begins without it.
            return ([], [$"The MCP server {server} is not used: {(e is OperationCanceledException ? $"it did not answer within {connection.Server.StartLimit.TotalSeconds:0.###} s (\"startTimeout\" in its description allows more)." : TerminalText.Safe(e.Message))}"], false);
        }
        List<string> problems = [];
        List<ITool> tools = [];
        HashSet<string> names = [];
        foreach (McpClientTool tool in named.OrderBy(tool => tool.Name, StringComparer.Ordinal))
        {
            string name = $"mcp__{server}__{Unusual().Replace(tool.Name, "_")}";
            byte[] schema = Encoding.UTF8.GetBytes(tool.JsonSchema.GetRawText());
            string? why = tools.Count == MostTools ? $"a server may have {MostTools} tools"
                : name.Length > LongestName ? $"its name {name} is longer than {LongestName} characters"
                : schema.Length > LargestSchema ? $"its schema is larger than {LargestSchema:N0} bytes"
                : names.Add(name) ? null : $"another is called {name} too";
            if (why is not null)
            {
                problems.Add($"The MCP server {server}: its tool {TerminalText.SafeLine(tool.Name)} is left out: {why}.");
                continue;
            }
            string prompt = TerminalText.Plain(tool.Description);
            if (prompt.Length > LongestPrompt) prompt = prompt[..LongestPrompt] + " […]";
            tools.Add(new McpTool(connection, tool.Name, new ToolSpec.Function(name, prompt, new RawJson(schema)), tool.ProtocolTool.Annotations?.ReadOnlyHint == true));
        }
        return ([.. tools], [.. problems.Take(10)], true);
    }

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Unusual();
}
