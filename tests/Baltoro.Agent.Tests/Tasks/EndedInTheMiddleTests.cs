// A sub-agent whose run was stopped, or whose process died: it ends with it, and nobody begins it again but the model.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.ScriptedUpstream;
using static Baltoro.Agent.Tests.Tasks.Delegation;

namespace Baltoro.Agent.Tests.Tasks;

public class EndedInTheMiddleTests
{
    static AgentSetup Doing(Scene scene, Func<string, CancellationToken, Task<ToolOutcome>> what) => scene.Setup with
    {
        Tools = () => [new Doing((name, cancellation) =>
        {
            scene.Diary.Note(name);
            return what(name, cancellation);
        })],
    };

    static async Task<RunEnd> Run(Scene scene, AgentSetup setup, Interruption interruption)
    {
        using Session session = scene.Open();
        return await AgentRun.To(session, [new Chat.Block.Text(Asked)], setup, interruption);
    }

    static IEnumerable<RunEnd> Ends(Scene scene, string agent) => Log(scene).Where(logged => logged.Agent == agent).Select(logged => logged.Event).OfType<SessionEvent.Ended>().Select(ended => ended.How);

    [Fact]
    public async Task A_polite_wish_ends_it_behind_the_tool_that_it_runs_and_the_agent_too()
    {
        await using Scene scene = await Of(["walk"], (_, steps) => Do($"step {steps}"));
        using Interruption interruption = new();
        AgentSetup setup = Doing(scene, (what, _) =>
        {
            if (what == "step 2") interruption.Ask();
            return Task.FromResult(ToolOutcome.Text($"did {what}"));
        });
        RunEnd stopped = new RunEnd.Interrupted("Stopped on demand.");
        Assert.Equal(stopped, await Run(scene, setup, interruption));
        Assert.Equal(["step 0", "step 1", "step 2"], scene.Diary.Done);
        Assert.Equal([stopped], Ends(scene, "task-1"));

        string told = Assert.IsType<RunEnd.Done>(await scene.Resume(setup)).Answer;
        Assert.Equal("The sub-agent did not finish (Interrupted): Stopped on demand.", told);
        Assert.Equal(3, scene.Diary.Done.Count);
    }

    [Fact]
    public async Task A_wish_that_it_end_at_once_ends_its_tool_and_the_model_is_told_that_it_was_stopped()
    {
        await using Scene scene = await Of(["one", "two"], (prompt, _) => Do(prompt));
        using Interruption interruption = new();
        TaskCompletionSource bothAreHere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int here = 0;
        AgentSetup setup = Doing(scene, async (_, cancellation) =>
        {
            if (Interlocked.Increment(ref here) == 2) bothAreHere.SetResult();
            await bothAreHere.Task.WaitAsync(cancellation);
            interruption.AskAtOnce();
            await Task.Delay(Timeout.Infinite, cancellation);
            return ToolOutcome.Text("never");
        });
        RunEnd stopped = new RunEnd.Interrupted("Stopped on demand.");
        Assert.Equal(stopped, await Run(scene, setup, interruption));
        Assert.Equal([stopped, stopped], [.. Ends(scene, "task-1"), .. Ends(scene, "task-2")]);

        const string Told = "The run was stopped while this call was running. Whether it took effect is unknown: check before you make it again.";
        Assert.Equal(new RunEnd.Done($"{Told} and {Told}"), await scene.Resume(setup));
        Assert.Equal(2, Log(scene).Count(logged => logged.Event is SessionEvent.Spawned));
        Assert.Equal(2, scene.Diary.Done.Count);
    }

