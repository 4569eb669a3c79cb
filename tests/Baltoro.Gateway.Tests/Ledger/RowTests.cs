// What the ledger holds of a request once it has ended, however it ended.

using System.Net;
using Baltoro.Chat;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;

namespace Baltoro.Gateway.Tests.Ledger;

public sealed class RowTests : IDisposable
{
    const string Messages = "/v1/messages";

    readonly LedgerFile _file = new();

    public void Dispose() => _file.Dispose();

    static string Body(string model = "m", bool stream = false) =>
        $$"""{"model":"{{model}}","max_tokens":1000,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"x"}]}""";

    Task<RunningGateway> Start(FaultPlan? faults = null, Func<IChatModel, IChatModel>? wrap = null) =>
        RunningGateway.Start(new Kimi(), Dialect.Kimi, faults: faults, wrap: wrap, ledger: _file.Store());

    [Fact]
    public async Task A_request_is_written_down_with_who_asked_what_was_used_and_what_it_cost()
    {
        RunningGateway gateway = await Start();
        using HttpRequestMessage request = new(HttpMethod.Post, Messages) { Content = new StringContent(Body(), null, "application/json") };
        request.Headers.UserAgent.ParseAdd("claude-cli/2.1.330 (external, sdk-cli)");
        request.Headers.Add("x-claude-code-session-id", "5e55");
        request.Headers.Add("x-claude-code-agent-id", "a1");
        request.Headers.Add("x-claude-code-parent-agent-id", "a0");
        HttpResponseMessage response = await gateway.Client.SendAsync(request);
        string id = response.Headers.GetValues("request-id").Single();
        await response.Content.LoadIntoBufferAsync();
        ScriptedUpstream.Usage billed = gateway.Upstream.Asked[0].Billed!;
        await gateway.DisposeAsync();

        Assert.Equal(
            [$"{id[4..]}|{DateTimeOffset.UnixEpoch.AddYears(56).ToUnixTimeMilliseconds()}|20454|messages|claude-cli||5e55|a1|a0|m|m|up|{billed.Prompt}|0|0|0|{billed.Output}|0|"
                + $"{billed.Prompt * 600 + billed.Output * 2500}|-|{billed.Prompt * 600 + billed.Output * 2500}|0|0|1||end_turn|0"],
            _file.Read("""
                SELECT id, at, day, format, client, key_name, session, agent, parent_agent, asked, model, upstream, input, cache_read, cache_write, cache_write_hour,
                    output, reasoning, price, told, cost, first_token, took, tries, repairs, outcome, estimated FROM requests
                """));
    }

    [Fact]
    public async Task What_never_reached_a_model_is_written_down_too()
    {
        await using (RunningGateway gateway = await Start())
        {
            await gateway.Post(Messages, "{");
            await gateway.Post(Messages, Body("nope"));
        }
        Assert.Equal(["?|||invalid_request|0|0", "nope|||not_found|0|0"], _file.Read("SELECT asked, model, upstream, outcome, tries, cost FROM requests ORDER BY number"));
    }

    [Fact]
    public async Task Each_try_that_was_answered_is_paid_for_and_all_are_counted()
    {
        RunningGateway gateway = await Start((number, _) => number switch { 0 => new Fault.Status(503), 1 => new Fault.EndAfter(2), _ => new Fault.None() },
            model => new Retry(model, new() { FirstPause = TimeSpan.Zero }, TimeProvider.System, Random.Shared));
        await gateway.Post(Messages, Body());
        RecordedRequest[] asked = [.. gateway.Upstream.Asked];
        await gateway.DisposeAsync();
        Assert.Equal(2, asked.Length);
        Assert.Equal(
            [$"cut|2|{TokenEstimate.Of(((Chat.Wire.Reading.Read)Chat.OpenAI.RequestReader.Read(asked[1].Body)).Request.Request)}|{asked[1].Bill.Output}|1|retried=1"],
            _file.Read("SELECT outcome, tries, input, output, estimated, repairs FROM requests"));
    }

