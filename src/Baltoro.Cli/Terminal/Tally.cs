// What a session has used so far, as the screen shows it. It refuses to know where the events are from.

using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <param name="Cost">US dollars, of what has a price.</param>
/// <param name="IsPriced">False when the price of something is not known.</param>
/// <param name="Steps">Replies of the main agent.</param>
/// <param name="Used">Tokens in front of the model, with its last reply.</param>
sealed record Tally(decimal Cost, bool IsPriced, int Steps, long Used)
{
    public static readonly Tally None = new(0, true, 0, 0);

    /// <summary>Of a session at which nobody works just now.</summary>
    public static Tally Of(Session session)
    {
        AgentState main = session.Agent(AgentState.Main);
        // What stands around the turns is not known before the first request of this sitting; it is in what was reported.
        return new(session.Spent.Cost, IsPriced: session.Spent.Unpriced == 0, main.Steps, main.Steps == 0 ? 0 : main.Meter.Used(0));
    }

    public Tally With(LoggedEvent logged)
    {
        (decimal? cost, Usage? usage) = logged.Event switch
        {
            SessionEvent.Replied replied => (replied.Cost, replied.Usage),
            SessionEvent.Failed failed => (failed.Cost, failed.Usage),
            SessionEvent.Compacted compacted => (compacted.Cost, compacted.Usage),
            SessionEvent.CompactionFailed failed => (failed.Cost, failed.Usage),
            _ => (0m, null),
        };
        Tally sum = this with { Cost = Cost + (cost ?? 0), IsPriced = IsPriced && !(cost is null && usage is { Output: > 0 }) };
        if (logged.Agent != AgentState.Main) return sum;
        return logged.Event switch
        {
            SessionEvent.Replied replied => sum with { Steps = Steps + 1, Used = (replied.Prompt > 0 ? replied.Prompt : replied.Usage.TotalInput) + replied.Usage.Output },
            SessionEvent.Compacted compacted => sum with { Used = TokenEstimate.Of(new ChatRequest { Model = "", Turns = compacted.Turns }) },
            _ => sum,
        };
    }
}
