// Which tools a call's name is checked against.

using Baltoro.Chat.History;

namespace Baltoro.Chat.Tests.History;

public class DeclaredToolsTests
{
    static Turn.System Added(string tool) => new Turn.System([new Block.Opaque(WireFormat.Anthropic, "tool_addition", RawJson.Of($$"""{"type":"tool_addition","tool":{{tool}}}"""))]);

    [Fact]
    public void The_requests_own_tools_count_hidden_ones_too()
    {
        Sequence<ToolSpec> tools = [Say.Tool("Read"), ((ToolSpec.Function)Say.Tool("Late")) with { Deferred = true }];
        Assert.Equal(tools, DeclaredTools.In(Say.Conversation(Say.User("go"), Added("""{"type":"tool_reference","name":"Late"}""")) with { Tools = tools }));
    }

    [Fact]
    public void A_tool_that_a_system_turn_defines_counts_once()
    {
        const string Definition = """{"type":"tool_definition","name":"New","input_schema":{"type":"object"}}""";
        ChatRequest request = Say.Conversation(Say.User("go"), Added(Definition), Say.User("on"), Added(Definition)) with { Tools = [Say.Tool("Read")] };
        Assert.Equal([Say.Tool("Read"), Say.Tool("New", """{"type":"object"}""")], DeclaredTools.In(request));
    }
}
