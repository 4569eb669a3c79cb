// What the history rules remember of the turns in front of those that they look at. It refuses to know the rules.

namespace Baltoro.Chat.History;

/// <summary>Empty in front of a conversation. Changed by the rules as they go along; a fork changes for itself.</summary>
sealed class Passed
{
    Passed(DeferredTools.Named tools, CallIds.VendorIds ids, LoopNudges.Trail trail, TurnTokens tokens) => (Tools, Ids, Trail, Tokens) = (tools, ids, trail, tokens);

    public Passed(ModelCard card) : this(new(), new(card.Ids), new(), new())
    {
    }

    public DeferredTools.Named Tools { get; }

    public CallIds.VendorIds Ids { get; }

    public LoopNudges.Trail Trail { get; }

    /// <summary>Of the turns as they were fitted.</summary>
    public TurnTokens Tokens { get; }

    public Passed Fork() => new(Tools.Fork(), Ids.Fork(), Trail.Fork(), Tokens.Fork());
}
