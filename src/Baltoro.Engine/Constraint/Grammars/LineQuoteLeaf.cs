// A word of a numbered line, behind all that stands in front of it. Knows neither who wrote the lines nor what is done with the word.

using System.Text;

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>What stands between a line's beginning and the word that is quoted from it.</summary>
/// <param name="Text">A blank comes behind it.</param>
/// <param name="IsBeforePath">Whether the word has to look like a path.</param>
/// <param name="Behind">What the line has to have in front of the word, in small letters or large; null for anything.</param>
public sealed record QuoteSign(string Text, bool IsBeforePath, string? Behind = null);

/// <summary>
/// <para>The number of a line and a tab; what stands in that line, from its beginning up to the beginning of a word of it; a sign, a blank, and that word, whole. So
/// <c>2⇥# now read on in -> @ b.py</c> can be said of <c>2⇥# now read on in -> b.py</c>, and not with another name.</para>
/// <para>A state is a set of places, of which there is nearly always one: a word of the line can begin like the sign. States are made as they are met.</para>
/// </summary>
sealed class LineQuoteLeaf : Leaf
{
    enum Kind
    {
        /// <summary>In the number. At: a node of <see cref="_numbers"/>.</summary>
        Number,

        /// <summary>In the line's beginning. At: the byte that comes next.</summary>
        Line,

        /// <summary>In the sign. At: where the word begins. Depth: how much of the sign was read.</summary>
        Sign,

        /// <summary>In the word. At: the byte that comes next. Depth: 0 for its first.</summary>
        Word,
    }

    readonly record struct Place(Kind Kind, int At, int Depth = 0);

    readonly byte[] _bytes, _sign;
    readonly bool[] _begins, _ends;
    readonly int[] _wordCosts, _lineCosts;

    /// <summary>The numbers of lines that have something to quote as a tree: where a digit leads, where the line behind the number begins, -1 for none, and how few bytes end it all.</summary>
    readonly List<(int[] Digits, int Line, int Cost)> _numbers = [(Ten(), -1, Cost.Never)];

    readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    readonly List<Place[]> _states = [];
    readonly Dictionary<int, int> _steps = [];

    /// <param name="lines">Each begins with its number and a tab; what does not is no line to be quoted.</param>
    public LineQuoteLeaf(string lines, QuoteSign sign)
    {
        (_bytes, bool[] words, _ends, bool[] paths) = Spans.Words(lines);
        _sign = Encoding.UTF8.GetBytes($"{sign.Text} ");
        _begins = sign.IsBeforePath ? paths : words;
        if (sign.Behind is { } behind) Behind(lines, behind);
        _wordCosts = new int[_bytes.Length + 1];
        _lineCosts = new int[_bytes.Length + 1];
        _wordCosts[^1] = _lineCosts[^1] = Cost.Never;
        for (int at = _bytes.Length - 1; at >= 0; at--)
        {
            bool over = _bytes[at] == (byte)'\n';
            _wordCosts[at] = over ? Cost.Never : Cost.Sum(1, _ends[at + 1] ? 0 : _wordCosts[at + 1]);
            _lineCosts[at] = over ? Cost.Never : Math.Min(_begins[at] ? Cost.Sum(_sign.Length, _wordCosts[at]) : Cost.Never, Cost.Sum(1, _lineCosts[at + 1]));
        }
        for (int at = 0; at < _bytes.Length; at++)
            if (at == 0 || _bytes[at - 1] == (byte)'\n') Number(at);
        Intern([new(Kind.Number, 0)]);
    }

    /// <summary>There is nothing to quote.</summary>
    public bool IsEmpty => _numbers[0].Cost >= Cost.Never;

    static int[] Ten() => [.. Enumerable.Repeat(-1, 10)];

    /// <summary>Words begin only behind this text, in each line.</summary>
    void Behind(string lines, string text)
    {
        int at = 0;
        foreach (string line in lines.Split('\n'))
        {
            int found = line.IndexOf(text, StringComparison.OrdinalIgnoreCase), length = Encoding.UTF8.GetByteCount(line);
            int from = found < 0 ? length : Encoding.UTF8.GetByteCount(line.AsSpan(0, found + text.Length));
            Array.Clear(_begins, at, from);
            at += length + 1;
        }
    }

    void Number(int first)
    {
        int at = first;
        while (at < _bytes.Length && char.IsAsciiDigit((char)_bytes[at])) at++;
        if (at == first || at >= _bytes.Length || _bytes[at] != (byte)'\t' || _lineCosts[at + 1] >= Cost.Never) return;
        int node = 0;
        for (int digit = first; ; digit++)
        {
            int cost = Cost.Sum(at - digit + 1, _lineCosts[at + 1]);
            if (cost < _numbers[node].Cost) _numbers[node] = _numbers[node] with { Cost = cost };
            if (digit == at) break;
            ref int next = ref _numbers[node].Digits[_bytes[digit] - '0'];
            if (next < 0)
            {
                next = _numbers.Count;
                _numbers.Add((Ten(), -1, Cost.Never));
            }
            node = next;
        }
        _numbers[node] = _numbers[node] with { Line = at + 1 };
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
            case Kind.Number:
                if (value == (byte)'\t' && _numbers[at].Line is >= 0 and var line) into.Add(new(Kind.Line, line));
                else if (char.IsAsciiDigit((char)value) && _numbers[at].Digits[value - '0'] is >= 0 and var node) into.Add(new(Kind.Number, node));
                break;
            case Kind.Line:
                if (_bytes[at] == value && _lineCosts[at + 1] < Cost.Never) into.Add(new(Kind.Line, at + 1));
                if (_begins[at] && _wordCosts[at] < Cost.Never && _sign[0] == value) into.Add(new(Kind.Sign, at, 1));
                break;
            case Kind.Sign:
                if (_sign[depth] == value) into.Add(depth + 1 == _sign.Length ? new(Kind.Word, at) : place with { Depth = depth + 1 });
                break;
            default:
                if (at < _bytes.Length && _bytes[at] == value && _wordCosts[at] < Cost.Never && !(depth > 0 && _ends[at])) into.Add(new(Kind.Word, at + 1, 1));
                break;
        }
    }

    int Intern(Place[] places)
    {
        string key = string.Join(' ', places);
        if (_known.TryGetValue(key, out int known)) return known;
        _known.Add(key, _states.Count);
        _states.Add(places);
        return _states.Count - 1;
    }

    public override int Label(int state) => Array.Exists(_states[state], IsOver) ? 0 : -1;

    public override bool GoesOn(int state) => !Array.TrueForAll(_states[state], IsOver);

    bool IsOver(Place place) => place is { Kind: Kind.Word, Depth: > 0 } && _ends[place.At];

    public override int CostOf(int state) => _states[state].Min(place => place.Kind switch
    {
        Kind.Number => _numbers[place.At].Cost,
        Kind.Line => _lineCosts[place.At],
        Kind.Sign => Cost.Sum(_sign.Length - place.Depth, _wordCosts[place.At]),
        _ => IsOver(place) ? 0 : _wordCosts[place.At],
    });
}
