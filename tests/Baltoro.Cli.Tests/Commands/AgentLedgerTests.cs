// What the agent asks of its models stands in the ledger like any client's requests, and a ledger that cannot be written stops no run.

using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Agent.Loop;
using Baltoro.Cli.Commands;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.Commands;

public sealed partial class AgentLedgerTests : IDisposable
{
    readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    async Task<Upstream> Answering(Script script, FaultPlan? faults = null, string ledger = "ledger.db")
    {
        Upstream upstream = await Upstream.Start(new Kimi(), script, faults);
        _line.Write("config/baltoro/config.json", $$"""
            { "default": "m", "ledger": "{{ledger}}",
              "upstreams": { "lab": { "url": "{{upstream.Url}}", "format": "openai", "dialect": "kimi", "key": "k" } },
              "models": { "lab/m": { "upstream": "lab", "as": "m", "window": 100000, "output": 8000 } } }
            """);
        return upstream;
    }

    (int Code, string Output, string Error) Run(params string[] arguments) => _line.Run(RunCommand.Create, [.. arguments, "--no-sandbox"]);

    /// <summary>Name, requests, failed ones, and tokens in and out, of each sum.</summary>
    string[] Costs(string by)
    {
        (int code, string output, string error) = _line.Run(CostCommand.Create, "--by", by, "--json");
        Assert.Equal((0, ""), (code, error));
        using JsonDocument json = JsonDocument.Parse(output);
        return [.. json.RootElement.GetProperty("lines").EnumerateArray().Select(line =>
            $"{line.GetProperty("name")}|{line.GetProperty("requests")}|{line.GetProperty("failed")}|{line.GetProperty("input").GetInt64() + line.GetProperty("cacheRead").GetInt64()}|{line.GetProperty("output")}").Order()];
    }

    static string Bills(IEnumerable<RecordedRequest> requests) => $"{requests.Sum(each => each.Bill.Input + each.Bill.CacheRead)}|{requests.Sum(each => each.Bill.Output)}";

    [Fact]
    public async Task Requests_of_a_run_and_of_its_sub_agents_are_in_the_ledger_by_session_agent_and_model()
    {
        await using Upstream upstream = await Answering((_, conversation) => (IsTask(conversation), conversation.Turns.OfType<Turn.Assistant>().Any()) switch
        {
            (false, false) => Reply.Of(new Part.Call("Task", """{"description":"One","prompt":"a part"}""")),
            _ => Reply.Of(new Part.Say("It is done.")),
        });
        (int code, _, string error) = Run("do it");
        Assert.Equal(0, code);
        string id = SessionId().Match(error).Groups[1].Value;
        RecordedRequest[] main = [.. upstream.Asked.Where(each => !IsTask(each.Conversation!))], task = [.. upstream.Asked.Where(each => IsTask(each.Conversation!))];
        Assert.Equal([$"{id}|3|0|{Bills(upstream.Asked)}"], Costs("session"));
        Assert.Equal([$"task-1|1|0|{Bills(task)}", $"|2|0|{Bills(main)}"], Costs("agent"));
        Assert.Equal([$"lab/m|3|0|{Bills(upstream.Asked)}"], Costs("model"));
    }

    static bool IsTask(Conversation conversation) => conversation.Turns.OfType<Turn.User>().First().Text.Contains("a part", StringComparison.Ordinal);

    [Fact]
    public async Task A_request_that_failed_is_there_as_well()
    {
        await using Upstream upstream = await Answering((_, _) => Reply.Of(new Part.Say("Hi.")), (_, _) => new Fault.Status(401));
        Assert.Equal(ExitCodes.Error, Run("say hi").Code);
        Assert.Equal(["lab/m|1|1|0|0"], Costs("model"));
    }

    [Theory, InlineData("/proc/nowhere/ledger.db"), InlineData("no-ledger")]
    public async Task A_ledger_that_cannot_be_written_is_said_once_at_the_end_and_the_run_is_done(string ledger)
    {
        _line.Write("state/baltoro/no-ledger", "This is a letter.");
        await using Upstream upstream = await Answering((_, _) => Reply.Of(new Part.Say("Hi.")), ledger: ledger);
        (int code, string output, string error) = Run("say hi");
        Assert.Equal((0, "Hi.\n"), (code, output));
        Assert.Matches("! ledger: .*ledger.*\n[0-9:]+ ! ledger: 1 row could not be written before the end and is lost.\n$", error);
    }

    [GeneratedRegex("^session ([^,]+),")]
    private static partial Regex SessionId();
}
