// Marks for the prompt cache: where a vendor wants them, always at the end of what stays, and nowhere else.

using System.Text.Json;
using Baltoro.Agent.Loop;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;

namespace Baltoro.Agent.Tests.Loop;

public class CacheMarkTests
{
    [Theory, InlineData("claude"), InlineData("messages")]
    public async Task Instructions_and_the_ends_of_this_request_and_of_the_one_before_are_marked_and_nothing_else(string dialect)
    {
        await using Scene scene = await Scene.Of(dialect == "claude" ? new Claude() : new CompatibleMessages(), "anthropic", dialect, Trail.Script());
        Trail trail = Trail.Of(12, scene.Project);
        trail.Lay();
        Assert.Equal(new RunEnd.Done(Trail.Finished), await scene.Run(trail.Task));
        int before = 0;
        foreach (RecordedRequest request in scene.Upstream.Asked)
        {
            JsonElement body = request.Parse();
            Assert.Equal("""{"type":"ephemeral"}""", body.GetProperty("system")[0].GetProperty("cache_control").GetRawText());
            int last = body.GetProperty("messages").GetArrayLength() - 1;
            // What the last request has written to the cache ends where this one reads from it.
            Assert.Equal(last == 0 ? ["system[0]", "messages[0].content[0]"] : (string[])["system[0]", $"messages[{before}].content[0]", $"messages[{last}].content[0]"], Marks(body, ""));
            before = last;
        }
        Assert.All(scene.Upstream.Asked.Zip(scene.Upstream.Asked.Skip(1)), pair => Assert.True(SharedPrefix.InMeaningBetween(pair.First, pair.Second).Whole));
    }

    [Fact]
    public async Task A_vendor_that_caches_by_itself_gets_none()
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", Trail.Script());
        Trail trail = Trail.Of(3, scene.Project);
        trail.Lay();
        await scene.Run(trail.Task);
        Assert.All(scene.Upstream.Asked, request => Assert.Empty(Marks(request.Parse(), "")));
    }

    /// <summary>Where marked things are, in the order of the vendor's prompt: tools, instructions, turns.</summary>
    static IEnumerable<string> Marks(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => (json.TryGetProperty("cache_control", out _) ? (string[])[path] : [])
            .Concat(json.EnumerateObject().OrderBy(member => Array.IndexOf(["tools", "system", "messages"], member.Name)).SelectMany(member => Marks(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}"))),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((item, i) => Marks(item, $"{path}[{i}]")),
        _ => [],
    };
}
