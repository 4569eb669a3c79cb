// Free text in which a line's number opens a quotation of that line. Knows neither who wrote the lines nor what is done with what was quoted.

using System.Text;

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>What closes a quotation.</summary>
/// <param name="Text">A blank comes behind it.</param>
/// <param name="IsBeforePath">Whether the word behind it has to look like a path.</param>
public sealed record QuoteSign(string Text, bool IsBeforePath)
{
    /// <summary>No sign has more characters.</summary>
    public const int Longest = 60;
}

/// <summary>
/// <para>Behind the number of a line and its tab comes what stands in that line, from its beginning up to the beginning of a word of it; there a sign closes the quotation, and the word
/// follows, whole, and a blank if anything does. So <c>2⇥# now read on in -> @ b.py</c> can be said of <c>2⇥# now read on in -> b.py</c>, and not with another name. All else is free.</para>
/// <para>A state is a set of places, of which there is nearly always one: a word of the line can begin like a sign. States are made as they are met.</para>
/// </summary>
sealed class LineQuoteLeaf : Leaf
{
    enum Kind
    {
        /// <summary>Outside of quotations. At: what is known of the number or word in hand. Depth: where in a character.</summary>
        Free,

        /// <summary>In a line's beginning. At: the byte that comes next.</summary>
        Line,

        /// <summary>In a sign. At: where the word begins. Depth: the sign, and how much of it was read.</summary>
        Sign,

        /// <summary>In the word. At: the byte that comes next. Depth: 0 for its first.</summary>
        Word,
    }

    readonly record struct Place(Kind Kind, int At, int Depth);

    /// <summary>Values of <see cref="Place.At"/> outside of quotations, below the numbers of nodes of <see cref="_numbers"/>.</summary>
    const int NoLine = -3, Between = -2, InWord = -1;

    const int LongestSign = 256;

    readonly Leaf _free;
    readonly byte[] _bytes;
    readonly (byte[] Text, bool[] Begins)[] _signs;
    readonly bool[] _ends;
    readonly int[] _wordCosts, _lineCosts;

    /// <summary>Line numbers as a tree: where a digit leads, and where the line behind the number begins, -1 for none.</summary>
    readonly List<(int[] Digits, int Line)> _numbers = [];

    readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    readonly List<Place[]> _states = [];
    readonly Dictionary<int, int> _steps = [];

    /// <param name="lines">Each begins with its number and a tab; what does not is no line to be quoted.</param>
    /// <param name="free">Any text, whose states are few.</param>
    public LineQuoteLeaf(string lines, IReadOnlyList<QuoteSign> signs, Leaf free)
    {
        _free = free;
        (_bytes, bool[] words, _ends, bool[] paths) = Spans.Words(lines);
        _signs = [.. signs.Select(sign => (Encoding.UTF8.GetBytes($"{sign.Text} "), sign.IsBeforePath ? paths : words))];
        _wordCosts = new int[_bytes.Length + 1];
        _lineCosts = new int[_bytes.Length + 1];
        _wordCosts[^1] = _lineCosts[^1] = Cost.Never;
        for (int at = _bytes.Length - 1; at >= 0; at--)
        {
            bool over = _bytes[at] == (byte)'\n';
            _wordCosts[at] = over ? Cost.Never : Cost.Sum(1, _ends[at + 1] ? 0 : _wordCosts[at + 1]);
            int sign = _signs.Where(sign => sign.Begins[at]).Select(sign => sign.Text.Length).DefaultIfEmpty(Cost.Never).Min();
            _lineCosts[at] = over ? Cost.Never : Math.Min(Cost.Sum(sign, _wordCosts[at]), Cost.Sum(1, _lineCosts[at + 1]));
        }
        _numbers.Add((Ten(), -1));
        for (int at = 0; at < _bytes.Length; at++)
            if (at == 0 || _bytes[at - 1] == (byte)'\n') Number(at);
        Intern([new(Kind.Free, Between, 0)]);
    }

    static int[] Ten() => [.. Enumerable.Repeat(-1, 10)];

