// The stream of `run --output stream-json` beside that of the real Claude Code on the same task: what both have has the same place and kind.

using System.Text.Json;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

public class ClaudeSchemaTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Our own, which a wrapper passes over; and a tool's result in blocks with its success, which Messages allows and Claude Code writes as a bare text.</summary>
    static readonly string[] Ours =
    [
        "result/success.ended",
        "user.message.content[tool_result].content[text].type", "user.message.content[tool_result].content[text].text", "user.message.content[tool_result].is_error",
    ];

    [Fact]
    public async Task Every_member_that_we_write_stands_in_Claude_Codes_own_stream_with_the_same_kind()
    {
        using Scratch scratch = new();
        await using Cast cast = await Cast.Of(Trail.Script(), "claude");
        await using GatewayProcess gateway = await GatewayProcess.Before(scratch, cast);
        ClaudeCode client = await ClaudeCode.At(scratch, gateway.Url);
        Trail theirTrail = Trail.Of(4, client.Folder);
        theirTrail.Lay();
        Ending ending = await client.Stream(theirTrail.Task, "claude", Limit);
        Assert.True(ending.Code == 0, ending.Output + ending.Errors);
        Dictionary<string, HashSet<JsonValueKind>> theirs = Members(ending.Output);

        await using BuiltAgent agent = await BuiltAgent.Before(Trail.Script(), alias: "claude");
        Trail trail = Trail.Of(4, agent.Project);
        trail.Lay();
        (int code, string output, string errors) = await agent.Run(trail.Task, "--output", "stream-json", "--no-sandbox");
        Assert.True(code == 0, errors);
        Dictionary<string, HashSet<JsonValueKind>> ours = Members(output);

        string[] unknown = [.. ours.Keys.Except(Ours).Except(theirs.Keys)];
        Assert.Empty(unknown);
        string[] otherKinds = [.. ours.Where(member => theirs.TryGetValue(member.Key, out HashSet<JsonValueKind>? kinds) && !member.Value.Any(kinds.Contains)).Select(member => $"{member.Key}: {string.Join(',', member.Value)} for {string.Join(',', theirs[member.Key])}")];
        Assert.Empty(otherKinds);
        TestContext.Current.TestOutputHelper?.WriteLine($"Only theirs: {string.Join(", ", theirs.Keys.Except(ours.Keys).Order(StringComparer.Ordinal))}");
    }

    /// <summary>Paths from the kind of line to each member, lists passed through, with the kinds of value seen there.</summary>
    static Dictionary<string, HashSet<JsonValueKind>> Members(string stream)
    {
        Dictionary<string, HashSet<JsonValueKind>> members = new(StringComparer.Ordinal);
        foreach (string line in stream.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            Walk(json, json.GetProperty("type").GetString() + (json.TryGetProperty("subtype", out JsonElement subtype) ? $"/{subtype.GetString()}" : ""));
        }
        return members;

        void Walk(JsonElement json, string path)
        {
            if (json.ValueKind == JsonValueKind.Array)
                foreach (JsonElement item in json.EnumerateArray()) Walk(item, item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out JsonElement type) ? $"{path}[{type}]" : $"{path}[]");
            if (json.ValueKind != JsonValueKind.Object) return;
            foreach (JsonProperty member in json.EnumerateObject())
            {
                // Names of models, and what a tool is given, are theirs to choose.
                string at = path.EndsWith(".modelUsage", StringComparison.Ordinal) ? $"{path}.*" : $"{path}.{member.Name}";
                if (at.EndsWith("[tool_use].input", StringComparison.Ordinal)) continue;
                if (!members.TryGetValue(at, out HashSet<JsonValueKind>? kinds)) members[at] = kinds = [];
                kinds.Add(member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? JsonValueKind.True : member.Value.ValueKind);
                Walk(member.Value, at);
            }
        }
    }
}
