// The window of a model divided into what may be filled and what must stay free; it refuses to know what fills it.

using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Context;

/// <param name="Tokens">The whole window.</param>
/// <param name="Output">The most tokens of one reply.</param>
/// <param name="Standing">Estimated tokens of instructions and tools, which are part of every prompt.</param>
sealed record Room(int Tokens, int Output, long Standing)
{
    /// <summary>What a reply is given at least; less in windows of a few thousand tokens, whose models say little.</summary>
    int SmallestReply => Math.Clamp(Tokens / 8, 192, 1024);

    /// <summary>What a learned window says wins over the catalogue.</summary>
    public static Room Of(ModelCard card, AgentState state, long standing) =>
        new((int)Math.Min(card.Window, state.Meter.LearnedWindow ?? card.Window), card.OutputLimit, standing);

    /// <summary>From here on room is made: the last step must still fit, with a reply of a useful length.</summary>
    public long Trigger => Math.Min((long)(Tokens * 0.85), Tokens - Math.Min(Output, Math.Max(Tokens / 8, SmallestReply)));

    /// <summary>
    /// Estimated tokens that one result of so many together may have: half of what room can be made for, so that the step that asked for them, and
    /// one more, fit in front of the model.
    /// </summary>
    public long ForResult(AgentState state, int together)
    {
        long words = state.RequestsInHand.Sum(request => TokenEstimate.Of(new ChatRequest { Model = "", Turns = [new Turn.User(request)] }));
        return Math.Max(0, ((long)(Trigger / state.Meter.Factor) - Standing - words) / 2 / Math.Max(1, together));
    }

    /// <summary>From here on the model cannot be asked any more: even a short reply would have no room.</summary>
    public long Most => Tokens - Math.Clamp(Tokens / 8, 128, 1024);

    /// <summary>The output limit of a request whose prompt has so many tokens, give or take what a count can be off.</summary>
    public int OutputFor(long used) => (int)Math.Clamp(Tokens - used - Tokens / 16, SmallestReply, Math.Max(SmallestReply, Output));
}
