// The beginning of a conversation as it was fitted to one model, and where it may be cut so that the rest can be fitted by itself. It refuses to know the rules.

namespace Baltoro.Chat.History;

/// <summary>
/// No rule looks from one reply of the model across the next, so what stands in front of a reply stays what it is once that reply is there.
/// Kept is what two requests had in common; all behind it is fitted anew, in the knowledge of what is in front.
/// </summary>
sealed class FittedBeginning(ModelCard card)
{
    readonly SameBeginning _same = new();
    readonly List<Turn> _fitted = [];
    Passed _passed = new(card);

    /// <summary>The turns that <see cref="_fitted"/> was made of.</summary>
    int _given;

    /// <summary>The request with its turns fitted, what the rules then know, and how many turns at the beginning their <see cref="Passed.Tokens"/> stand for.</summary>
    public (ChatRequest Fitted, Passed Passed, int Counted) Of(ChatRequest request)
    {
        Sequence<Turn> turns = request.Turns;
        int same = _same.Of(turns);
        if (_given > same || (_given > 0 && !IsSeam(turns, _given))) Forget();
        int seam = LastSeam(turns, same);
        if (seam > _given) Keep(Fit.Turns(card, request with { Turns = Sequence.Create(turns.AsSpan()[_given..seam]) }, _passed).Turns, seam);

        Passed passed = _passed.Fork();
        if (_given == 0) return (Fit.Turns(card, request, passed), passed, 0);
        ChatRequest rest = Fit.Turns(card, request with { Turns = Sequence.Create(turns.AsSpan()[_given..]) }, passed);
        return (rest with { Turns = [.. _fitted, .. rest.Turns] }, passed, _fitted.Count);
    }

    void Keep(Sequence<Turn> fitted, int given)
    {
        foreach (Turn turn in fitted)
        {
            _fitted.Add(turn);
            _passed.Tokens.Add(turn);
        }
        _given = given;
    }

    void Forget()
    {
        _fitted.Clear();
        _passed = new(card);
        _given = 0;
    }

    int LastSeam(Sequence<Turn> turns, int most)
    {
        int seam = _given;
        for (int i = _given; i <= most && i < turns.Count; i++)
        {
            if (i > _given && IsSeam(turns, i)) seam = i;
            // Such a turn goes when the user speaks again, however much later.
            if (turns[i] is Turn.System { UntilNextUserTurn: true }) break;
        }
        return seam;
    }

    /// <summary>
    /// Between a turn that the user surely keeps something of and one that the model surely does: turns that the rules empty would bring their neighbours
    /// together.
    /// </summary>
    static bool IsSeam(Sequence<Turn> turns, int at) => at < turns.Count
        && turns[at] is Turn.Assistant spoken && Any(spoken.Blocks, static block => block is Block.ToolCall || IsWord(block))
        && turns[at - 1] is Turn.User heard && Any(heard.Blocks, static block => block is Block.ToolResult || IsWord(block));

    static bool IsWord(Block block) => block is Block.Text { Content: var text } && !string.IsNullOrWhiteSpace(text);

    static bool Any(Sequence<Block> blocks, Func<Block, bool> fits)
    {
        foreach (Block block in blocks)
            if (fits(block)) return true;
        return false;
    }
}
