// `baltoro run` and `baltoro sessions` as a user meets them, with a scripted vendor behind them.

using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Cli.Commands;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.Commands;

public sealed partial class RunCommandTests : IDisposable
{
    readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    (int Code, string Output, string Error) Run(params string[] arguments) => _line.Run(RunCommand.Create, arguments);

    (int Code, string Output, string Error) Sessions(params string[] arguments) => _line.Run(SessionsCommand.Create, arguments);

    /// <summary>A model `m` that answers each user message with its number.</summary>
    async Task<Upstream> Answering(FaultPlan? faults = null)
    {
        Upstream upstream = await Upstream.Start(new Kimi(),
            (_, conversation) => Reply.Of(new Part.Think("Let me see."), new Part.Say($"Answer {conversation.Turns.OfType<Turn.User>().Count()}.")), faults);
        _line.Write("config/baltoro/config.json", $$"""
            { "default": "m", "upstreams": { "lab": { "url": "{{upstream.Url}}", "format": "openai", "dialect": "kimi", "key": "k" } },
              "models": { "lab/m": { "upstream": "lab", "as": "m", "window": 100000, "output": 8000 } } }
            """);
        return upstream;
    }

    [Fact]
    public async Task The_answer_goes_to_the_output_and_everything_else_to_the_errors()
    {
        await using Upstream upstream = await Answering();
        (int code, string output, string error) = Run("say hi", "--no-sandbox");
        Assert.Equal((0, "Answer 1.\n"), (code, output));
        Assert.Equal("""
            session ID, lab/m at lab, window 100k
               1  Answer 1.  [N in, N out, price unknown, N % of the window left]
            1 step, N tokens in (0 from a cache), N out, price unknown, 00:00:00

            """.ReplaceLineEndings("\n"), Numbers().Replace(Id().Replace(error, "ID"), "$1N $2"));
        Assert.Empty(upstream.Violations);
    }

    [Theory]
    [InlineData(120, "   1  Answer 1.  [N in, N out, price unknown, N % of the window left]")]
    [InlineData(60, "   1  Answer 1.  [N in, N out, price unknown, N % left]")]
    public async Task On_a_terminal_a_step_takes_one_row_of_the_window(int columns, string step)
    {
        await using Upstream upstream = await Answering();
        _line.ErrorColumns = columns;
        (_, _, string error) = Run("say hi", "--no-sandbox");
        string[] lines = error.Split('\n');
        Assert.Equal(step, Numbers().Replace(lines[1], "$1N $2"));
        Assert.All(lines[1..2], line => Assert.InRange(line.Length, 1, columns - 1));
    }

    [Fact]
    public async Task A_task_can_come_through_the_input()
    {
        await using Upstream upstream = await Answering();
        _line.Input = "say hi\n";
        Assert.Equal((0, "Answer 1.\n"), (Run().Code, Run().Output));
        Assert.Equal("say hi\n", upstream.Asked[0].Conversation!.Turns.OfType<Turn.User>().Single().Text);
    }

    [Fact]
    public async Task Json_is_one_object_in_the_schema_of_Claude_Code()
    {
        await using Upstream upstream = await Answering();
        (int code, string output, string error) = Run("say hi", "--output", "json", "--no-sandbox");
        using JsonDocument result = JsonDocument.Parse(output);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(("result", "success", false, "Answer 1.", 1), (
            result.RootElement.GetProperty("type").GetString(), result.RootElement.GetProperty("subtype").GetString(), result.RootElement.GetProperty("is_error").GetBoolean(),
            result.RootElement.GetProperty("result").GetString(), result.RootElement.GetProperty("num_turns").GetInt32()));
    }

    [Fact]
    public async Task Stream_json_in_and_out_answers_each_message_before_the_next()
    {
        await using Upstream upstream = await Answering();
        _line.Input = """
            {"type":"user","message":{"role":"user","content":"one"}}

            {"type":"user","message":{"role":"user","content":[{"type":"text","text":"two"}]}}
            """;
        (int code, string output, _) = Run("--input-format", "stream-json", "--output", "stream-json");
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(0, code);
        Assert.Equal(["system", "assistant", "assistant", "result", "system", "assistant", "assistant", "result"], lines.Select(line => line.GetProperty("type").GetString()));
        Assert.Equal(["Answer 1.", "Answer 2."], lines.Where(line => line.TryGetProperty("result", out _)).Select(line => line.GetProperty("result").GetString()));
        Assert.Single(lines.Select(line => line.GetProperty("session_id").GetString()).Distinct());
    }

    static string Control(string id, string request) => $$$"""{"type":"control_request","request_id":"{{{id}}}","request":{{{request}}}}""";