    [Fact]
    public async Task After_a_failover_row_log_and_sums_name_who_answered_and_each_gets_his_own_tokens()
    {
        await using Upstream claude = await Upstream.Start(new Claude(), (_, _) => ScriptedUpstream.Reply.Of(new Part.Say("hello from elsewhere")));
        ModelCard card = new() { Id = "other", Origin = new("elsewhere", claude.Url, "claude"), Dialect = Dialect.Claude, OutputLimit = 4000, Prices = new(3, 15) };
        Models.Upstream upstream = new() { Name = "elsewhere", Url = new(claude.Url), Format = WireFormat.Anthropic, Key = new Models.Key.Set("k") };
        using HttpClient http = Models.Remote.RemoteModel.CreateHttpClient(upstream.Limits);
        Fitted second = new(new Models.Remote.RemoteModel(card, upstream, http, TimeProvider.System));
        RunningGateway gateway = await Start((_, _) => new Fault.EndAfter(2), first => new Failover([first, second]));
        HttpResponseMessage response = await gateway.Post(Messages, Body());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        (Bill one, Bill two) = (gateway.Upstream.Asked[0].Bill, claude.Asked[0].Bill);
        await gateway.DisposeAsync();

        Assert.Equal(["m|other|elsewhere|2|end_turn|1"], _file.Read("SELECT asked, model, upstream, tries, outcome, estimated FROM requests"));
        Assert.Contains(gateway.Log.All, line => line.Contains("messages m -> elsewhere/claude"));
        Assert.Equal([$"elsewhere|1|{two.Input}|{two.Output}|{two.Input * 3000 + two.Output * 15_000}|0", $"up|0|{_file.Read("SELECT input FROM totals WHERE upstream = 'up'")[0]}|{one.Output}|{_file.Read("SELECT cost FROM totals WHERE upstream = 'up'")[0]}|1"],
            _file.Read("SELECT upstream, requests, input, output, cost, estimated FROM totals ORDER BY upstream"));
        Assert.Equal(_file.Read("SELECT SUM(input), SUM(output), SUM(cost) FROM totals"), _file.Read("SELECT input, output, cost FROM requests"));
    }

    [Fact]
    public async Task A_client_that_left_is_no_failure_and_pays_for_what_had_come()
    {
        RunningGateway gateway = await Start((_, _) => new Fault.StallAfter(3, new TaskCompletionSource().Task));
        HttpResponseMessage response = await gateway.Post(Messages, Body(stream: true));
        using (StreamReader reader = new(await response.Content.ReadAsStreamAsync()))
            while (await reader.ReadLineAsync() is { } line && !line.Contains("hello")) { }
        response.Dispose();
        await StreamTests.Until(() => gateway.Log.All.Any(line => line.Contains("aborted by the client")));
        long output = gateway.Upstream.Asked[0].Bill.Output;
        await gateway.DisposeAsync();
        Assert.Equal([$"aborted|{output}|1"], _file.Read("SELECT outcome, output, estimated FROM requests"));
        Assert.Equal(["1|0"], _file.Read("SELECT requests, failed FROM totals"));
    }

    [Fact]
    public async Task A_conversation_without_an_id_is_known_by_its_start_and_no_content_is_kept()
    {
        await using (RunningGateway gateway = await Start())
        {
            await gateway.Post(Messages, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a secret plan"}]}""");
            await gateway.Post(Messages, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a secret plan"},{"role":"assistant","content":"y"},{"role":"user","content":"z"}]}""");
            await gateway.Post(Messages, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"another plan"}]}""");
        }
        IReadOnlyList<string> sessions = _file.Read("SELECT session FROM requests ORDER BY number");
        Assert.Equal((sessions[0], true), (sessions[1], sessions[0] != sessions[2]));
        Assert.All(sessions, session => Assert.Matches("^start-[0-9a-f]{12}$", session));
        Assert.DoesNotContain("secret plan", File.ReadAllText(_file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_clients_make_up_are_cut_and_cannot_drive_a_terminal()
    {
        await using (RunningGateway gateway = await Start())
        {
            using HttpRequestMessage request = new(HttpMethod.Post, Messages) { Content = new StringContent(Body("\\u001b[2J" + new string('x', 500)), null, "application/json") };
            request.Headers.TryAddWithoutValidation("x-claude-code-session-id", new string('s', 1000));
            await gateway.Client.SendAsync(request);
        }
        Assert.Equal([$"?[2J{new string('x', 124)}|{new string('s', 128)}"], _file.Read("SELECT asked, session FROM requests"));
    }
}
