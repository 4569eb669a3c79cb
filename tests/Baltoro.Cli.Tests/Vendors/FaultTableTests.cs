// The yardstick of the faults: each is played as intended, as a client without any library hears it; and once asked again
// about the same step the vendor answers well.

using System.Text.Json;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Vendors;

public class FaultTableTests
{
    const string Markers = "<|tool_call";

    // The second step reads two files.
    static readonly Trail Trail = Trail.Of(9, "/t", forkEvery: 2);
    static readonly string[] Paths = [.. Trail.Files.Keys];

    public static TheoryData<string, string> Rows =>
        [.. Player.All.SelectMany(p => Faults.At(p.Alias).Keys.Select(fault => (p.Alias, fault)))];

    [Theory, MemberData(nameof(Rows))]
    public async Task A_fault_is_played_once_and_the_same_step_then_answered_well(string alias, string name)
    {
        var player = Player.Named(alias);
        var fault = Faults.At(alias)[name];
        await using var upstream = await Upstream.Start(player.Vendor(), Trail.Script(), FaultPlans.Every(2, fault));
        var body = AtTheSecondStep(player);

        var faulty = await Heard.Of(upstream, body);
        // A loop of calls is only left when someone reminds the model.
        if (fault is not Fault.SameCall)
        {
            var well = await Heard.Of(upstream, body);
            Assert.Equal((200, true, Ending.InOrder, "[Read]: 2, unread: 1 2"), (well.Status, well.Marked, well.Ending, Called(well)));
        }

        Assert.Empty(upstream.Violations);
        Assert.Equal(Played(fault, player, faulty), Sign(fault, faulty));
    }

    /// <summary>What must be heard of a fault, in the words of <see cref="Sign"/>.</summary>
    static string Played(Fault fault, Player player, Heard heard) => fault switch
    {
        Fault.Status status => $"status {status.Code}",
        Fault.Reset => "status 0, Broken",
        Fault.Broken { How: Breaking.Stall, Where: Place.First } => "status 0, Silent",
        Fault.Broken broken => $"no end marker, {broken.How switch { Breaking.Cut => Ending.Broken, Breaking.End => Ending.InOrder, _ => Ending.Silent }}" +
            (broken.How == Breaking.StallWithPings ? ", signs of life" : "") +
            (broken.Where, player.Alias) switch
            {
                (Place.First, _) => ", nothing said",
                (Place.Thinking, "plain") => ", calls 2",
                (Place.Thinking, _) => ", thinking broken",
                (Place.Text, _) => ", text broken",
                (Place.Call, _) => ", last call broken",
                _ => ", calls 2",
            },
        Fault.Empty => "nothing said",
        Fault.ThinkingOnly => player.Alias == "plain" ? "nothing said" : "thinking whole",
        Fault.LengthStop => player.Alias == "plain" ? "nothing said, length" : "thinking broken, length",
        Fault.SameLines => player.Alias == "plain" ? "nothing said, length" : "lines repeated, length",
        Fault.SameCall => "the call before",
        Fault.Arguments arguments => $"arguments {arguments.What}",
        Fault.ToolName { As: Spelling.Unknown } => "open_the_file",
        Fault.ToolName { As: Spelling.Prefixed } => "functions.Read",
        Fault.ToolName => "read",
        Fault.Leak leak => $"tokens in {leak.Where}, {leak.Markers}",
        Fault.CallIds { What: IdSlip.Missing } => "no ids",
        Fault.CallIds => "ids functions.Read:0",
        Fault.MergedCalls => "one index",
        Fault.StopBesideCall => "stop beside calls",
        _ => throw new InvalidOperationException($"Unknown fault {fault}."),
    };