    [Fact]
    public async Task Control_requests_are_answered_and_what_is_not_served_is_refused_by_name()
    {
        await using Upstream upstream = await Answering();
        _line.Input = string.Join('\n',
            Control("a", """{"subtype":"initialize","systemPrompt":[""],"hooks":null,"promptSuggestions":true}"""),
            Control("c", """{"subtype":"set_permission_mode","mode":"default"}"""),
            Control("d", """{"subtype":"set_permission_mode","mode":"bypassPermissions"}"""),
            Control("e", """{"subtype":"interrupt"}"""),
            Control("f", """{"subtype":"rewind_files"}"""),
            """{"type":"keep_alive"}""",
            """{"type":"control_cancel_request","request_id":"a"}""");
        (int code, string output, string error) = Run("--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--permission-mode=default", "--max-turns", "3", "--max-budget-usd", "1", "--no-sandbox");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            [
                """{"type":"control_response","response":{"subtype":"success","request_id":"a","response":{"commands":[],"agents":[],"output_style":"default","available_output_styles":["default"],"models":[{"value":"lab/m","displayName":"lab/m","description":"lab"}],"account":{}}}}""",
                """{"type":"control_response","response":{"subtype":"success","request_id":"c"}}""",
                """{"type":"control_response","response":{"subtype":"error","request_id":"d","error":"set_permission_mode: found \"bypassPermissions\", expected \"default\": what is permitted stands in the configuration."}}""",
                """{"type":"control_response","response":{"subtype":"success","request_id":"e"}}""",
                """{"type":"control_response","response":{"subtype":"error","request_id":"f","error":"The control request \"rewind_files\" is not served by baltoro run."}}""",
            ], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(upstream.Asked);
    }

    [Fact]
    public async Task A_wrapper_that_counts_on_guards_and_tools_of_its_own_is_refused_and_nothing_is_done_for_it()
    {
        await using Upstream upstream = await Answering();
        _line.Input = Control("b", """{"subtype":"initialize","hooks":{"PreToolUse":[{"hookCallbackIds":["hook_0"]}]},"sdkMcpServers":["mine"],"agents":{}}""") + "\n"
            + """{"type":"user","message":{"role":"user","content":"one"}}""";
        Assert.Equal(
            (2, """{"type":"control_response","response":{"subtype":"error","request_id":"b","error":"initialize: hooks, sdkMcpServers: not served by baltoro run."}}""" + "\n",
                "initialize: hooks, sdkMcpServers: not served by baltoro run.\n"),
            Run("--input-format", "stream-json", "--output", "stream-json", "--no-sandbox"));
        Assert.Empty(upstream.Asked);
    }

