// What GET /metrics tells of the requests before it, and what a reply's header tells of its repairs.

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Baltoro.Chat;
using Baltoro.Gateway.Tests.Keys;
using Baltoro.ScriptedUpstream;
using KimiVendor = Baltoro.ScriptedUpstream.Vendors.Chat.Kimi;

namespace Baltoro.Gateway.Tests;

/// <summary>Alone: another gateway in this process would count into the same meter.</summary>
[CollectionDefinition("measures", DisableParallelization = true)]
public class AloneInTheProcess;

[Collection("measures")]
public partial class MeasureTests
{
    const string Asked = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"up\",gen_ai_request_model=\"m\",gen_ai_response_model=\"moonshotai/kimi-k2-thinking\"";

    static string Body(string model = "m", bool stream = false) =>
        $$"""{"model":"{{model}}","max_tokens":1000,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"x"}]}""";

    [Fact]
    public async Task A_finished_request_is_counted_with_its_time_and_its_tokens()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        await Ask(gateway, "/v1/messages", Body());
        await Ask(gateway, "/v1/messages", Body());
        IReadOnlyList<string> told = await Scrape(gateway);
        (long input, long output) = (Value(told, "token_usage_sum", "input"), Value(told, "token_usage_sum", "output"));
        Assert.True(input > 0 && output > 0, $"{input} in, {output} out");
        Assert.Equal(
        [
            $"baltoro_requests_total{{baltoro_client_format=\"messages\",baltoro_outcome=\"finished\",{Asked}}} 2",
            $"gen_ai_client_token_usage_count{{{Asked},gen_ai_token_type=\"input\"}} 2",
            $"gen_ai_client_token_usage_count{{{Asked},gen_ai_token_type=\"output\"}} 2",
            $"gen_ai_client_token_usage_sum{{{Asked},gen_ai_token_type=\"input\"}} {input}",
            $"gen_ai_client_token_usage_sum{{{Asked},gen_ai_token_type=\"output\"}} {output}",
            $"gen_ai_server_request_duration_seconds_count{{{Asked}}} 2",
            $"gen_ai_server_request_duration_seconds_sum{{{Asked}}} 0",
            $"gen_ai_server_time_to_first_token_seconds_count{{{Asked}}} 2",
            $"gen_ai_server_time_to_first_token_seconds_sum{{{Asked}}} 0",
        ], told);
    }

    [Fact]
    public async Task The_buckets_are_those_of_the_conventions()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        await Ask(gateway, "/v1/messages", Body());
        string text = await gateway.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal("0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92 +Inf", Buckets("gen_ai_server_request_duration_seconds"));
        Assert.Equal("0.001 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10 +Inf", Buckets("gen_ai_server_time_to_first_token_seconds"));
        Assert.Equal("1 4 16 64 256 1024 4096 16384 65536 262144 1048576 4194304 16777216 67108864 +Inf", Buckets("gen_ai_client_token_usage"));
        Assert.Contains("# TYPE gen_ai_server_request_duration_seconds histogram\n", text);
        Assert.Contains("# HELP baltoro_requests_total Requests by how they ended.\n", text);

        string Buckets(string name) => string.Join(' ', text.Split('\n')
            .Where(line => line.StartsWith($"{name}_bucket", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf("le=\"", StringComparison.Ordinal) + 4)..line.LastIndexOf('"')]).Distinct());
    }

    [Fact]
    public async Task A_failure_is_counted_by_its_name_and_not_among_the_first_tokens()
    {
        await using RunningGateway gateway = await RunningGateway.Start(faults: (_, _) => new Fault.CutAfter(3));
        await Ask(gateway, "/v1/chat/completions", Body());
        Assert.Equal(
        [
            $"baltoro_requests_total{{baltoro_client_format=\"chat\",baltoro_outcome=\"failed\",error_type=\"cut\",{Asked}}} 1",
            $"gen_ai_server_request_duration_seconds_count{{error_type=\"cut\",{Asked}}} 1",
            $"gen_ai_server_request_duration_seconds_sum{{error_type=\"cut\",{Asked}}} 0",
        ], await Scrape(gateway));
    }

    [Fact]
    public async Task Names_that_clients_make_up_are_no_labels()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        foreach (string name in (string[])["one", "two\\\" 1", "m\\n"]) await Ask(gateway, "/v1/messages", Body(name));
        await Ask(gateway, "/v1/messages", "{");
        const string Nobody = "gen_ai_operation_name=\"chat\",gen_ai_request_model=\"_OTHER\"";
        Assert.Equal(
        [
            $"baltoro_requests_total{{baltoro_client_format=\"messages\",baltoro_outcome=\"failed\",error_type=\"invalid_request\",{Nobody}}} 1",
            $"baltoro_requests_total{{baltoro_client_format=\"messages\",baltoro_outcome=\"failed\",error_type=\"not_found\",{Nobody}}} 3",
        ], (await Scrape(gateway)).Where(line => line.StartsWith("baltoro_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stream_counts_as_open_until_it_ends_and_an_aborted_one_is_counted()
    {
        TaskCompletionSource never = new();
        await using RunningGateway gateway = await RunningGateway.Start(faults: (_, _) => new Fault.StallAfter(3, never.Task));
        HttpResponseMessage response = await gateway.Post("/v1/messages", Body(stream: true));
        await (await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)).ReadExactlyAsync(new byte[16], TestContext.Current.CancellationToken);
        Assert.Equal(["baltoro_streams_open{baltoro_client_format=\"messages\"} 1"], await Scrape(gateway));

        response.Dispose();
        await StreamTests.Until(() => gateway.Log.All.Any(line => line.Contains("aborted by the client")));
        IReadOnlyList<string> told = await Scrape(gateway);
        Assert.Contains("baltoro_streams_open{baltoro_client_format=\"messages\"} 0", told);
        Assert.Contains(told, line => line.StartsWith("baltoro_requests_total", StringComparison.Ordinal) && line.Contains("baltoro_outcome=\"aborted\",error_type=\"aborted\""));
        never.SetResult();
    }

    [Fact]
    public async Task What_was_mended_is_in_the_header_the_counts_and_the_log()
    {
        await using RunningGateway gateway = await RunningGateway.Start(new KimiVendor(), Dialect.Kimi, wrap: model => new Mending(model));
        HttpResponseMessage response = await Ask(gateway, "/v1/messages", Body());
        Assert.Equal("markup-parsed=1, retried=2", Assert.Single(response.Headers.GetValues("x-baltoro-repairs")));
        Assert.Equal(
        [
            "baltoro_mends_total{baltoro_mend=\"markup-parsed\",gen_ai_request_model=\"m\"} 1",
            "baltoro_mends_total{baltoro_mend=\"retried\",gen_ai_request_model=\"m\"} 2",
        ], (await Scrape(gateway)).Where(line => line.StartsWith("baltoro_mends", StringComparison.Ordinal)));
        Assert.Contains(gateway.Log.All, line => line.Contains("EndTurn; mended: markup-parsed=1, retried=2"));
    }

    [Fact]
    public async Task A_reply_that_needed_nothing_has_no_such_header()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        Assert.False((await Ask(gateway, "/v1/messages", Body())).Headers.Contains("x-baltoro-repairs"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_failure_behind_nothing_but_mends_still_has_its_own_status(bool stream)
    {
        await using RunningGateway gateway = await RunningGateway.Start(new KimiVendor(), Dialect.Kimi,
            faults: (_, _) => new Fault.Status(503), wrap: model => new Mending(model));
        HttpResponseMessage response = await Ask(gateway, "/v1/messages", Body(stream: stream));
        Assert.True((int)response.StatusCode >= 500, $"{response.StatusCode}");
        Assert.Equal("markup-parsed=1, retried=2", Assert.Single(response.Headers.GetValues("x-baltoro-repairs")));
    }

    /// <summary>Waits for the whole reply and for its log line, which is written behind the counts.</summary>
    static async Task<HttpResponseMessage> Ask(RunningGateway gateway, string path, string body)
    {
        int before = gateway.Ended;
        HttpResponseMessage response = await gateway.Post(path, body);
        await response.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        await gateway.Settled(before + 1);
        return response;
    }

    /// <summary>The samples without buckets, samples and labels in the order of their names: neither order means anything.</summary>
    static async Task<IReadOnlyList<string>> Scrape(RunningGateway gateway)
    {
        string text = await gateway.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#' && !line.StartsWith("target_info", StringComparison.Ordinal) && !line.Contains("_bucket{", StringComparison.Ordinal))
            .Select(line => Labels().Replace(line, labels => $"{{{string.Join(',', Label().Matches(labels.Value).Select(label => label.Value)
                .Where(label => label != "otel_scope_name=\"Baltoro.Gateway\"").Order(StringComparer.Ordinal))}}}"))
            .Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"\{.*\}")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\w+=""(\\.|[^""\\])*""")]
    private static partial Regex Label();

    static long Value(IReadOnlyList<string> told, string name, string label) =>
        long.Parse(told.Single(line => line.Contains(name) && line.Contains($"\"{label}\"")).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A model before whose replies something always had to be mended.</summary>
    sealed class Mending(IChatModel inner) : IChatModel
    {
        public ModelCard Card => inner.Card;

        public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (Mend kind in (Mend[])[Mend.Retried, Mend.MarkupParsed, Mend.Retried]) yield return new ReplyEvent.Mended(kind);
            await foreach (ReplyEvent step in inner.Reply(request, cancellationToken)) yield return step;
        }
    }
}
