// What TodoWrite answers.

using System.Text.Json.Nodes;

namespace Baltoro.Agent.Tests.Tools;

public class TodoWriteTests
{
    [Fact]
    public async Task It_says_how_much_is_open()
    {
        await using Desk desk = new();
        Assert.Equal("The list is kept; 1 of 2 open.", await desk.Ok("TodoWrite", new() { ["todos"] = new JsonArray(Item("a", "completed"), Item("b", "in_progress")) }));
        Assert.Equal("The list is kept; nothing on it is open.", await desk.Ok("TodoWrite", new() { ["todos"] = new JsonArray(Item("a", "completed")) }));
    }

    static JsonObject Item(string content, string status) => new() { ["content"] = content, ["status"] = status };
}