    [Fact]
    public async Task An_interruption_through_the_input_ends_the_message_that_is_worked_on_and_the_next_one_is_answered()
    {
        Pipe input = new();
        TaskCompletionSource never = new();
        async Task Say(string line) => await input.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await using Upstream upstream = await Answering((number, _) =>
        {
            if (number > 0) return new Fault.None();
            Say(Control("stop", """{"subtype":"interrupt"}""")).ContinueWith(_ => input.Writer.Complete(), TaskScheduler.Default);
            return new Fault.StallAfter(1, never.Task);
        });
        await Say("""{"type":"user","message":{"role":"user","content":"one"}}""");
        await Say("""{"type":"user","message":{"role":"user","content":"two"}}""");
        using StreamReader lines = new(input.Reader.AsStream());
        _line.Lines = lines;
        (int code, string output, _) = Run("--input-format", "stream-json", "--output", "stream-json", "--no-sandbox");
        never.SetResult();
        JsonElement[] told = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["system", "control_response", "result Interrupted", "system", "assistant", "assistant", "result Done"],
            told.Select(line => $"{line.GetProperty("type").GetString()} {(line.TryGetProperty("ended", out JsonElement ended) ? ended.GetString() : "")}".TrimEnd()));
        Assert.Equal((0, "Answer 2."), (code, told[^1].GetProperty("result").GetString()));
        Assert.Empty(upstream.Violations);
    }

    [Fact]
    public async Task A_control_request_that_nobody_would_hear_the_answer_to_is_an_error()
    {
        await using Upstream upstream = await Answering();
        _line.Input = Control("a", """{"subtype":"initialize"}""");
        Assert.Equal((2, "A control_request is answered in the output, and needs --output stream-json.\n"), (Run("--input-format", "stream-json").Code, Run("--input-format", "stream-json").Error));
    }

    [Fact]
    public async Task A_line_that_is_no_message_is_named_and_ends_the_run()
    {
        await using Upstream upstream = await Answering();
        _line.Input = """{"type":"user","message":{"role":"user"}}""";
        Assert.Equal((2, """input, line 1: expected {"type":"user","message":{"role":"user","content":"…"}}""" + "\n"), (Run("--input-format", "stream-json").Code, Run("--input-format", "stream-json").Error));
    }

    [Fact]
    public async Task A_session_goes_on_where_it_ended_and_a_copy_leaves_it_as_it_is()
    {
        await using Upstream upstream = await Answering();
        Run("one");
        Assert.Equal("Answer 2.\n", Run("two", "--resume").Output);
        Assert.Equal("Answer 3.\n", Run("three", "--fork").Output);
        Assert.Equal(["one", "two", "three"], upstream.Asked[^1].Conversation!.Turns.OfType<Turn.User>().Select(turn => turn.Text));
        string[] listed = Sessions().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, listed.Length);
        Assert.All(listed, line => Assert.Matches(@"^\d{8}-\d{6}-[0-9a-f]{4}  done              [23] steps  price unknown  one$", line));
    }

    [Fact]
    public async Task A_session_can_be_read_again()
    {
        await using Upstream upstream = await Answering();
        Run("one");
        string id = Id().Match(Sessions().Output).Value;
        (int code, string output, _) = Sessions(id);
        Assert.Equal((0, "TIME session ID in ~, baltoro\n> one\nAnswer 1.\nTIME ended: Done\n"), (code, Time().Replace(output.Replace(id, "ID", StringComparison.Ordinal), "TIME")));
    }

    [Fact]
    public async Task What_ended_well_does_not_go_on_without_a_word()
    {
        await using Upstream upstream = await Answering();
        Run("one");
        (int code, string output, string error) = Run("--resume");
        Assert.Equal((2, "", "ID has come to its end (Done): say what is to be done next.\n"), (code, output, Id().Replace(error, "ID")));
    }

    [Fact]
    public async Task A_model_that_cannot_be_asked_is_an_error()
    {
        await using Upstream upstream = await Answering((_, _) => new Fault.Status(403));
        (int code, string output, string error) = Run("say hi");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("! failed: Forbidden:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_ends_a_run_with_a_code_of_its_own()
    {
        await using Upstream upstream = await Answering();
        (int code, string output, string error) = Run("say hi", "--max-time", "0.000001s");
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("! out of budget: The limit of 00:00:00.0000010 is reached.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("What is to be done? baltoro run \"TASK\", or the task on the input.")]
    [InlineData("There is no model \"kimmi\". Did you mean \"kimi\"?", "t", "--model", "kimmi")]
    [InlineData("There is no key for zai/glm-5.3 at zai: set ZAI_API_KEY, or choose another model with --model (`baltoro models` lists them).", "t", "--model", "glm")]
    [InlineData("There is no session of this folder yet.", "--resume")]
    [InlineData("There is no session \"x\"; `baltoro sessions --all` lists those that there are.", "--resume", "x")]
    [InlineData("TASK: found nothing, expected what is to be done.", " ")]
    public void What_the_user_must_correct_is_said_in_a_line(string problem, params string[] arguments) => Assert.Equal((2, "", problem + "\n"), Run(arguments));

    [Theory]
    [InlineData("--max-steps: found \"0\", expected a whole number from 1", "t", "--max-steps", "0")]
    [InlineData("--max-time: found \"5\", expected a time such as 90s, 30m, 1h30m or 2d", "t", "--max-time", "5")]
    [InlineData("--max-cost: found \"-1\", expected a number above 0, such as 2.50", "t", "--max-cost", "-1")]
    [InlineData("--max-tokens: found \"many\", expected a whole number from 1, such as 500000, 500k or 2m", "t", "--max-tokens", "many")]
    [InlineData("--output: found \"xml\", expected text, json, stream-json, events", "t", "--output", "xml")]
    [InlineData("--resume, --fork and --resume-orphans exclude each other.", "t", "--resume", "x", "--fork", "y")]
    [InlineData("--resume-orphans takes no task: each run has its own.", "t", "--resume-orphans")]
    public void A_flag_with_the_wrong_value_says_what_was_expected(string problem, params string[] arguments)
    {
        (int code, _, string error) = Run(arguments);
        Assert.NotEqual(0, code);
        Assert.StartsWith(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_was_worked_on_there_is_nothing_to_list() =>
        Assert.Equal((1, "", "There is no session of this folder yet; --all lists those of other folders.\n"), Sessions());

    [GeneratedRegex(@"\d{8}-\d{6}-[0-9a-f]{4}")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", RegexOptions.Multiline)]
    private static partial Regex Time();

    [GeneratedRegex(@"([[ ])[\d.]{1,6}k? (in|out|tokens|%)")]
    private static partial Regex Numbers();
}
