// What a sub-agent has of its own, and what it shares with the agent that it works for.

using System.Text.Json;
using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tests.Tools;
using Baltoro.Agent.Tools;
using Baltoro.ScriptedUpstream;
using static Baltoro.Agent.Tests.Tasks.Delegation;

namespace Baltoro.Agent.Tests.Tasks;

public class SubAgentTests
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    static AgentSetup Doing(Scene scene, Func<string, CancellationToken, Task<ToolOutcome>> what) =>
        scene.Setup with { Tools = () => [new Doing(what)], Budget = new() { Time = Long } };

    static Task<ToolOutcome> Done(string what) => Task.FromResult(ToolOutcome.Text($"did {what}"));

    [Fact]
    public async Task It_sees_its_prompt_and_its_own_steps_and_the_agent_sees_its_answer_alone()
    {
        await using Scene scene = await Of(["count the files"], (_, steps) => steps == 0 ? Do("a long listing") : Say("There are 7."));
        Assert.Equal(new RunEnd.Done("There are 7."), await scene.Run(Asked, Doing(scene, (what, _) => Done(what))));

        RecordedRequest[] own = [.. scene.Upstream.Asked.Where(request => !IsMain(request))], main = [.. scene.Upstream.Asked.Where(IsMain)];
        Assert.Equal((2, 2), (own.Length, main.Length));
        Assert.Equal([new Turn.User("count the files")], own[0].Conversation!.Turns.Where(turn => turn is not Turn.System));
        Assert.All(own, request => Assert.DoesNotContain("4711", System.Text.Encoding.UTF8.GetString(request.Body), StringComparison.Ordinal));
        Assert.All(own, request => Assert.DoesNotContain("I alone know why", System.Text.Encoding.UTF8.GetString(request.Body), StringComparison.Ordinal));
        Assert.Equal(["There are 7."], Results(scene));
        Assert.DoesNotContain("a long listing", System.Text.Encoding.UTF8.GetString(main[1].Body), StringComparison.Ordinal);
        // The same instructions; the same tools, but for the one to have others work.
        Assert.Equal(["Do", "Task"], main[0].Conversation!.Tools);
        Assert.Equal(["Do"], own[0].Conversation!.Tools);
        Assert.Equal(main[0].Conversation!.Turns.OfType<Turn.System>(), own[0].Conversation!.Turns.OfType<Turn.System>());
        Assert.Empty(scene.Upstream.Violations);
    }

    [Fact]
    public async Task Those_of_one_reply_work_at_the_same_time_eight_at_most_and_their_answers_come_in_the_order_of_the_calls()
    {
        const int Calls = 10, AtOnce = 8;
        TaskCompletionSource allAreHere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int here = 0, running = 0, most = 0;
        string[] prompts = [.. Enumerable.Range(0, Calls).Select(i => $"part {i}")];
        await using Scene scene = await Of([.. prompts], (prompt, steps) => steps == 0 ? Do(prompt) : Say($"{prompt} is done"));
        RunEnd end = await scene.Run(Asked, Doing(scene, async (what, cancellation) =>
        {
            int now = Interlocked.Increment(ref running);
            for (int seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most) { }
            // None ends before as many as may be at work are.
            if (Interlocked.Increment(ref here) == AtOnce) allAreHere.SetResult();
            await allAreHere.Task.WaitAsync(cancellation);
            Interlocked.Decrement(ref running);
            return ToolOutcome.Text(what);
        }));
        Assert.Equal(new RunEnd.Done(string.Join(" and ", prompts.Select(prompt => $"{prompt} is done"))), end);
        Assert.Equal(AtOnce, most);
        Assert.Empty(scene.Upstream.Violations);
    }

    [Fact]
    public async Task What_the_agent_may_not_it_may_not_either()
    {
        await using Scene scene = await Of(["break in"], (_, steps) => steps == 0 ? Do("the safe") : Say("I was kept from it."));
        AgentSetup setup = Doing(scene, (what, _) =>
        {
            scene.Diary.Note(what);
            return Done(what);
        });
        await scene.Run(Asked, setup with { Gate = (tool, _, _) => new(tool.Spec.Name == "Do" ? new Permit.Refused("Not that one.") : Permit.Granted.Instance) });
        Assert.Empty(scene.Diary.Done);
        Assert.Equal("Not that one.", scene.Upstream.Asked.Last(request => !IsMain(request)).Conversation!.Turns.OfType<Turn.Result>().Single().Text);
        Assert.Equal(["The sub-agent did not finish (Blocked): I was kept from it.\nThe last that it said: I was kept from it."], Results(scene));
    }

    [Fact]
    public async Task Its_events_stand_in_the_one_log_under_its_name_inside_of_the_call_that_it_works_for()
    {
        await using Scene scene = await Of(["count"], (_, steps) => steps == 0 ? Do("it") : Say("There are 7."));
        await scene.Run(Asked, Doing(scene, (what, _) => Done(what)));
        IReadOnlyList<LoggedEvent> log = Log(scene);
        Assert.Equal(
            [
                "Opened", "Asked", "Sent", "Replied", "CallBegan",
                "task-1 Spawned", "task-1 Asked", "task-1 Sent", "task-1 Replied", "task-1 CallBegan", "task-1 CallEnded", "task-1 Sent", "task-1 Replied", "task-1 Ended",
                "CallEnded", "Sent", "Replied", "Ended",
            ], log.Select(logged => $"{logged.Agent} {logged.Event.GetType().Name}".TrimStart()));
        string call = log.Select(logged => logged.Event).OfType<SessionEvent.CallBegan>().First().CallId;
        Assert.Equal(new SessionEvent.Spawned(call, "About count"), log[5].Event);
    }

    [Fact]
    public async Task A_stream_tells_of_each_of_its_lines_which_call_it_belongs_to()
    {
        await using Scene scene = await Of(["one", "two"], (prompt, steps) => steps == 0 ? Do(prompt) : Say($"{prompt} is done"));
        StringWriter output = new() { NewLine = "\n" };
        using (Session session = scene.Open())
        using (Interruption interruption = new())
        {
            StreamJsonOutput shown = new(output);
            shown.Began(session, scene.Model.Card, new(["Do", "Task"], []));
            session.Listener = shown.Logged;
            Assert.IsType<RunEnd.Done>(await AgentRun.To(session, [new Chat.Block.Text(Asked)], Doing(scene, (what, _) => Done(what)), interruption));
        }
        JsonElement[] lines = [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        string[] calls = [.. lines.SelectMany(Blocks).Where(block => Text(block, "name") == "Task").Select(block => Text(block, "id")!)];
        Assert.Equal(2, calls.Length);
        foreach ((string prompt, string call) in ((string[])["one", "two"]).Zip(calls))
            Assert.Equal(["tool_use", "tool_result", "text"],
                lines.Where(line => Text(line, "parent_tool_use_id") == call).SelectMany(Blocks).Select(block => Text(block, "type")!).ToArray());
        Assert.All(lines.Where(line => line.GetProperty("type").GetString() != "system" && Text(line, "parent_tool_use_id") is null).SelectMany(Blocks),
            block => Assert.NotEqual("Do", Text(block, "name")));

        static IEnumerable<JsonElement> Blocks(JsonElement line) => line.TryGetProperty("message", out JsonElement message) ? message.GetProperty("content").EnumerateArray() : [];
        static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement member) ? member.GetString() : null;
    }

    [Fact]
    public async Task What_it_uses_counts_to_the_limits_of_the_whole_run()
    {
        await using Scene scene = await Of(["walk for ever"], (_, steps) => Do($"step {steps}"));
        RunEnd end = await scene.Run(Asked, Doing(scene, (what, _) => Done(what)) with { Budget = new() { Steps = 5 } });
        Assert.Equal(new RunEnd.OutOfBudget(Limit.Steps, "The limit of 5 steps is reached."), end);
        Assert.Equal((1, 4), (scene.Upstream.Asked.Count(IsMain), scene.Upstream.Asked.Count(request => !IsMain(request))));

        using Session session = scene.Open();
        Assert.Equal(5, session.Spent.Steps);
        Assert.Equal((scene.Upstream.Asked.Sum(request => request.Bill.Input + request.Bill.CacheRead), scene.Upstream.Asked.Sum(request => request.Bill.Output)),
            (session.Spent.Usage.TotalInput, session.Spent.Usage.Output));
    }

    [Fact]
    public async Task A_failure_of_it_comes_back_as_an_error_with_its_last_words_and_the_agent_goes_on()
    {
        await using Scene scene = await Of(["try"], (_, steps) => Reply.Of(new Part.Say("I have begun."), new Part.Call("Do", """{"what":"it"}""")),
            (_, conversation) => Prompt(conversation) != Asked && Steps(conversation) == 1 ? new Fault.Status(403) : new Fault.None());
        RunEnd end = await scene.Run(Asked, Doing(scene, (what, _) => Done(what)));
        string told = Assert.Single(Results(scene));
        Assert.StartsWith("The sub-agent did not finish (Error): Forbidden: ", told, StringComparison.Ordinal);
        Assert.EndsWith("\nThe last that it said: I have begun.", told, StringComparison.Ordinal);
        Assert.Equal(new RunEnd.Done(told), end);
        Assert.Equal(CallEnding.Error, Log(scene).Where(logged => logged.Agent == AgentState.Main).Select(logged => logged.Event).OfType<SessionEvent.CallEnded>().Single().How);
    }

    [Fact]
    public async Task Each_agent_has_seen_only_what_it_has_read_itself_and_stands_where_it_has_gone_itself()
    {
        await using Desk desk = new();
        desk.File("a.txt", "one\n");
        Chat.Sequence<ITool> other = desk.Set.ForAgent();
        await desk.Ok("Read", new() { ["file_path"] = "a.txt" });
        await desk.Ok("Bash", new() { ["command"] = "mkdir below && cd below" });
        Assert.Contains("you have not read it", Desk.Said(await Call("Edit", """{"file_path":"a.txt","old_string":"one","new_string":"two"}""")), StringComparison.Ordinal);
        Assert.Equal(desk.Project, Desk.Said(await Call("Bash", """{"command":"pwd"}""")));
        Assert.Equal("one\n", desk.Content("a.txt"));

        async Task<ToolOutcome> Call(string tool, string arguments)
        {
            using JsonDocument given = JsonDocument.Parse(arguments);
            return await other.Single(each => each.Spec.Name == tool).Run(given.RootElement, TestContext.Current.CancellationToken);
        }
    }
}
