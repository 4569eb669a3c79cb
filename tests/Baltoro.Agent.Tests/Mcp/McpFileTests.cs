// What .mcp.json says, and what is said about one that is wrong.

using Baltoro.Agent.Mcp;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Mcp;

public class McpFileTests
{
    static McpReading Read(string text) => McpFile.Read(text, ".mcp.json", name => name == "TOKEN" ? "t0k" : null);

    static (Sequence<McpServer> Servers, Sequence<string> Problems) Servers(string text) => (Read(text).Entries.Select(entry => entry.Server).ToSequence(), Read(text).Problems);

    [Fact]
    public void Programs_and_addresses_are_read_with_the_environments_values() =>
        Assert.Equal(((Sequence<McpServer>)
            [
                new McpServer.Local("files", "npx", ["-y", "server", "t0k"], [("A", "b"), ("C", "else")]) { CallLimit = TimeSpan.FromSeconds(5), StartLimit = TimeSpan.FromSeconds(60) },
                new McpServer.Remote("web", new Uri("https://example.com/mcp"), [("Authorization", "Bearer t0k")]),
            ], (Sequence<string>)[]), Servers("""
            { "mcpServers": { // a comment
                "files": { "type": "stdio", "command": "npx", "args": ["-y", "server", "${TOKEN}"], "env": { "A": "b", "C": "${NOT_SET:-else}" }, "timeout": 5000, "startTimeout": 60000 },
                "web": { "type": "http", "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer ${TOKEN}" } },
            } }
            """));

    [Theory]
    [InlineData("{", ".mcp.json: it is not JSON (line 1, byte 2).")]
    [InlineData("[]", ".mcp.json: expected an object with a member \"mcpServers\" that is an object.")]
    [InlineData("""{"mcpServers":{"a":1}}""", ".mcp.json: mcpServers.a: expected an object.")]
    [InlineData("""{"mcpServers":{"a b":{"command":"x"}}}""", ".mcp.json: mcpServers.a b: a name has letters, digits, - and single _ between them, 32 at most.")]
    [InlineData("""{"mcpServers":{"a__b":{"command":"x"}}}""", ".mcp.json: mcpServers.a__b: a name has letters, digits, - and single _ between them, 32 at most.")]
    [InlineData("""{"mcpServers":{"a":{"command":"seen","command":"run"}}}""", ".mcp.json: it is not JSON: Duplicate property 'command' encountered during deserialization.")]
    [InlineData("""{"mcpServers":{"a":{}}}""", ".mcp.json: mcpServers.a: expected a \"command\" or a \"url\".")]
    [InlineData("""{"mcpServers":{"a":{"command":1}}}""", ".mcp.json: mcpServers.a: command: expected a string.")]
    [InlineData("""{"mcpServers":{"a":{"command":"x","args":"y"}}}""", ".mcp.json: mcpServers.a: args: expected an array of strings.")]
    [InlineData("""{"mcpServers":{"a":{"command":"${GONE}"}}}""", ".mcp.json: mcpServers.a: command: the variable GONE is not set.")]
    [InlineData("""{"mcpServers":{"a":{"url":"file:///x"}}}""", ".mcp.json: mcpServers.a: url: expected a whole URL that begins with http:// or https://.")]
    [InlineData("""{"mcpServers":{"a":{"command":"x","timeout":-1}}}""", ".mcp.json: mcpServers.a: timeout: expected a number of milliseconds.")]
    public void What_is_wrong_is_said_with_its_place(string text, string problem) => Assert.Equal(new McpReading([], [problem]), Read(text));

    [Fact]
    public void A_server_that_is_wrong_does_not_take_the_others_with_it()
    {
        McpReading read = Read("""{"mcpServers":{"a":{},"b":{"command":"x"}}}""");
        Assert.Equal([new McpEntry(new McpServer.Local("b", "x", [], []), """{"command":"x"}""")], read.Entries);
        Assert.Single(read.Problems);
    }
}
