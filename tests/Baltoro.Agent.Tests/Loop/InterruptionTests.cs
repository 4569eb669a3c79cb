// Somebody asks to stop: politely, then at once; and a call that the rules refused.

using System.Text.Json;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Reply = Baltoro.ScriptedUpstream.Reply;
using Turn = Baltoro.ScriptedUpstream.Turn;

namespace Baltoro.Agent.Tests.Loop;

public class InterruptionTests
{
    [Fact]
    public async Task The_first_wish_lets_the_running_tool_end_and_a_resumed_run_does_not_run_it_again()
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", (_, c) => c.CallsSoFar < 3 ? Read($"{c.CallsSoFar}") : Say("Done."));
        using Interruption interruption = new();
        AgentSetup setup = scene.Setup with
        {
            Tools = () => [new Doing((name, _) =>
            {
                scene.Diary.Note(name);
                if (name == "1") interruption.Ask();
                return Task.FromResult(ToolOutcome.Text($"contents of {name}"));
            })],
        };
        using (Session session = scene.Open())
            Assert.Equal(new RunEnd.Interrupted("Stopped on demand."), await AgentRun.To(session, [new Block.Text("Read.")], setup, interruption));
        Assert.Equal(["0", "1"], scene.Diary.Done);

        Assert.Equal(new RunEnd.Done("Done."), await scene.Resume(setup));
        Assert.Equal(["0", "1", "2"], scene.Diary.Done);
    }

    [Fact]
    public async Task The_second_wish_stops_a_tool_that_does_not_end_and_the_model_is_told()
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", (_, c) => c.CallsSoFar < 1 ? Read("x") : Say("Done."));
        using Interruption interruption = new();
        AgentSetup setup = scene.Setup with
        {
            Tools = () => [new Doing(async (_, cancellation) =>
            {
                interruption.Ask();
                interruption.Ask();
                await Task.Delay(Timeout.Infinite, cancellation);
                return ToolOutcome.Text("never");
            })],
        };
        using (Session session = scene.Open())
            Assert.Equal(new RunEnd.Interrupted("Stopped on demand."), await AgentRun.To(session, [new Block.Text("Read.")], setup, interruption));

        Assert.Equal(new RunEnd.Done("Done."), await scene.Resume(setup));
        Assert.Equal("The run was stopped while this call was running. Whether it took effect is unknown: check before you make it again.",
            scene.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.Result>().Single().Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Calls_that_had_not_begun_when_somebody_stopped_are_run_when_he_goes_on_and_not_when_he_says_something_else(bool inAnotherProcess)
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", (_, c) => c.CallsSoFar == 0
            ? Reply.Of(new Part.Call("Read", """{"file_path":"0"}"""), new Part.Call("Write", """{"file_path":"1","content":""}"""), new Part.Call("Read", """{"file_path":"2"}"""))
            : Say(string.Join(", ", c.Turns.SkipWhile(turn => turn is not Turn.Result).Select(turn => turn switch { Turn.Result result => result.Text.Split('.')[0], Turn.User user => user.Text, _ => "-" }))));
        using Interruption interruption = new();
        AgentSetup setup = scene.Setup with
        {
            Tools = () => [.. scene.Diary.Tools().Where(tool => tool.Spec.Name == "Write"), new Doing((name, _) =>
            {
                scene.Diary.Note(name);
                interruption.Ask();
                return Task.FromResult(ToolOutcome.Text($"contents of {name}"));
            })],
        };
        Session session = scene.Open();
        Assert.IsType<RunEnd.Interrupted>(await AgentRun.To(session, [new Block.Text("Read.")], setup, interruption));
        byte[] log = await ReadLog(scene);
        if (inAnotherProcess)
        {
            session.Dispose();
            session = scene.Open();
            session.Append(AgentState.Main, new SessionEvent.Resumed("m", ByItself: false));
        }
        using (session)
        using (Interruption next = new())
        {
            const string NotRun = "Not run: the user stopped the work before this call began, and has said something since";
            Assert.Equal(new RunEnd.Done($"contents of 0, {NotRun}, {NotRun}, Rather not."), await AgentRun.To(session, [new Block.Text("Rather not.")], setup, next));
        }
        Assert.Equal(["0"], scene.Diary.Done);

        await File.WriteAllBytesAsync(scene.LogPath, log, TestContext.Current.CancellationToken);
        await scene.Resume(setup);
        Assert.Equal(["0", "Write 1", "2"], scene.Diary.Done);
    }

    static async Task<byte[]> ReadLog(Scene scene)
    {
        using FileStream log = new(scene.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] all = new byte[log.Length];
        await log.ReadExactlyAsync(all, TestContext.Current.CancellationToken);
        return all;
    }

    [Fact]
    public async Task A_model_that_ends_its_turn_after_a_refused_call_was_blocked()
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", (_, c) => c.CallsSoFar == 0 ? Read("secret") : Say("I may not."));
        AgentSetup setup = scene.Setup with { Gate = (_, _, _) => new(new Permit.Refused("Not this one.")) };

        Assert.Equal(new RunEnd.Blocked("I may not."), await scene.Run("Read it.", setup));
        Assert.Empty(scene.Diary.Done);
    }

    [Fact]
    public async Task A_sub_agent_that_died_is_reported_with_its_last_words_and_not_begun_again()
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", (_, c) => Say(c.Turns.OfType<Turn.Result>().Single().Text));
        using (Session session = scene.Open())
        {
            session.Append("", new SessionEvent.Asked([new Block.Text("Go.")]));
            session.Append("", new SessionEvent.Replied([new Block.ToolCall("functions.Task:0", "Task", """{"description":"d","prompt":"p"}""")], StopReason.ToolUse, new(), null));
            session.Append("", new SessionEvent.CallBegan("functions.Task:0"));
            session.Append("task-1", new SessionEvent.Spawned("functions.Task:0", "d"));
            session.Append("task-1", new SessionEvent.Asked([new Block.Text("p")]));
            session.Append("task-1", new SessionEvent.Replied([new Block.Text("Halfway."), new Block.ToolCall("c2", "Read", "{}")], StopReason.ToolUse, new(), null));
        }

        Assert.Equal(
            new RunEnd.Done("Interrupted: the process ended while this call was running. Whether it took effect is unknown: check before you make it again.\nThe last that its agent said: Halfway."),
            await scene.Resume());
        Assert.Single(scene.Upstream.Asked);
    }

    [Fact]
    public async Task A_reminder_stands_in_the_result_that_it_is_about()
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", (_, c) =>
            c.Turns.OfType<Turn.Result>().LastOrDefault()?.Text.Contains("returned the same results 3 times in a row", StringComparison.Ordinal) == true ? Say("I see.") : Read("same"));

        RunEnd end = await scene.Run("Read.", scene.Setup with { Tools = () => [new Doing((_, _) => Task.FromResult(ToolOutcome.Text("x")))] });

        Assert.Equal(new RunEnd.Done("I see."), end);
        Assert.Equal(4, scene.Upstream.Asked.Count);
        Assert.All(scene.Upstream.Asked.Zip(scene.Upstream.Asked.Skip(1)), pair => Assert.True(SharedPrefix.InMeaningBetween(pair.First, pair.Second).Whole));
    }

    static Reply Read(string path) => Reply.Of(new Part.Call("Read", $$"""{"file_path":"{{path}}"}"""));

    static Reply Say(string text) => Reply.Of(new Part.Say(text));

    sealed class Doing(Func<string, CancellationToken, Task<ToolOutcome>> what) : ITool
    {
        public ToolSpec.Function Spec { get; } = new("Read", "Reads.", RawJson.Of("""{"type":"object","properties":{"file_path":{"type":"string"}},"required":["file_path"]}"""));

        public Footprint Footprint(JsonElement arguments) => new Footprint.Nothing();

        public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation) => what(arguments.GetProperty("file_path").GetString()!, cancellation);
    }
}
