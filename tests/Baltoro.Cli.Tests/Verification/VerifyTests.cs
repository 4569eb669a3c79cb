// `baltoro verify` against vendors whose defects are known: it finds each of them, and none at a vendor that has none.

using System.Text.Json;
using Baltoro.Cli.Commands;
using Baltoro.Cli.Tests.Commands;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Verification;

public class VerifyTests
{
    const int Asked = 24;

    [Theory, MemberData(nameof(Player.Aliases), MemberType = typeof(Player))]
    public async Task A_vendor_without_defects_is_found_without_defects(string alias)
    {
        await using var vendor = await Upstream.Start(Player.Named(alias).Vendor(), Pupil.Answer);
        using var report = await Verify(vendor, alias, exitCode: 0);
        Assert.Empty(vendor.Violations);
        Assert.Equal(Asked, vendor.Asked.Count);
        Assert.Equal((1.0, 18, 18, 2, 2, 0), Figures(report));
    }

    [Fact]
    public async Task The_table_says_what_was_measured()
    {
        await using var vendor = await Upstream.Start(Player.Named("kimi").Vendor(), Pupil.Answer);
        Assert.Equal((0,
            """
            moonshotai/kimi-k2-thinking at kimi-upstream, 24 requests

              trigger F1       100.0 %  80.0 % is due
              schema accuracy  100.0 %  18 of 18 answers with calls
              leaked tokens          0
              wrong ends             0
              wrong ids              0
              odd usage              0
              empty answers          0
              cache hits             2  of 2 possible
              with thinking         24  of 24 answers
              failed                 0

            Nothing wrong was found.

            """, ""), Run(vendor, "kimi", 60, "kimi"));
    }

    [Theory]
    [InlineData("trigger", "no call where one is due", "never calls")]
    [InlineData("trigger", "a call where none is due", "always calls")]
    public async Task A_model_that_decides_wrongly(string kind, string what, string habit)
    {
        await using var vendor = await Upstream.Start(Player.Named("kimi").Vendor(), (number, conversation) => habit == "never calls"
            ? Reply.Of(new Part.Think("No tool."), new Part.Say("I would rather not."))
            : conversation.Turns.OfType<Turn.Result>().Any() || number % 2 == 0 ? Reply.Of(new Part.Think("A tool."), new Part.Call("get_weather", """{"city":"Oslo"}""")) : Reply.Of(new Part.Say("No.")));
        using var report = await Verify(vendor, "kimi");
        Assert.Contains((kind, what), Defects(report));
    }

    /// <summary>One row for each defect that vendors are known for: the fault, how it is called, and what is said of it.</summary>
    public static TheoryData<string, string, string> KnownDefects { get; } = new()
    {
        { "tokens in text, in a section", "leak", "<|tool_calls_section_begin|> in the text" },
        { "tokens in text, without a section", "leak", "<|tool_call_begin|> in the text" },
        { "tokens in thinking, in a section", "leak", "<|tool_calls_section_begin|> in the thinking" },
        { "tokens in thinking, never closed", "leak", "<|tool_calls_section_begin|> in the thinking" },
        { "stop beside a call", "finish", "\"stop\" beside a call" },
        { "end without its marker", "finish", "no [DONE]" },
        { "arguments that are no JSON", "schema", "get_weather: arguments are no JSON" },
        { "arguments cut off", "schema", "get_weather: arguments are no JSON" },
        { "arguments in a string", "schema", "get_weather: arguments: string where object is due" },
        { "a wrong argument name", "schema", "get_weather: arguments: no \"city\"" },
        { "an unknown tool", "schema", "\"open_the_file\" is no declared tool" },
        { "a tool in other case", "schema", "\"GET_WEATHER\" is no declared tool" },
        { "missing ids", "id", "get_weather: no id" },
        { "repeated ids", "id", "set_light: the id call_0 a second time" },
        { "merged calls", "id", "several calls under one index" },
        { "empty reply", "empty", "nothing at all" },
        { "thinking only", "empty", "thinking alone" },
        { "cut in a call", "failed", "kimi-upstream: the connection broke before the reply's end" },
        { "500", "failed", "Scripted status 500" },
    };

    [Theory, MemberData(nameof(KnownDefects))]
    public async Task Each_known_defect_is_found(string fault, string kind, string what)
    {
        var played = Faults.At("kimi")[fault];
        await using var vendor = await Upstream.Start(Player.Named("kimi").Vendor(), Pupil.Answer, (_, _) => played);
        using var report = await Verify(vendor, "kimi");
        Assert.Contains((kind, what), Defects(report));
    }

    [Fact]
    public async Task Numbers_as_texts_are_found()
    {
        await using var vendor = await Upstream.Start(Player.Named("kimi").Vendor(), (number, conversation) => Quoted(Pupil.Answer(number, conversation)));
        using var report = await Verify(vendor, "kimi");
        Assert.Contains(("schema", "convert: arguments.amount: string where number is due"), Defects(report));
    }