    [Fact]
    public async Task A_process_that_dies_at_any_of_its_events_leaves_a_call_that_was_interrupted_and_nothing_of_it_is_run_again()
    {
        await using Scene scene = await Of(["count"], (_, steps) => steps < 2 ? Reply.Of(new Part.Say($"Halfway {steps}."), new Part.Call("Do", $$"""{"what":"step {{steps}}"}""")) : Say("There are 7."));
        AgentSetup setup = Doing(scene, (what, _) => Task.FromResult(ToolOutcome.Text($"did {what}")));
        Assert.Equal(new RunEnd.Done("There are 7."), await scene.Run(Asked, setup));
        byte[] whole = await File.ReadAllBytesAsync(scene.LogPath, TestContext.Current.CancellationToken);
        IReadOnlyList<LoggedEvent> log = Log(scene);

        // From the beginning of the call in the main agent's log to the last that is heard of the sub-agent.
        int began = Index(logged => logged is { Agent: "", Event: SessionEvent.CallBegan }), last = Index(logged => logged is { Agent: "task-1", Event: SessionEvent.Ended });
        Assert.Equal(13, last - began);
        for (int at = began; at <= last; at++)
        {
            await File.WriteAllBytesAsync(scene.LogPath, whole[..EndOf(at)], TestContext.Current.CancellationToken);
            scene.Diary.Clear();
            int asked = scene.Upstream.Asked.Count;
            string words = Log(scene).Where(logged => logged.Agent == "task-1").Select(logged => logged.Event).OfType<SessionEvent.Replied>().LastOrDefault()?.Blocks.OfType<Chat.Block.Text>().Single().Content ?? "";

            RunEnd end = await scene.Resume(setup);

            string told = "Interrupted: the process ended while this call was running. Whether it took effect is unknown: check before you make it again."
                + (words.Length > 0 ? $"\nThe last that its agent said: {words}" : "");
            Assert.Equal(new RunEnd.Done(told), end);
            Assert.Empty(scene.Diary.Done);
            // One request, of the main agent.
            Assert.True(IsMain(Assert.Single(scene.Upstream.Asked.Skip(asked))));
            Assert.True(Log(scene).Count(logged => logged.Event is SessionEvent.Spawned) <= 1);
        }

        int Index(Func<LoggedEvent, bool> fits) => log.Index().First(each => fits(each.Item)).Index;

        int EndOf(int line)
        {
            int end = 0;
            for (int i = 0; i <= line; i++) end += whole.AsSpan(end).IndexOf((byte)'\n') + 1;
            return end;
        }
    }

    [Fact]
    public async Task One_that_the_model_begins_anew_after_that_has_a_name_and_a_history_of_its_own()
    {
        await using Scene scene = await Scene.Of(new ScriptedUpstream.Vendors.Chat.Kimi(), "openai", "kimi", (_, conversation) => Prompt(conversation) != Asked ? Say("There are 7.")
            : conversation.Turns.OfType<Turn.Result>().LastOrDefault()?.Text switch
            {
                null => Reply.Of(Hand("count")),
                var text when text.StartsWith("Interrupted:", StringComparison.Ordinal) => Reply.Of(Hand("count again")),
                var text => Say(text),
            });
        Assert.Equal(new RunEnd.Done("There are 7."), await scene.Run(Asked));
        IReadOnlyList<LoggedEvent> log = Log(scene);
        byte[] whole = await File.ReadAllBytesAsync(scene.LogPath, TestContext.Current.CancellationToken);
        int kept = log.Index().First(each => each.Item is { Agent: "task-1", Event: SessionEvent.Sent }).Index, end = 0;
        for (int i = 0; i <= kept; i++) end += whole.AsSpan(end).IndexOf((byte)'\n') + 1;
        await File.WriteAllBytesAsync(scene.LogPath, whole[..end], TestContext.Current.CancellationToken);

        Assert.Equal(new RunEnd.Done("There are 7."), await scene.Resume());
        Assert.Equal(["task-1 About count", "task-2 About count again"],
            Log(scene).Where(logged => logged.Event is SessionEvent.Spawned).Select(logged => $"{logged.Agent} {((SessionEvent.Spawned)logged.Event).Description}"));
        Assert.Equal([new Turn.User("count again")], scene.Upstream.Asked.Last(request => !IsMain(request)).Conversation!.Turns.Where(turn => turn is not Turn.System));
    }
}
