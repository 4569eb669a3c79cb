// One run of a session, shown while it goes on: the loop on one side, an output on the other. It refuses to know what is shown where.

using System.Text.Json;
using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli;

static class OneRun
{
    /// <param name="words">The user's; empty to go on with what was asked before.</param>
    /// <param name="isFirst">Whether the output has to be told of the session.</param>
    /// <exception cref="UserException">The session's model is not to be had.</exception>
    /// <exception cref="LogException">The log cannot be written.</exception>
    public static async Task<RunEnd> Of(AgentHouse house, Session session, Sequence<Block> words, RunOrder order, IRunOutput shown, bool isFirst, Interruption interruption)
    {
        IChatModel model = house.Model(session.Model);
        AgentSetup setup = house.Setup(session, model, order.Limits, order.Effort) with { Live = shown.Live, Gate = order.MayRunOpenly ? Open : Closed };
        if (words.IsEmpty && session.Agent(AgentState.Main).End is { } over)
            throw new UserException($"{session.Opened.Id} has come to its end ({over.GetType().Name}): say what is to be done next.");
        RunTally tally = new();
        session.Listener = logged =>
        {
            tally.Add(logged);
            shown.Logged(logged);
        };
        if (isFirst) shown.Began(session, model.Card, AgentRun.ToolNames(setup));
        Spending before = session.Spent;
        long began = TimeProvider.System.GetTimestamp();
        RunEnd end = await AgentRun.To(session, words, setup, interruption);
        shown.Ended(tally.Of(session, end, before, TimeProvider.System.GetElapsedTime(began)));
        return end;
    }

    static ValueTask<Permit> Open(ITool tool, JsonElement arguments, CancellationToken cancellation) => new(Permit.Granted.Instance);

    /// <summary>Where nobody watches and there is no sandbox, nothing of the model's own making is started.</summary>
    static ValueTask<Permit> Closed(ITool tool, JsonElement arguments, CancellationToken cancellation) => new(tool.Footprint(arguments) is Footprint.Runs
        ? new Permit.Refused("Shell commands are not permitted in this run: nobody watches, and it has no sandbox. Do it with the other tools, or say at the end what would have to be run.")
        : Permit.Granted.Instance);
}
