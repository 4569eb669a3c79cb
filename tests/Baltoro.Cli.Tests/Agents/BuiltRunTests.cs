// `baltoro run` as a user and a script meet it: the built executable, its outputs whole, each of its exit codes, and what it does when the machine is against it.

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baltoro.Agent.Sessions;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

public partial class BuiltRunTests
{
    static readonly Script Task = CallScript.Of(CallScript.Write("a.txt", "one\n"), CallScript.Bash("cat a.txt; exit 3"));

    static Script Saying(string text) => (_, _) => Reply.Of(new Part.Say(text));

    /// <summary>Looks at the same place for ever, and gets the same to see.</summary>
    static readonly Script Circling = (_, _) => Reply.Of(CallScript.Bash("echo same"));

    [Fact]
    public async Task A_command_works_in_the_project_and_in_the_sandbox()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(
            CallScript.Bash("echo mine > a.txt && cd sub 2>/dev/null || mkdir sub && cd sub"), CallScript.Bash("pwd && cat ../a.txt"), CallScript.Bash("grep NoNewPrivs /proc/self/status; test -e ~/.config/baltoro/config.json; echo $?")));
        await agent.NeedSandbox();
        (int code, string output, string errors) = await agent.Run("go");
        Assert.True((code, output) == (0, CallScript.Finished + "\n"), errors);
        Assert.Equal([$"[No output.]\n[The working directory is now {agent.Project}/sub]", $"{agent.Project}/sub\nmine", "NoNewPrivs:\t1\n1"], agent.Upstream.Results());
    }

    [Fact]
    public async Task Without_a_sandbox_commands_are_refused_clearly_and_run_when_the_user_says_so()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(CallScript.Bash("echo ran")));
        string bin = Directory.CreateDirectory(Path.Combine(agent.Home, "bin")).FullName;
        foreach (string program in (string[])["sh", "bash", "setsid", "cat", "env"])
            if (((string[])["/usr/bin", "/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } found) File.CreateSymbolicLink(Path.Combine(bin, program), found);
        agent.Environment["PATH"] = bin;
        (int code, string output, string errors) = await agent.Run("go");
        Assert.Equal((5, CallScript.Finished + "\n"), (code, output));
        Assert.Contains("Commands are not run: The sandbox needs bubblewrap", errors, StringComparison.Ordinal);
        Assert.Contains("--no-sandbox runs them with all rights that you have.", errors, StringComparison.Ordinal);
        Assert.Equal(["Commands are not permitted in this run: nobody watches, and there is no sandbox. Do it with the other tools, or say at the end what would have to be run."], agent.Upstream.Results());
        Assert.Equal(0, (await agent.Run("go", "--no-sandbox")).Code);
        Assert.Equal(["ran"], agent.Upstream.Results());
    }

    [Fact]
    public async Task Commands_in_the_sandbox_reach_the_network_when_the_user_says_so_and_not_before()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(CallScript.Bash("bash reach.sh && echo reached; grep NoNewPrivs /proc/self/status")));
        await agent.NeedSandbox();
        agent.Write("reach.sh", $": </dev/tcp/127.0.0.1/{new Uri(agent.Upstream.Url).Port}");
        await agent.Run("go");
        Assert.DoesNotContain("reached", agent.Upstream.Results()[0], StringComparison.Ordinal);
        await agent.Run("go", "--network");
        Assert.Equal("reached\nNoNewPrivs:\t1", agent.Upstream.Results()[0]);
    }

    [Fact]
    public async Task Text_shows_the_answer_and_beside_it_each_step()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(Task);
        (int code, string output, string errors) = await agent.Run("go", "--no-sandbox");
        Assert.Equal((0, CallScript.Finished + "\n"), (code, output));
        Assert.Equal("""
            session ID, moonshotai/kimi-k2-thinking at kimi-upstream, window 1000k
               1  Write a.txt  [N in, N out, $N, N % of the window left]
               2  Bash cat a.txt; exit 3  [N in, N out, $N, N % of the window left]
              ! Error: one [Exit code 3]
               3  That is all.  [N in, N out, $N, N % of the window left]
            3 steps, N tokens in (N from a cache), N out, $N, TIME

            """.ReplaceLineEndings("\n"), Plain(errors, agent));
    }

    [Fact]
    public async Task Json_is_one_object_whole()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(Task);
        (int code, string output, string errors) = await agent.Run("go", "--no-sandbox", "--output", "json");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal("""
            {"type":"result","subtype":"success","is_error":false,"ended":"Done","duration_ms":N,"duration_api_ms":N,"num_turns":3,"stop_reason":"end_turn","result":"That is all.","session_id":"ID","total_cost_usd":N,"usage":{"input_tokens":N,"cache_creation_input_tokens":N,"cache_read_input_tokens":N,"output_tokens":N},"modelUsage":{"moonshotai/kimi-k2-thinking":{"inputTokens":N,"outputTokens":N,"cacheReadInputTokens":N,"cacheCreationInputTokens":N,"costUSD":N}},"permission_denials":[],"uuid":"UUID"}

            """, Normal(output, agent));
    }

    [Fact]
    public async Task Stream_json_is_whole_from_the_first_line_to_the_last()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(Task);
        (int code, string output, string errors) = await agent.Run("go", "--no-sandbox", "--output", "stream-json");
        Assert.Equal((0, ""), (code, errors));
        const string Usage = "\"usage\":{\"input_tokens\":N,\"cache_creation_input_tokens\":N,\"cache_read_input_tokens\":N,\"output_tokens\":N}";
        static string Said(int reply, string content) =>
            """{"type":"assistant","message":{"id":"msg_ID_REPLY","type":"message","role":"assistant","model":"moonshotai/kimi-k2-thinking","content":[CONTENT],"stop_reason":null,"stop_sequence":null,USAGE},"parent_tool_use_id":null,"session_id":"ID","uuid":"UUID","timestamp":"AT"}"""
                .Replace("REPLY", $"{reply}", StringComparison.Ordinal).Replace("CONTENT", content, StringComparison.Ordinal).Replace("USAGE", Usage, StringComparison.Ordinal);
        static string Got(string id, string text, string error) =>
            """{"type":"user","message":{"role":"user","content":[{"tool_use_id":"CALL","type":"tool_result","content":"TEXT"ERROR}]},"parent_tool_use_id":null,"session_id":"ID","uuid":"UUID","timestamp":"AT"}"""
                .Replace("CALL", id, StringComparison.Ordinal).Replace("TEXT", text, StringComparison.Ordinal).Replace("ERROR", error, StringComparison.Ordinal);
        string[] lines = Normal(output, agent).Split('\n');
        string[] ids = [.. ToolUse().Matches(output).Select(match => match.Groups[1].Value)];
        Assert.Equal(
            [
                """{"type":"system","subtype":"init","cwd":"PROJECT","tools":["Read","Write","Edit","Bash","BashOutput","KillShell","Glob","Grep","TodoWrite","WebFetch","Python","Task"],"mcp_servers":[],"model":"moonshotai/kimi-k2-thinking","permissionMode":"default","apiKeySource":"none","session_id":"ID","uuid":"UUID"}""",
                Said(1, """{"type":"thinking","thinking":"Call 1.","signature":""}"""),
                Said(1, """{"type":"tool_use","id":"CALL","name":"Write","input":{"file_path":"a.txt","content":"one\n"}}""".Replace("CALL", ids[0], StringComparison.Ordinal)),
                Got(ids[0], "Created a.txt: 1 line.", ""),
                Said(2, """{"type":"thinking","thinking":"Call 2.","signature":""}"""),
                Said(2, """{"type":"tool_use","id":"CALL","name":"Bash","input":{"command":"cat a.txt; exit 3"}}""".Replace("CALL", ids[1], StringComparison.Ordinal)),
                Got(ids[1], "one\\n[Exit code 3]", ",\"is_error\":true"),
                Said(3, """{"type":"text","text":"That is all."}"""),
            ], lines[..8].Select(line => line.Replace(",\"Python\"", "", StringComparison.Ordinal)).Select((line, i) => i == 0 ? line.Replace("\"WebFetch\",\"Task\"", "\"WebFetch\",\"Python\",\"Task\"", StringComparison.Ordinal) : line));
        Assert.StartsWith("{\"type\":\"result\",\"subtype\":\"success\"", lines[8], StringComparison.Ordinal);
        Assert.Equal(("", 10), (lines[^1], lines.Length));
    }

    [Fact]
    public async Task Events_are_the_log_with_reasoning_and_cost_of_each_step()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(Task);
        (int code, string output, string errors) = await agent.Run("go", "--no-sandbox", "--output", "events");
        Assert.Equal((0, ""), (code, errors));
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["asked", "sent", "replied", "callBegan", "callEnded", "sent", "replied", "callBegan", "callEnded", "sent", "replied", "ended"], lines.Select(line => line.GetProperty("event").GetString()));
        // What is printed is what is kept, but for the beginning, which lies before the run.
        string kept = await File.ReadAllTextAsync(Directory.GetFiles(agent.State, "events.jsonl", SearchOption.AllDirectories).Single(), TestContext.Current.CancellationToken);
        Assert.EndsWith(output, kept, StringComparison.Ordinal);
        Assert.All(lines.Where(line => line.GetProperty("event").GetString() == "replied"), line =>
        {
            Assert.True(line.GetProperty("cost").GetDecimal() > 0);
            Assert.True(line.GetProperty("usage").GetProperty("input").GetInt64() > 0);
        });
        Assert.Equal(["Call 1.", "Call 2."], lines.Where(line => line.TryGetProperty("blocks", out _)).SelectMany(line => line.GetProperty("blocks").EnumerateArray())
            .Where(block => block.TryGetProperty("thinking", out _)).Select(block => block.GetProperty("thinking").GetString()));
    }

    [Fact]
    public async Task The_task_and_messages_come_through_the_input()
    {
        await using BuiltAgent agent = await BuiltAgent.Before((_, conversation) => Reply.Of(new Part.Say($"Answer {conversation.Turns.OfType<Turn.User>().Count()}.")));
        Assert.Equal((0, "Answer 1.\n"), ((int, string))(await agent.Do(["run", "--no-sandbox"], "say hi\n") is var (code, output, _) ? (code, output) : default));
        (code, output, _) = await agent.Do(["run", "--no-sandbox", "--input-format", "stream-json", "--output", "stream-json"],
            """{"type":"user","message":{"role":"user","content":"one"}}""" + "\n" + """{"type":"user","message":{"role":"user","content":[{"type":"text","text":"two"}]}}""" + "\n");
        Assert.Equal(0, code);
        Assert.Equal(["Answer 1.", "Answer 2."], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("result", out _)).Select(line => line.GetProperty("result").GetString()));
    }

    [Theory]
    [InlineData("--max-steps", "2", "out of budget: The limit of 2 steps is reached.")]
    [InlineData("--max-tokens", "10", "out of budget: The limit of 10 tokens is reached: ")]
    [InlineData("--max-cost", "0.000001", "out of budget: The limit of $0.000001 is reached: ")]
    [InlineData("--max-time", "3s", "out of budget: The limit of 00:00:03 is reached.")]
    public async Task Each_limit_ends_a_run_with_3(string option, string value, string said)
    {
        int looked = 0;
        await using BuiltAgent agent = await BuiltAgent.Before(option == "--max-time" ? (_, _) => Reply.Of(CallScript.Bash("sleep 60")) : (_, _) => Reply.Of(CallScript.Bash($"echo {looked++}")));
        (int code, string output, string errors) = await agent.Run("go", "--no-sandbox", option, value);
        Assert.Equal((3, ""), (code, output));
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Contains("baltoro run --resume ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_ends_with_4_what_was_forbidden_with_5_and_what_nobody_could_mean_with_2()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(Circling);
        (int code, _, string errors) = await agent.Run("go", "--no-sandbox");
        Assert.Equal(4, code);
        Assert.Contains("! in a loop: The model made the same tool calls with the same results 12 times in a row.", errors, StringComparison.Ordinal);
        agent.Configure(new() { ["permissions"] = new JsonObject { ["deny"] = new JsonArray("Bash") } });
        Assert.Equal(5, (await agent.Run("go", "--no-sandbox")).Code);
        agent.Configure(new() { ["permissions"] = new JsonObject { ["deny"] = new JsonArray("Bsh") } });
        Assert.Equal(2, (await agent.Run("go", "--no-sandbox")).Code);
        Assert.Equal(2, (await agent.Run("go", "--max-steps", "none")).Code);
    }

    [Fact]
    public async Task A_key_that_the_vendor_does_not_take_ends_with_1_and_says_so()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(Saying("hi"), (_, _) => new Fault.Status(401));
        (int code, string output, string errors) = await agent.Run("go", "--no-sandbox");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("! failed: ", errors, StringComparison.Ordinal);
        Assert.Contains("kimi-upstream did not take the key: `baltoro doctor` says which one it was given.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(BuiltAgent.Key, errors, StringComparison.Ordinal);
        Assert.Single(agent.Upstream.Asked);
    }

    [Fact]
    public async Task A_run_that_keeps_dying_is_left_alone_and_can_still_be_asked_for()
    {
        ChildProcess? running = null;
        await using BuiltAgent agent = await BuiltAgent.Before((_, _) =>
        {
            running?.Kill();
            return Reply.Of(new Part.Say("Survived."));
        });
        running = agent.Start(["run", "go", "--no-sandbox"]);
        Assert.NotEqual(0, (await BuiltAgent.Finish(running)).Code);
        running = null;
        SessionStore sessions = new(Path.Combine(agent.State, "sessions"), TimeProvider.System);
        SessionSummary dead = sessions.All().Single();
        using (Session session = Assert.IsType<SessionOpening.Found>(sessions.Open(dead)).Session)
            for (int time = 0; time < 10; time++) session.Append(AgentState.Main, new SessionEvent.Resumed(session.Model, ByItself: true) { Unattended = true });
        (int code, _, string errors) = await agent.Run("--resume-orphans", "--no-sandbox");
        Assert.Equal(1, code);
        Assert.Contains("has died 10 times since it was asked for: it is left alone.", errors, StringComparison.Ordinal);
        (code, string output, _) = await agent.Run("--fork", dead.Opened.Id, "--no-sandbox");
        Assert.Equal((0, "Survived.\n"), (code, output));
        Assert.Equal((0, "Survived.\n"), ((int, string))(await agent.Run("--resume", dead.Opened.Id, "--no-sandbox") is var (again, said, _) ? (again, said) : default));
    }

    [Fact]
    public async Task A_disk_that_fills_up_is_said_and_leaves_a_log_that_opens()
    {
        await using BuiltAgent agent = await BuiltAgent.Before((number, _) => Reply.Of(new Part.Think(new string('x', 40_000)), CallScript.Bash($"echo {number}")));
        await agent.NeedSandbox();
        Directory.CreateDirectory(agent.State);
        // The state folder on a file system of its own, which is gone with the shell that looks at it afterwards.
        await using ChildProcess shell = ChildProcess.Start("/usr/bin/bwrap",
            ["--dev-bind", "/", "/", "--size", "1000000", "--tmpfs", agent.State, "--chdir", agent.Project, "sh", "-c", "\"$0\" run go --no-sandbox; echo code $?; \"$0\" sessions", GatewayProcess.Executable()],
            agent.Project, new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = agent.Home, ["VENDOR_KEY"] = BuiltAgent.Key, ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "" });
        (_, string output) = await shell.Finish(TimeSpan.FromMinutes(2));
        Assert.StartsWith("code 1\n", output, StringComparison.Ordinal);
        Assert.Contains("No space left on device", shell.Errors, StringComparison.Ordinal);
        Assert.Matches(@"\n\d{8}-\d{6}-[0-9a-f]{4}  died ", output);
    }

    /// <summary>What changes from run to run, by names.</summary>
    static string Normal(string json, BuiltAgent agent) =>
        Numbers().Replace(Instant().Replace(Uuid().Replace(Id().Replace(json.Replace(agent.Project, "PROJECT", StringComparison.Ordinal), "ID"), "UUID"), "AT"), "$1N");

    static string Plain(string text, BuiltAgent agent) =>
        Time().Replace(Figures().Replace(Id().Replace(text.Replace(agent.Project, "PROJECT", StringComparison.Ordinal), "ID"), "$1N$2"), "TIME");

    [GeneratedRegex(@"\d{8}-\d{6}-[0-9a-f]{4}")]
    private static partial Regex Id();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Instant();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex("(\"(?:duration_ms|duration_api_ms|total_cost_usd|input_tokens|cache_creation_input_tokens|cache_read_input_tokens|output_tokens|inputTokens|outputTokens|cacheReadInputTokens|cacheCreationInputTokens|costUSD)\":)[-0-9.Ee]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("\"type\":\"tool_use\",\"id\":\"([^\"]+)\"")]
    private static partial Regex ToolUse();

    [GeneratedRegex(@"([[( $]|, )[\d.]+k?( in| out| tokens| %| from a cache|(?=,))")]
    private static partial Regex Figures();

    [GeneratedRegex(@"\d\d:\d\d:\d\d$", RegexOptions.Multiline)]
    private static partial Regex Time();
}
