// The turns of a conversation, in the order they were spoken; it refuses to know which model reads them.

namespace Baltoro.Chat;

/// <summary>What one side said without being interrupted. Two turns of one kind may follow each other.</summary>
public abstract record Turn(Sequence<Block> Blocks)
{
    /// <summary>Fields that were not understood; written back only to an upstream of the same format.</summary>
    public Extra? Extra { get; init; }

    /// <summary>The user's words and the results of tools.</summary>
    public sealed record User(Sequence<Block> Blocks) : Turn(Blocks);

    /// <summary>The model's words. As the last turn of a request it is a beginning that the model is to continue.</summary>
    public sealed record Assistant(Sequence<Block> Blocks) : Turn(Blocks);

    /// <summary>An instruction at this point of the conversation, which must keep its place.</summary>
    public sealed record System(Sequence<Block> Blocks) : Turn(Blocks)
    {
        /// <summary>True when the client wants it gone as soon as the user speaks again.</summary>
        public bool UntilNextUserTurn { get; init; }
    }
}