    [Fact]
    public async Task Ids_of_another_form_are_found()
    {
        await using var vendor = await Upstream.Start(Player.Named("kimi").Vendor(), (number, conversation) =>
            Pupil.Answer(number, conversation) is var reply ? reply with { Parts = [.. reply.Parts.Select((part, i) => part is Part.Call call ? call with { Id = $"call_{number}_{i}" } : part)] } : reply);
        using var report = await Verify(vendor, "kimi");
        Assert.Contains(Defects(report), defect => defect.Kind == "id" && defect.What.EndsWith("which is not of the model's form", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nothing cached", "cache", "no prompt was read from a cache")]
    [InlineData("no prompt", "usage", " tokens of prompt where about ")]
    [InlineData("no output", "usage", "0 tokens of output for ")]
    [InlineData("more cached than sent", "usage", " in all")]
    public async Task Counts_that_cannot_be_are_found(string slip, string kind, string words)
    {
        await using var vendor = await Upstream.Start(Player.Named("kimi").Vendor(), Pupil.Answer, claim: (usage, _) => slip switch
        {
            "nothing cached" => usage with { Cached = 0 },
            "no prompt" => usage with { Prompt = 0, Cached = 0 },
            "no output" => usage with { Output = 0, Reasoning = 0 },
            _ => usage with { Cached = usage.Prompt + 1 },
        });
        using var report = await Verify(vendor, "kimi");
        Assert.Contains(Defects(report), defect => defect.Kind == kind && defect.What.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Thinking_that_a_vendor_swallows_is_found()
    {
        await using var vendor = await Upstream.Start(Player.Named("kimi").Vendor(), (number, conversation) =>
            Pupil.Answer(number, conversation) is var reply ? reply with { Parts = [.. reply.Parts.Where(part => part is not Part.Think)] } : reply);
        using var report = await Verify(vendor, "kimi");
        Assert.Equal([("thinking", "the model always thinks, and no answer shows it")], Defects(report));
    }

    [Fact]
    public async Task A_reference_decides_when_a_call_is_due()
    {
        Script shy = (_, _) => Reply.Of(new Part.Think("No tool."), new Part.Say("I would rather not."));
        await using var examined = await Upstream.Start(Player.Named("kimi").Vendor(), shy);
        await using var reference = await Upstream.Start(Player.Named("glm").Vendor(), shy);
        using var line = Configured(("kimi", examined), ("glm", reference));
        var (code, output, error) = line.Run(Cli.Commands.Verify.Create, "kimi", "--reference", "glm", "--json", "--runs", "2");
        Assert.Equal((0, ""), (code, error));
        using var report = JsonDocument.Parse(output);
        Assert.Equal((1.0, 48), (report.RootElement.GetProperty("triggerF1").GetDouble(), report.RootElement.GetProperty("requests").GetInt32()));
        Assert.Equal("glm-upstream:zai/glm-5.2", report.RootElement.GetProperty("reference").GetString());
    }

    [Fact]
    public void Without_a_key_it_says_which_to_set()
    {
        using var line = new CommandLine();
        Assert.Equal((2, "", "There is no key for moonshotai/kimi-k2-thinking at novita: set NOVITA_API_KEY.\n"), line.Run(Cli.Commands.Verify.Create, "kimi"));
    }

    static Reply Quoted(Reply reply) => reply with
    {
        Parts = [.. reply.Parts.Select(part => part is Part.Call call ? call with { Arguments = call.Arguments.Replace("12.5", "\"12.5\"", StringComparison.Ordinal) } : part)],
    };

    static CommandLine Configured(params (string Alias, Upstream Vendor)[] vendors)
    {
        var line = new CommandLine();
        line.Write("config/baltoro/config.json", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["upstreams"] = vendors.ToDictionary(v => Player.Named(v.Alias).Upstream, v => new
            {
                url = v.Vendor.Url, format = Player.Named(v.Alias).Format, dialect = Player.Named(v.Alias).Dialect, key = "a-secret-key",
            }),
            ["models"] = vendors.ToDictionary(v => Player.Named(v.Alias).Model, v => new { upstream = Player.Named(v.Alias).Upstream, @as = v.Alias, window = 1_000_000, output = 64_000 }),
        }));
        return line;
    }

    static (int Code, string Output, string Error) Run(Upstream vendor, string alias, int? width, params string[] arguments)
    {
        using var line = Configured((alias, vendor));
        line.Width = width;
        var (code, output, error) = line.Run(Cli.Commands.Verify.Create, arguments);
        Assert.DoesNotContain("a-secret-key", output + error);
        return (code, output, width is null ? error : "");
    }

    static async Task<JsonDocument> Verify(Upstream vendor, string alias, int exitCode = 1)
    {
        var (code, output, error) = await Task.Run(() => Run(vendor, alias, null, alias, "--json"));
        Assert.True(code == exitCode, $"{code}: {output} {error}");
        return JsonDocument.Parse(output);
    }

    static (double F1, int Called, int Valid, int Cacheable, int Cached, int Defects) Figures(JsonDocument report)
    {
        int Of(string name) => report.RootElement.GetProperty(name).GetInt32();
        return (report.RootElement.GetProperty("triggerF1").GetDouble(), Of("called"), Of("valid"), Of("cacheable"), Of("cached"), Defects(report).Count);
    }

    static List<(string Kind, string What)> Defects(JsonDocument report) =>
        [.. report.RootElement.GetProperty("defects").EnumerateArray().Select(defect => (defect.GetProperty("kind").GetString()!, defect.GetProperty("what").GetString()!)).Distinct()];
}
