// Takes out of a continuation what only repeats the text that it continues; it refuses to know how the text goes on.

namespace Baltoro.Models.Policy;

/// <summary>
/// Some vendors answer a prefilled text with the text itself and then go on, others repeat its last lines. Deltas are held back while they may
/// still be such a repetition. A repetition is the whole text, or an end of it that is too long to be chance and too rich to be a pattern that
/// simply goes on (a rule of dashes, a row of a table). Not thread-safe.
/// </summary>
/// <param name="shown">The text so far, as the client has it.</param>
/// <param name="sent">What of it the model was given: the same, or the same without the white space at its end.</param>
sealed class Echo(string shown, string sent)
{
    /// <summary>A shorter end that comes again is taken for what the model meant to write.</summary>
    const int ShortestEnd = 32;

    /// <summary>An end with fewer different letters is a pattern.</summary>
    const int FewestLetters = 10;

    const int ShortestWhole = 4;

    readonly System.Text.StringBuilder _held = new();
    List<int>? _starts;

    /// <summary>How much of what is held back is a repetition for certain.</summary>
    int _repeated;

    /// <summary>False once it is known what is a repetition and what is not; then deltas need not come here.</summary>
    public bool IsListening { get; private set; } = shown.Length > 0;

    /// <returns>What of the text so far held back is to be shown; empty while that is open.</returns>
    public string Next(string delta)
    {
        if (!IsListening) return delta;
        foreach (char letter in delta)
        {
            _starts ??= Starts();
            int at = _held.Length;
            _held.Append(letter);
            if (_starts.Count == 0) continue;
            _starts.RemoveAll(start => shown[start + at] != letter);
            if (_starts.Exists(start => IsWhole(start, at + 1))) _repeated = at + 1;
            _starts.RemoveAll(start => start + at + 1 == shown.Length);
        }
        return _starts is { Count: 0 } ? Release() : "";
    }

    /// <summary>The text ended: what is held back was no repetition, but for a complete one in front of it.</summary>
    public string Release()
    {
        if (!IsListening) return "";
        IsListening = false;
        return _held.ToString(_repeated, _held.Length - _repeated);
    }

    /// <summary>The shortest end that can count as a repetition begins here.</summary>
    int LastRichStart()
    {
        HashSet<char> letters = [];
        int start = shown.Length;
        while (start > 0 && letters.Count < FewestLetters) letters.Add(shown[--start]);
        return letters.Count < FewestLetters ? 0 : Math.Min(start, shown.Length - ShortestEnd);
    }

    bool IsWhole(int start, int length) => start + length == shown.Length || start + length == sent.Length && length >= ShortestWhole;

    List<int> Starts()
    {
        List<int> starts = [];
        if (shown.Length >= ShortestWhole) starts.Add(0);
        for (int start = LastRichStart(); start >= 1; start--) starts.Add(start);
        // The model was not given the white space at the end, so it writes it again.
        for (int start = Math.Max(sent.Length, 1); start < shown.Length; start++) starts.Add(start);
        return starts;
    }
}
