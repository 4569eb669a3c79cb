// A model with random weights under constraint: every call that it makes is one, whatever it would rather say.

using System.Text;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Models.Local;
using Json.Schema;

namespace Baltoro.Models.Tests.Local;

public class ConstrainedCalls(RandomFile file) : IClassFixture<RandomFile>
{
    static readonly ToolSpec.Function[] Tools =
    [
        new("Edit", null, RawJson.Of("""{"type":"object","properties":{"file_path":{"type":"string"},"old_string":{"type":"string","maxLength":9},"new_string":{"type":"string","maxLength":9},"replace_all":{"type":"boolean"}},"required":["file_path","old_string","new_string"],"additionalProperties":false}""")),
        new("Grep", null, RawJson.Of("""{"type":"object","properties":{"pattern":{"type":"string","minLength":1,"maxLength":20},"output_mode":{"enum":["content","count"]},"head_limit":{"type":"integer","minimum":0}},"required":["pattern","head_limit"],"additionalProperties":false}""")),
        new("mcp__todo-list.add", null, RawJson.Of("""{"type":"object","properties":{"items":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"object","properties":{"text":{"type":"string","maxLength":8},"done":{"type":"boolean"}},"required":["text","done"]}}},"required":["items"]}""")),
        new("Now", null, RawJson.Of("""{"type":"object","properties":{}}""")),
    ];

    static ChatRequest Request(int seed, ToolChoice? choice) => Shown.Asked(Shown.User("Go on.")) with
    {
        Tools = [.. Tools], ToolChoice = choice, OutputLimit = 110, Sampling = new() { Temperature = 1.5, Seed = seed },
    };

    [Fact]
    public async Task Three_hundred_calls_are_calls_of_tools_that_there_are_with_arguments_that_satisfy_their_schemas()
    {
        int calls = 0;
        HashSet<string> called = [];
        for (int seed = 0; calls < 300; seed += 4)
            foreach (Reply reply in await Task.WhenAll(Tools.Select((tool, i) => Asked(Request(seed + i, new ToolChoice.Named(tool.Name)) with { OutputLimit = 300 }))))
            {
                Block.ToolCall[] made = [.. reply.Blocks.OfType<Block.ToolCall>()];
                for (int i = 0; i < made.Length; i++)
                {
                    ToolSpec.Function tool = Assert.Single(Tools, tool => tool.Name == made[i].Name);
                    Assert.Equal($"functions.{tool.Name}:{i}", made[i].Id);
                    Assert.True(Satisfies(tool.Schema, made[i].Arguments), made[i].Arguments);
                    called.Add(tool.Name);
                }
                calls += made.Length;
            }
        Assert.Equal(Tools.Length, called.Count);
    }

    [Fact]
    public async Task A_call_for_which_there_is_no_room_is_not_ended_in_a_hurry()
    {
        ToolSpec.Function write = new("Write", null, RawJson.Of("""{"type":"object","properties":{"content":{"type":"string"}},"required":["content"],"additionalProperties":false}"""));
        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(seed =>
            Asked(Request(seed, new ToolChoice.Named("Write") { OneAtATime = true }) with { Tools = [write], Thinking = new() { Mode = ThinkingMode.On, Budget = 5 } })));
        Reply[] cut = [.. replies.Where(reply => reply.Reason == StopReason.OutputLimit)], whole = [.. replies.Except(cut)];
        Assert.NotEmpty(cut);
        Assert.NotEmpty(whole);
        Assert.All(cut, reply => Assert.Empty(reply.Blocks.OfType<Block.ToolCall>()));
        Assert.All(whole, reply => Assert.True(Satisfies(write.Schema, Assert.Single(reply.Blocks.OfType<Block.ToolCall>()).Arguments)));
    }

    [Fact]
    public async Task A_named_tool_is_the_one_that_is_called()
    {
        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(seed => Asked(Request(seed, new ToolChoice.Named("Grep") { OneAtATime = true }))));
        Reply[] whole = [.. replies.Where(reply => reply.Reason == StopReason.ToolUse)];
        Assert.NotEmpty(whole);
        Assert.All(whole, reply => Assert.Equal("Grep", Assert.Single(reply.Blocks.OfType<Block.ToolCall>()).Name));
        Assert.All(replies.Except(whole), reply => Assert.Equal(StopReason.OutputLimit, reply.Reason));
    }

    [Fact]
    public async Task Numbers_go_on_where_the_conversation_is()
    {
        ChatRequest request = Request(5, new ToolChoice.Named("Now"));
        request = request with
        {
            Turns = [.. request.Turns, new Turn.Assistant([new Block.ToolCall("functions.Now:0", "Now", "{}")]), new Turn.User([new Block.ToolResult("functions.Now:0", [new Block.Text("noon")])])],
        };
        Assert.Equal("functions.Now:1", (await Asked(request)).Blocks.OfType<Block.ToolCall>().First().Id);
    }

    [Fact]
    public async Task Text_that_is_to_have_a_form_has_it()
    {
        RawJson schema = RawJson.Of("""{"type":"object","properties":{"title":{"type":"string","maxLength":10},"stars":{"type":"integer","minimum":1,"maximum":5}},"required":["title","stars"],"additionalProperties":false}""");
        for (int seed = 0; seed < 20; seed++)
        {
            Reply reply = await Asked(Request(seed, null) with { Tools = [], ResponseFormat = new ResponseFormat.JsonSchema("review", schema) });
            Assert.True(Satisfies(schema, string.Concat(reply.Blocks.OfType<Block.Text>().Select(text => text.Content))));
        }
    }

    [Fact]
    public async Task A_schema_that_cannot_be_held_to_is_the_request_s_fault_and_named()
    {
        ReplyFold fold = await Heard(Request(1, null) with { Tools = [new ToolSpec.Function("Odd", null, RawJson.Of("""{"type":"object","properties":{"a":{"not":{}}}}"""))] });
        Assert.Equal("The JSON schema at \"tools/Odd/properties/a\", keyword `not`, cannot be held to: no grammar can hold to it.", Assert.IsType<Failure.InvalidRequest>(fold.Failure).Message);
    }

    static bool Satisfies(RawJson schema, string written)
    {
        using JsonDocument value = JsonDocument.Parse(written);
        return JsonSchema.FromText(Encoding.UTF8.GetString(schema.Utf8.Span)).Evaluate(value.RootElement).IsValid;
    }

    async Task<Reply> Asked(ChatRequest request)
    {
        ReplyFold heard = await Heard(request);
        return heard.Result ?? throw new InvalidOperationException($"The reply failed: {heard.Failure}");
    }

    async Task<ReplyFold> Heard(ChatRequest request)
    {
        ReplyFold fold = new();
        await foreach (ReplyEvent step in file.Model().Reply(request, CancellationToken.None)) fold.Add(step);
        return fold;
    }
}
