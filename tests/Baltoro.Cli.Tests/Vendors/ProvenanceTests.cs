// Vendors that know their own turns again notice when the thinking in them was changed.

using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.Vendors;

public class ProvenanceTests
{
    [Fact]
    public async Task OpenRouter_takes_its_reasoning_details_back_as_they_were() => Assert.Empty(await Return(new OpenRouter(), _ => { }));

    [Fact]
    public async Task OpenRouter_notices_a_missing_detail() => Assert.Contains("reasoning_details are not what was sent",
        Assert.Single(await Return(new OpenRouter(), m => m["reasoning_details"]!.AsArray().RemoveAt(2))));

    [Fact]
    public async Task OpenRouter_notices_details_in_another_order() => Assert.Contains("reasoning_details are not what was sent",
        Assert.Single(await Return(new OpenRouter(), m => m["reasoning_details"] = new JsonArray([.. m["reasoning_details"]!.AsArray().Reverse().Select(d => d!.DeepClone())]))));

    [Fact]
    public async Task GLM_takes_its_reasoning_back_as_it_was() => Assert.Empty(await Return(new Glm(), _ => { }));

    [Fact]
    public async Task GLM_notices_a_changed_reasoning() => Assert.Contains("reasoning_content is not what was sent",
        Assert.Single(await Return(new Glm(), m => m["reasoning_content"] = "I thought otherwise.")));

    /// <summary>Lets the vendor call a tool, changes its message, hands it back with a result, and tells what was noted.</summary>
    static async Task<IReadOnlyList<string>> Return(ChatVendor vendor, Action<JsonObject> change)
    {
        await using var upstream = await Upstream.Start(vendor, (_, c) => c.CallsSoFar == 0
            ? Reply.Of(new Part.Think("A thought long enough for several pieces."), new Part.Call("Read", "{}"))
            : Reply.Of(new Part.Say("done")));
        var hello = new JsonObject { ["role"] = "user", ["content"] = "hello" };
        using var answer = await upstream.Ask(Body(hello));
        var whole = await JsonSerializer.DeserializeAsync<JsonObject>(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var message = whole!["choices"]![0]!["message"]!.DeepClone().AsObject();
        var id = message["tool_calls"]![0]!["id"]!.GetValue<string>();
        change(message);
        using var second = await upstream.Ask(Body(hello.DeepClone(), message, new JsonObject { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = "x" }));
        Assert.True(second.IsSuccessStatusCode);
        return upstream.Violations;
    }

    static string Body(params JsonNode[] messages) => new JsonObject { ["model"] = "m", ["messages"] = new JsonArray(messages) }.ToJsonString();
}