    void Number(int at)
    {
        int node = 0, first = at;
        for (; at < _bytes.Length && char.IsAsciiDigit((char)_bytes[at]); at++)
        {
            ref int next = ref _numbers[node].Digits[_bytes[at] - '0'];
            if (next < 0)
            {
                next = _numbers.Count;
                _numbers.Add((Ten(), -1));
            }
            node = next;
        }
        if (at > first && at < _bytes.Length && _bytes[at] == (byte)'\t') _numbers[node] = (_numbers[node].Digits, at + 1);
    }

    public override int Step(int state, byte value)
    {
        int key = state << 8 | value;
        if (_steps.TryGetValue(key, out int known)) return known;
        List<Place> next = [];
        foreach (Place place in _states[state]) Step(place, value, next);
        int made = next.Count == 0 ? -1 : Intern([.. next.Distinct()]);
        _steps.Add(key, made);
        return made;
    }

    void Step(Place place, byte value, List<Place> into)
    {
        (Kind kind, int at, int depth) = place;
        switch (kind)
        {
            case Kind.Free:
                StepFree(at, depth, value, into);
                break;
            case Kind.Line:
                if (_bytes[at] == value && _lineCosts[at + 1] < Cost.Never) into.Add(new(Kind.Line, at + 1, 0));
                for (int sign = 0; sign < _signs.Length; sign++)
                    if (_signs[sign].Begins[at] && _wordCosts[at] < Cost.Never && _signs[sign].Text[0] == value) into.Add(new(Kind.Sign, at, sign * LongestSign + 1));
                break;
            case Kind.Sign:
                byte[] text = _signs[depth / LongestSign].Text;
                int read = depth % LongestSign;
                if (text[read] == value) into.Add(read + 1 == text.Length ? new(Kind.Word, at, 0) : place with { Depth = depth + 1 });
                break;
            default:
                if (at < _bytes.Length && _bytes[at] == value && _wordCosts[at] < Cost.Never && !(depth > 0 && _ends[at])) into.Add(new(Kind.Word, at + 1, 1));
                if (depth > 0 && _ends[at] && value is (byte)' ' or (byte)'\n') StepFree(Between, 0, value, into);
                break;
        }
    }

    void StepFree(int at, int place, byte value, List<Place> into)
    {
        bool isDigit = char.IsAsciiDigit((char)value);
        if (value == (byte)'\t' && (at >= 0 || at == NoLine))
        {
            if (at >= 0 && _numbers[at].Line is >= 0 and var line && _lineCosts[line] < Cost.Never) into.Add(new(Kind.Line, line, 0));
            return;
        }
        if (_free.Step(place, value) is not (>= 0 and var next)) return;
        int inHand = isDigit && at == NoLine ? NoLine
            : isDigit && at != InWord ? _numbers[Math.Max(0, at)].Digits[value - '0'] is >= 0 and var node ? node : NoLine
            : isDigit || char.IsAsciiLetter((char)value) || value is (byte)'_' or >= 0x80 ? InWord : Between;
        into.Add(new(Kind.Free, inHand, next));
    }

    int Intern(Place[] places)
    {
        string key = string.Join(' ', places);
        if (_known.TryGetValue(key, out int known)) return known;
        _known.Add(key, _states.Count);
        _states.Add(places);
        return _states.Count - 1;
    }

    public override int Label(int state) => Array.Exists(_states[state], place => place.Kind == Kind.Free && _free.Label(place.Depth) >= 0 || place is { Kind: Kind.Word, Depth: > 0 } && _ends[place.At]) ? 0 : -1;

    public override bool GoesOn(int state) => true;

    public override int CostOf(int state) => _states[state].Min(place => place.Kind switch
    {
        Kind.Free => _free.CostOf(place.Depth),
        Kind.Line => _lineCosts[place.At],
        Kind.Sign => Cost.Sum(_signs[place.Depth / LongestSign].Text.Length - place.Depth % LongestSign, _wordCosts[place.At]),
        _ => place.Depth > 0 && _ends[place.At] ? 0 : _wordCosts[place.At],
    });
}
