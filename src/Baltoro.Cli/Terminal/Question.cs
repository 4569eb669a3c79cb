// A question that a person answers with one key, such as whether a command may run; it refuses to know what becomes of the answer.

using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>The answers to a question about permission.</summary>
enum Answer
{
    Yes,

    /// <summary>And do not ask again for the like in this session.</summary>
    Always,
    No,
}

/// <param name="What">What is about to happen, in lines.</param>
/// <param name="Like">What "always" would cover, as a rule.</param>
sealed record Question(Sequence<Styled> What, string Like)
{
    readonly TaskCompletionSource<Answer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Answer> Answered => _answer.Task;

    public void Give(Answer answer) => _answer.TrySetResult(answer);

    public IEnumerable<Styled> Lines() =>
    [
        .. What,
        Styled.Of(new Piece("  y", Style.Strong), new(" yes   "), new("a", Style.Strong), new($" always: {Like}   "), new("n", Style.Strong), new(" no (or Esc)")),
    ];

    /// <returns>Null for a key that is no answer.</returns>
    public static Answer? Of(Key key) => key switch
    {
        Key.Typed { Content: "y" or "Y" } or Key.Press { Stroke: Stroke.Enter } => Answer.Yes,
        Key.Typed { Content: "a" or "A" } => Answer.Always,
        Key.Typed { Content: "n" or "N" } or Key.Press { Stroke: Stroke.Escape or Stroke.Interrupt } => Answer.No,
        _ => null,
    };
}
