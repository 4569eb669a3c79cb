// A question that a person answers with one key, such as whether a command may run; it refuses to know what becomes of the answer.

using Baltoro.Agent.Permissions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <param name="What">What is about to happen: all of it, for a person answers for all of it.</param>
/// <param name="Why">Why it is asked: a sentence, or one a line.</param>
/// <param name="Like">What "always" would cover; null where that is no answer.</param>
sealed record Question(Sequence<Styled> What, string Why, string? Like)
{
    /// <summary>Reasons that are shown; more stand in the call itself.</summary>
    const int MostReasons = 6;

    readonly TaskCompletionSource<Answer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Answer> Answered => _answer.Task;

    /// <summary>False until a person can have read it: a key that came before is no answer.</summary>
    public bool IsShown { get; set; }

    public void Give(Answer answer) => _answer.TrySetResult(answer);

    /// <summary>In rows of the window; of a call that is too long for it the beginning and the end, and how to see the rest.</summary>
    /// <param name="most">Rows.</param>
    public IEnumerable<Styled> Lines(int columns, int most)
    {
        List<Styled> what = [.. What.SelectMany(line => line.Rows(columns - 1, 4))];
        List<Styled> answers =
        [
            .. Reasons().SelectMany(reason => Styled.Of($"  {reason}", Style.Dim).Rows(columns - 1, 4)),
            Styled.Of(new Piece("  y", Style.Strong), new(" yes    "), new("n", Style.Strong), new(" no (Esc)    or write what to do instead")),
            .. Like is null ? [] : Styled.Of(new Piece("  a", Style.Strong), new($" always, in this sitting: {Like}")).Rows(columns - 1, 4),
        ];
        int room = Math.Max(3, most - answers.Count);
        if (what.Count <= room) return [.. what, .. answers];
        int beginning = (room - 1) / 2, end = room - 1 - beginning;
        return [.. what.Take(beginning), Styled.Of($"  … {what.Count - beginning - end} more rows (Ctrl-O shows all)", Style.Bad), .. what.TakeLast(end), .. answers];
    }

    string[] Reasons()
    {
        string[] reasons = Why.Split('\n');
        return reasons.Length <= MostReasons ? reasons : [.. reasons[..(MostReasons - 1)], $"And {reasons.Length - MostReasons + 1} more like these."];
    }

    /// <returns>Null for a key that is no answer.</returns>
    public Answer? Of(Key key) => key switch
    {
        _ when !IsShown => null,
        Key.Typed { Content: "y" or "Y" } => Answer.Yes,
        Key.Typed { Content: "a" or "A" } when Like is not null => Answer.Always,
        Key.Typed { Content: "n" or "N" } or Key.Press { Stroke: Stroke.Escape } => Answer.No,
        _ => null,
    };
}
