// One run of a session, shown while it goes on: the loop on one side, an output on the other. It refuses to know what is shown where.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli;

static class OneRun
{
    /// <param name="words">The user's; empty to go on with what was asked before.</param>
    /// <param name="isFirst">Whether the user has to be told what the session cannot do.</param>
    /// <param name="told">Where the user learns what this run cannot do.</param>
    /// <exception cref="UserException">The session's model is not to be had.</exception>
    /// <exception cref="LogException">The log cannot be written.</exception>
    public static async Task<RunEnd> Of(AgentHouse house, Session session, Sequence<Block> words, RunOrder order, SandboxTrials trials, IRunOutput shown, bool isFirst, TextWriter told, Interruption interruption)
    {
        IChatModel model = house.Model(session.Model);
        Unattended bounds = await Unattended.In(AgentHouse.ScratchOf(session), order.MayRunOpenly ? null : trials.Of(session.Opened.Project), tmp => house.Rules(session, Posture.Confined, tmp));
        if (isFirst)
        {
            foreach (string sentence in await Servers(house, interruption)) await told.WriteLineAsync(sentence);
        }
        AgentSetup setup = house.Setup(session, model, order.Limits, order.Effort, bounds.Around, bounds.Reach) with { Live = shown.Live, Gate = bounds.Gate };
        if (words.IsEmpty && session.Agent(AgentState.Main).End is { } over)
            throw new UserException($"{session.Opened.Id} has come to its end ({over.GetType().Name}): say what is to be done next.");
        RunTally tally = new();
        session.Listener = logged =>
        {
            tally.Add(logged);
            shown.Logged(logged);
        };
        if (isFirst && order.Limits.Cost is not null && model.Card.Prices is null)
            await told.WriteLineAsync($"The price of {model.Card.Id} at {model.Card.Origin.Provider} is not known: --max-cost counts only what the upstream says that it charged. \"prices\" of the model in the configuration would tell it.");
        if (isFirst && bounds.Warning is { } warning) await told.WriteLineAsync(warning);
        shown.Began(session, model.Card, new(AgentRun.ToolNames(setup), house.ServerStates));
        Spending before = session.Spent;
        long began = TimeProvider.System.GetTimestamp();
        RunEnd end = await AgentRun.To(session, words, setup, interruption);
        shown.Ended(tally.Of(session, end, before, TimeProvider.System.GetElapsedTime(began)));
        if (end is RunEnd.Error { Text: var text } && text.StartsWith(nameof(Failure.Unauthenticated), StringComparison.Ordinal))
            await told.WriteLineAsync($"{model.Card.Origin.Provider} did not take the key: `baltoro doctor` says which one it was given.");
        return end;
    }

    /// <summary>What the user should know about MCP servers. A run that is to stop does not wait for them.</summary>
    static async Task<Sequence<string>> Servers(AgentHouse house, Interruption interruption)
    {
        try
        {
            return await house.ServersReady(interruption.Politely);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
