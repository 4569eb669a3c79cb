// Calls of one reply: those that only read run side by side, all others alone and in their places, and results come in the order of the calls.

using System.Text.Json;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;
using Reply = Baltoro.ScriptedUpstream.Reply;
using Turn = Baltoro.ScriptedUpstream.Turn;

namespace Baltoro.Agent.Tests.Loop;

public class SideBySideTests
{
    [Theory, InlineData("openai"), InlineData("anthropic")]
    public async Task Calls_that_read_wait_for_each_other_and_their_results_come_in_the_order_of_the_calls_however_they_end(string format)
    {
        const int Calls = 4;
        TaskCompletionSource allAreHere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource[] over = [.. Enumerable.Range(0, Calls + 1).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        over[Calls].SetResult();
        int here = 0;
        await using Scene scene = await Of(format, [.. Enumerable.Range(0, Calls).Select(i => ("Look", $"{i}"))]);
        RunEnd end = await scene.Run("Look at all.", scene.Setup with
        {
            Tools = () => [new Doing("Look", reads: true, async (name, cancellation) =>
            {
                if (Interlocked.Increment(ref here) == Calls) allAreHere.SetResult();
                // None ends before all have begun, and each only after the one behind it.
                await allAreHere.Task.WaitAsync(cancellation);
                int number = int.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
                await over[number + 1].Task.WaitAsync(cancellation);
                scene.Diary.Note(name);
                over[number].SetResult();
                return ToolOutcome.Text($"seen {name}");
            })],
            Budget = new() { Time = TimeSpan.FromMinutes(1) },
        });
        Assert.Equal(new RunEnd.Done("Done."), end);
        Assert.Equal(["3", "2", "1", "0"], scene.Diary.Done);
        Assert.Equal(["seen 0", "seen 1", "seen 2", "seen 3"], scene.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.Result>().Select(result => result.Text));
        Assert.Empty(scene.Upstream.Violations);
    }

    [Fact]
    public async Task A_call_that_writes_runs_alone_in_its_place()
    {
        await using Scene scene = await Of("openai", [("Look", "a"), ("Change", "b"), ("Change", "c"), ("Look", "d")]);
        int running = 0;
        Doing Tool(string name, bool reads) => new(name, reads, async (what, _) =>
        {
            int now = Interlocked.Increment(ref running);
            // Whatever could begin beside it gets its chance to.
            await Task.Yield();
            scene.Diary.Note($"{name} {what} among {Math.Max(now, Volatile.Read(ref running))}");
            Interlocked.Decrement(ref running);
            return ToolOutcome.Text(what);
        });
        Assert.Equal(new RunEnd.Done("Done."), await scene.Run("Change things.", scene.Setup with { Tools = () => [Tool("Look", true), Tool("Change", false)] }));
        Assert.Equal(["Look a among 1", "Change b among 1", "Change c among 1", "Look d among 1"], scene.Diary.Done);
    }

    static Task<Scene> Of(string format, (string Tool, string What)[] calls) =>
        Scene.Of(format == "openai" ? new Kimi() : new Claude(), format, format == "openai" ? "kimi" : "claude", (_, conversation) => conversation.CallsSoFar > 0
            ? Reply.Of(new Part.Think("All done."), new Part.Say("Done."))
            : Reply.Of([new Part.Think("All at once."), .. calls.Select(call => new Part.Call(call.Tool, $$"""{"what":"{{call.What}}"}"""))]));

    sealed class Doing(string name, bool reads, Func<string, CancellationToken, Task<ToolOutcome>> what) : ITool
    {
        public ToolSpec.Function Spec { get; } = new(name, "Does it.", RawJson.Of("""{"type":"object","properties":{"what":{"type":"string"}},"required":["what"]}"""));

        public Footprint Footprint(JsonElement arguments) => reads ? new Footprint.Reads([]) : new Footprint.Writes([]);

        public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation) => what(arguments.GetProperty("what").GetString()!, cancellation);
    }
}
