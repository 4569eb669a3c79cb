// One word of a shell command: what is known of it before the shell runs. It expands nothing.

namespace Baltoro.Agent.Permissions;

/// <summary>
/// A word with its quotes removed. What only the shell will know stands in it as a placeholder, so that a rule can tell "is" from
/// "could be".
/// </summary>
/// <param name="Text">Literal characters and placeholders.</param>
public sealed record ShellWord(string Text)
{
    /// <summary>In place of an expansion that stays within its word: <c>"$x"</c>, <c>*.txt</c>.</summary>
    public const char Unknown = '\uE000';

    /// <summary>In place of an expansion that may become several words, or none: <c>$x</c>, <c>{a,b}</c>.</summary>
    public const char UnknownWords = '\uE001';

    public bool IsLiteral => Text.AsSpan().IndexOfAny(Unknown, UnknownWords) < 0;

    /// <summary>For people: placeholders as an ellipsis.</summary>
    public override string ToString() => Text.Replace(Unknown, '…').Replace(UnknownWords, '…');
}
