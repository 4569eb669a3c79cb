// The rules that make a conversation fit one model, in the order in which they apply; each rule is a file beside this one.

namespace Baltoro.Chat.History;

/// <summary>A request as a model's vendor accepts it, or why there is none.</summary>
public abstract record Fitting
{
    private Fitting() { }

    public sealed record Fits(ChatRequest Request) : Fitting;

    public sealed record Refused(Failure Failure) : Fitting;
}

/// <summary>
/// Makes a request fit a model. A pure function of both, so the fitted prefix of a growing conversation stays the same
/// and the vendor's prompt cache hits; and idempotent, so fitting twice is fitting once.
/// </summary>
public static class Fit
{
    public static Fitting To(ModelCard card, ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(request);

        if (ContractFields.Refusal(request, card) is { } contract) return new Fitting.Refused(contract);
        if (HostedTools.Refusal(request, card) is { } hosted) return new Fitting.Refused(hosted);

        (ChatRequest fitted, Passed passed, int counted) = (request.Groundwork?.Fitted(card) ?? new(card)).Of(BillingHeader.Drop(request, card));
        fitted = DeferredTools.Resolve(fitted, card, passed.Tools);
        fitted = HostedTools.Drop(fitted, card);
        if (ToolCount.Refusal(fitted, card) is { } tooMany) return new Fitting.Refused(tooMany);
        fitted = ToolSchemas.Sanitise(fitted, card);
        fitted = ToolChoices.Degrade(fitted, card);
        fitted = ThinkingSwitch.Set(fitted, card);
        fitted = FixedSampling.Force(fitted, card);

        long prompt = TokenEstimate.Of(fitted, passed.Tokens, counted);
        if (OutputRoom.Refusal(prompt, card) is { } overflow) return new Fitting.Refused(overflow);
        return new Fitting.Fits(OutputRoom.Clamp(fitted, prompt, card));
    }

    /// <summary>The rules that look at turns.</summary>
    /// <param name="stretch">A request with turns that follow those that <paramref name="passed"/> tells of.</param>
    internal static ChatRequest Turns(ModelCard card, ChatRequest stretch, Passed passed)
    {
        ChatRequest fitted = stretch;
        fitted = DeferredTools.Tell(fitted, card, passed.Tools);
        fitted = SystemTurns.Fold(fitted, card);
        fitted = ThinkingByOrigin.Keep(fitted, card);
        fitted = ForeignBlocks.Replace(fitted, card);
        fitted = EmptyBlocks.Drop(fitted, card);
        fitted = CallPairs.Complete(fitted);
        fitted = ThinkingByOrigin.MakePlace(fitted, card);
        fitted = CallArguments.Fill(fitted);
        fitted = CallIds.ForVendor(fitted, passed.Ids);
        fitted = MediaPlacement.Fit(fitted, card);
        fitted = LoopNudges.Give(fitted, card, passed.Trail);
        fitted = CacheMarks.Reduce(fitted, card);
        return fitted;
    }

    /// <summary>True for Anthropic's own service, which understands everything that its clients send.</summary>
    internal static bool IsClaude(this ModelCard card) => card.Dialect == Dialect.Claude;

    internal static bool SpeaksMessages(this ModelCard card) => card.Dialect is Dialect.Claude or Dialect.Messages;

    /// <summary>The request with each block of each turn replaced by zero or more blocks; turns keep their places, even when emptied.</summary>
    internal static ChatRequest ReplaceBlocks(this ChatRequest request, Func<Block, Block?> change) => request with
    {
        Turns = request.Turns.Map(turn => turn with { Blocks = turn.Blocks.Change(change) }),
    };

    internal static Sequence<Block> Change(this Sequence<Block> blocks, Func<Block, Block?> change)
    {
        List<Block> changed = new(blocks.Count);
        bool same = true;
        foreach (Block block in blocks)
        {
            Block? next = change(block);
            same &= ReferenceEquals(next, block);
            if (next is not null) changed.Add(next);
        }
        return same ? blocks : changed.ToSequence();
    }
}
