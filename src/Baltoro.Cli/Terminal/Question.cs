// A question that a person answers with one key, such as whether a command may run; it refuses to know what becomes of the answer.

using Baltoro.Agent.Permissions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <param name="What">What is about to happen, in lines.</param>
/// <param name="Like">What "always" would cover; null where that is no answer.</param>
sealed record Question(Sequence<Styled> What, string? Like)
{
    readonly TaskCompletionSource<Answer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Answer> Answered => _answer.Task;

    public void Give(Answer answer) => _answer.TrySetResult(answer);

    public IEnumerable<Styled> Lines() =>
    [
        .. What,
        Styled.Of([new Piece("  y", Style.Strong), new(" yes   "), .. (Piece[])(Like is null ? [] : [new("a", Style.Strong), new($" always: {Like}   ")]), new("n", Style.Strong), new(" no (or Esc)")]),
    ];

    /// <returns>Null for a key that is no answer.</returns>
    public Answer? Of(Key key) => key switch
    {
        Key.Typed { Content: "y" or "Y" } or Key.Press { Stroke: Stroke.Enter } => Answer.Yes,
        Key.Typed { Content: "a" or "A" } when Like is not null => Answer.Always,
        Key.Typed { Content: "n" or "N" } or Key.Press { Stroke: Stroke.Escape or Stroke.Interrupt } => Answer.No,
        _ => null,
    };
}