    static string Sign(Fault fault, Heard heard)
    {
        var (said, thought) = (heard.Thinking + heard.Text + heard.Calls, Trail.Thoughts[1]);
        var length = heard.Stop is "length" or "max_tokens" ? ", length" : "";
        var headed = heard.Calls.Split('[', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('|')).ToList();
        var arguments = headed.Count > 0 ? headed[^1][2] : "";
        var place = said.Length == 0 ? "nothing said"
            : headed.Count == 2 && IsPath(arguments, "file_path") ? "calls 2"
            : headed.Count > 0 ? "last call broken"
            : heard.Text.Length > 0 ? "text broken"
            : heard.Thinking == thought ? "thinking whole"
            : thought.StartsWith(heard.Thinking, StringComparison.Ordinal) ? "thinking broken" : "lines repeated";
        return fault switch
        {
            _ when heard.Status == 0 => $"status 0, {heard.Ending}",
            _ when heard.Status != 200 => $"status {heard.Status}",
            Fault.Broken => $"{(heard.Marked ? "marked" : "no end marker")}, {heard.Ending}{(heard.Alive ? ", signs of life" : "")}, {(heard.Calls.Length == 0 && place == "last call broken" ? "" : place)}",
            _ when !heard.Marked || heard.Ending != Ending.InOrder => $"not ended: {heard}",
            Fault.SameCall => IsPath(arguments, "file_path", Paths[0]) ? "the call before" : heard.Calls,
            Fault.Arguments { What: Damage.InString } => Kind(arguments) == JsonValueKind.String ? "arguments InString" : arguments,
            Fault.Arguments { What: Damage.NumberAsText } => arguments.EndsWith("\"limit\":\"2000\"}", StringComparison.Ordinal) ? "arguments NumberAsText" : arguments,
            Fault.Arguments { What: Damage.WrongName } => IsPath(arguments, "the_file") ? "arguments WrongName" : arguments,
            Fault.Arguments damaged => Kind(arguments) is null ? $"arguments {damaged.What}" : arguments,
            Fault.ToolName => headed[^1][1],
            Fault.Leak leak => (leak.Where == Place.Thinking ? heard.Thinking : heard.Text).Contains(Markers, StringComparison.Ordinal) && heard is { Calls: "", Stop: "stop" or "end_turn" }
                ? $"tokens in {leak.Where}, {leak.Markers}" : $"{heard}",
            Fault.CallIds { What: IdSlip.Missing } => headed.All(c => c[0].TrimEnd(':') is "" or "0" or "1") ? "no ids" : heard.Calls,
            Fault.CallIds => $"ids {string.Join(' ', headed.Select(c => c[0][(c[0].IndexOf(':', StringComparison.Ordinal) is 1 ? 2 : 0)..]).Distinct())}",
            Fault.MergedCalls => headed.Count == 2 && headed.All(c => c[0].StartsWith("0:", StringComparison.Ordinal)) && headed[0][0] != headed[1][0] ? "one index" : heard.Calls,
            Fault.StopBesideCall => headed.Count == 2 && heard.Stop is "stop" or "end_turn" ? "stop beside calls" : $"{heard}",
            _ => place + length,
        };
    }

    static string Called(Heard heard)
    {
        var calls = heard.Calls.Split('[', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('|')).ToList();
        return $"[{string.Join(' ', calls.Select(c => c[1]).Distinct())}]: {calls.Count}, unread: {string.Join(' ', calls.Select(c => Array.FindIndex(Paths, p => IsPath(c[2], "file_path", p))))}";
    }

    static bool IsPath(string arguments, string name, string? path = null)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && (path is null || value.GetString() == path);
        }
        catch (JsonException) { return false; }
    }

    static JsonValueKind? Kind(string arguments)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind;
        }
        catch (JsonException) { return null; }
    }

    static string AtTheSecondStep(Player player)
    {
        var (task, result) = (JsonSerializer.Serialize(Trail.Task), JsonSerializer.Serialize(Trail.Files[Paths[0]]));
        var input = $$$"""{"file_path":{{{JsonSerializer.Serialize(Paths[0])}}}}""";
        var id = player.Alias == "claude" ? "a" : "functions.Read:0";
        var thought = player.Alias switch
        {
            "claude" or "plain" => "",
            "messages" => """{"type":"thinking","thinking":"","signature":"s"},""",
            _ => "\"reasoning_content\":\"\",",
        };
        return player.Format == "anthropic"
            ? $$$"""
              {"model":"m","stream":true,"max_tokens":1000,"thinking":{"type":"adaptive"},"tools":[{"name":"Read","input_schema":{"type":"object"}}],"messages":[
              {"role":"user","content":{{{task}}}},
              {"role":"assistant","content":[{{{thought}}}{"type":"tool_use","id":"{{{id}}}","name":"Read","input":{{{input}}}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{id}}}","content":{{{result}}}}]}]}
              """
            : $$$"""
              {"model":"m","stream":true,"tools":[{"type":"function","function":{"name":"Read","parameters":{"type":"object","properties":{} } } }],"messages":[
              {"role":"user","content":{{{task}}}},
              {"role":"assistant","content":null,{{{thought}}}"tool_calls":[{"id":"{{{id}}}","type":"function","function":{"name":"Read","arguments":{{{JsonSerializer.Serialize(input)}}} } }]},
              {"role":"tool","tool_call_id":"{{{id}}}","content":{{{result}}}}]}
              """;
    }
}
