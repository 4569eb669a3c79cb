// A tool of an MCP server as a tool of the loop. It takes the server's word for what the tool does, and says so.

using System.Text.Json;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Mcp;

/// <param name="name">The tool's name as its server knows it.</param>
sealed class McpTool(McpConnection connection, string name, ToolSpec.Function spec, bool saysItOnlyReads) : ITool
{
    public ToolSpec.Function Spec => spec;

    public Footprint Footprint(JsonElement arguments) => new Footprint.Foreign(connection.Server.Name, name, saysItOnlyReads);

    public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation) => connection.Call(name, arguments, cancellation);
}
