// Runs the calls of one reply and records each before and after; it refuses to know what the tools do.

using System.Text.Json;
using Baltoro.Agent.Context;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tasks;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>Calls that only read run side by side; every other call runs alone, in its place.</summary>
sealed class CallRunner(Session session, string agent, AgentSetup setup, Run run, Sequence<ITool> tools, LargeResults results, Instructions instructions)
{
    const int MostAtOnce = 8;

    public const string Stopped = "The run was stopped while this call was running. Whether it took effect is unknown: check before you make it again.";

    /// <summary>Estimated tokens of one result.</summary>
    long _most;

    /// <summary>Returns when all have a result, or when the run is to stop between two of them.</summary>
    /// <exception cref="OperationCanceledException">The run is to stop at once; what was running has its result all the same.</exception>
    public async Task Run(Sequence<PendingCall> calls, Room room)
    {
        _most = room.ForResult(session.Agent(agent), calls.Count);
        List<PendingCall> together = [];
        foreach (PendingCall call in calls.Where(call => call.Ended is null))
        {
            bool reads = OnlyReads(call.Call);
            if (!reads || together.Count == MostAtOnce)
            {
                await All(together);
                together.Clear();
            }
            if (run.IsStopAsked) return;
            if (reads) together.Add(call);
            else await One(call.Call);
        }
        await All(together);
    }

    async Task All(List<PendingCall> calls)
    {
        if (run.IsStopAsked) return;
        if (calls is [var only]) await One(only.Call);
        else await Task.WhenAll(calls.Select(call => Task.Run(() => One(call.Call), CancellationToken.None)));
    }

    bool OnlyReads(Block.ToolCall call)
    {
        // A call that cannot be run touches nothing.
        if (ArgumentCheck.Of(call, tools) is not CheckedCall.Runnable runnable) return true;
        using (runnable.Arguments)
            return runnable.Tool.Footprint(runnable.Arguments.RootElement)
                is Footprint.Nothing or Footprint.Reads or Footprint.Reaches or Footprint.Foreign { SaysItOnlyReads: true };
    }

    async Task One(Block.ToolCall call)
    {
        switch (ArgumentCheck.Of(call, tools))
        {
            case CheckedCall.Wrong wrong:
                End(call, [new Block.Text(wrong.Problem)], CallEnding.Error);
                return;
            case CheckedCall.Runnable runnable:
                using (runnable.Arguments) await One(call, runnable.Tool, runnable.Arguments.RootElement);
                return;
        }
    }

    async Task One(Block.ToolCall call, ITool tool, JsonElement arguments)
    {
        if (await setup.Gate(tool, arguments, run.Stopping) is Permit.Refused refused)
        {
            End(call, [new Block.Text(refused.Why)], CallEnding.Denied);
            return;
        }
        session.Append(agent, new SessionEvent.CallBegan(call.Id));
        ToolOutcome outcome;
        try
        {
            outcome = tool is TaskTool task ? await task.Run(call.Id, arguments, run.Stopping) : await tool.Run(arguments, run.Stopping);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            End(call, [new Block.Text(Stopped)], CallEnding.Interrupted);
            throw;
        }
        catch (Exception e) when (e is not LogException)
        {
            // A tool that breaks its promise must not take a long task with it; the model learns what happened.
            outcome = ToolOutcome.Error($"{call.Name} failed in a way that it should not: {e.GetType().Name}: {e.Message}");
        }
        Sequence<Block> content = results.Shorten(outcome.Content, _most);
        if (!outcome.IsError && instructions.Touched(tool.Footprint(arguments)) is { } told) content = [.. content, new Block.Text(told)];
        // Vendors refuse a result that says nothing.
        if (content.IsEmpty || content is [Block.Text { Content.Length: 0 }]) content = [new Block.Text("(no output)")];
        End(call, content, outcome.IsError ? CallEnding.Error : CallEnding.Done);
    }

    void End(Block.ToolCall call, Sequence<Block> content, CallEnding how) => session.Append(agent, new SessionEvent.CallEnded(call.Id, content, how));
}
