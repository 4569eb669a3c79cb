// A regular expression of JSON schema (ECMA 262) as an automaton over the JSON string that it is asked of. Knows no schema.

using System.Globalization;

namespace Baltoro.Engine.Constraint.Automata;

/// <summary>
/// <para>Whatever the automaton reads matches, by ECMA's reading and by .NET's. Where the two differ, or where a class would have to be spelled out over all of
/// Unicode, it reads less than matches: \d, \w and \s are ASCII's, their opposites too, and nothing outside of the basic plane is read.</para>
/// <para>Anchors stand at the beginning and end of alternatives only. Not understood, and refused: \b, look-arounds, back references, \p, flags.</para>
/// </summary>
sealed class Pattern
{
    /// <summary>States beyond which an expression is refused.</summary>
    public const int MostStates = 6000;

    /// <summary>Groups inside each other beyond which one is refused: each is read inside of the one around it.</summary>
    const int Deepest = 100;

    static readonly (int, int)[] Digits = [('0', '9')], Words = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')], Blanks = [('\t', '\r'), (' ', ' ')];

    /// <summary>The basic plane without surrogates.</summary>
    static readonly (int, int)[] Everything = [(0, 0xD7FF), (0xE000, 0xFFFF)];

    /// <summary>What ends a line by ECMA's reading is no dot.</summary>
    static readonly (int, int)[] Dot = Without(Everything, [('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]);

    readonly string _text;
    readonly Nfa _nfa = new();
    int _at, _depth;

    Pattern(string text) => _text = text;

    /// <exception cref="FormatException">It is not understood; the message says what and where.</exception>
    public static Dfa Compile(string pattern)
    {
        Pattern reading = new(pattern);
        Nfa nfa = reading._nfa;
        int start = nfa.Add(), body = nfa.Literal(start, "\""u8), end = nfa.Add();
        reading.Alternatives(body, end, whole: true);
        if (reading._at < pattern.Length) throw reading.No("a `)` that closes nothing");
        nfa.End(nfa.Literal(end, "\""u8), 0);
        return nfa.Determinise(start, MostStates) ?? throw new FormatException($"{reading.Shown} has over {MostStates} states, or is at too many places at once");
    }

    /// <summary>Any text of so many characters, for patterns that have a length besides.</summary>
    public static Dfa OfLength(int least, int most)
    {
        Nfa nfa = new();
        int start = nfa.Add(), at = nfa.Literal(start, "\""u8), end = nfa.Add();
        for (int i = 0; i < (most == int.MaxValue ? least : most); i++)
        {
            if (i >= least) nfa.Free(at, end);
            int next = nfa.Add();
            Characters(nfa, at, next, Everything);
            at = next;
        }
        if (most == int.MaxValue) Characters(nfa, at, at, Everything);
        nfa.Free(at, end);
        nfa.End(nfa.Literal(end, "\""u8), 0);
        return nfa.Determinise(start, int.MaxValue)!;
    }

    /// <summary>What stands outside of any group may begin or end anywhere in the text, unless an anchor says otherwise.</summary>
    void Alternatives(int from, int to, bool whole)
    {
        do
        {
            int at = _nfa.Add();
            _nfa.Free(from, at);
            if (whole)
            {
                if (!Take('^')) Characters(_nfa, at, at, Everything);
                else at = Forward(at);
            }
            bool anchored = false;
            while (_at < _text.Length && _text[_at] is not ('|' or ')'))
            {
                if (whole && Take('$'))
                {
                    if (_at < _text.Length && _text[_at] is not ('|' or ')')) throw No("a `$` before the end of an alternative");
                    anchored = true;
                    break;
                }
                at = Repeated(at);
            }
            if (whole && !anchored)
            {
                at = Forward(at);
                Characters(_nfa, at, at, Everything);
            }
            _nfa.Free(at, to);
        }
        while (Take('|'));
    }

    int Forward(int from)
    {
        int next = _nfa.Add();
        _nfa.Free(from, next);
        return next;
    }

    int Repeated(int from)
    {
        int begin = _at, first = Atom(from);
        (int least, int most) = Count();
        if ((least, most) == (1, 1)) return first;
        int end = _at;
        // The atom is read again for every copy; the first reading's states hang in the air and are never reached.
        int at = Forward(from), done = _nfa.Add();
        for (int i = 0; i < (most == int.MaxValue ? least : most); i++)
        {
            if (i >= least) _nfa.Free(at, done);
            _at = begin;
            at = Atom(Forward(at));
        }
        if (most == int.MaxValue)
        {
            int loop = Forward(at);
            _at = begin;
            _nfa.Free(Atom(Forward(loop)), loop);
            at = loop;
        }
        _nfa.Free(at, done);
        _at = end;
        return done;
    }

    (int Least, int Most) Count()
    {
        (int, int) count = (1, 1);
        if (Take('*')) count = (0, int.MaxValue);
        else if (Take('+')) count = (1, int.MaxValue);
        else if (Take('?')) count = (0, 1);
        else if (_at < _text.Length && _text[_at] == '{')
        {
            int close = _text.IndexOf('}', _at);
            string[] parts = close < 0 ? [] : _text[(_at + 1)..close].Split(',');
            if (parts.Length is 0 or > 2 || !Number(parts[0], out int least)) throw No("a `{` that begins no count");
            int most = least;
            if (parts.Length == 2 && parts[1].Length == 0) most = int.MaxValue;
            else if (parts.Length == 2 && !Number(parts[1], out most)) throw No("a `{` that begins no count");
            if (most < least) throw No("a count whose end is before its beginning");
            count = (least, most);
            _at = close + 1;
        }
        // Lazy or not is the same language.
        if (count != (1, 1)) Take('?');
        return count;

        static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= MostStates;
    }

    int Atom(int from)
    {
        // Repeated groups inside each other are read ever more often.
        if (_nfa.States > 20 * MostStates) throw No("too many repetitions");
        char first = _text[_at++];
        int next = _nfa.Add();
        switch (first)
        {
            case '(':
                if (Take('?') && !Take(':')) throw No("a group that is neither `(` nor `(?:`");
                if (++_depth > Deepest) throw No($"groups over {Deepest} deep");
                Alternatives(from, next, whole: false);
                _depth--;
                if (!Take(')')) throw No("a group without end");
                return next;
            case '[':
                Characters(_nfa, from, next, Class());
                return next;
            case '.':
                Characters(_nfa, from, next, Dot);
                return next;
            case '\\':
                Characters(_nfa, from, next, Escaped(inClass: false, out _));
                return next;
            case '^' or '$': throw No($"an anchor `{first}` inside");
            case '*' or '+' or '?' or '{': throw No($"a `{first}` with nothing to repeat");
            default:
                if (char.IsSurrogate(first)) throw No("a character outside of the basic plane");
                Characters(_nfa, from, next, [(first, first)]);
                return next;
        }
    }

    (int, int)[] Class()
    {
        bool not = Take('^'), ascii = false;
        List<(int, int)> ranges = [];
        while (!Take(']'))
        {
            (int First, int Last)[] part = One(out bool wide);
            ascii |= wide;
            if (part is [var (first, single)] && first == single && _at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                if (One(out _) is not [var (last, same)] || last != same || last < first) throw No("a range without a sensible end");
                ranges.Add((first, last));
            }
            else ranges.AddRange(part);
        }
        // What \w leaves out beyond ASCII, readers of patterns do not agree about.
        return not ? Without(ascii ? [(0, 0x7F)] : Everything, [.. ranges]) : Without([.. ranges], [(0xD800, 0xDFFF)]);

        (int, int)[] One(out bool wide)
        {
            wide = false;
            if (_at >= _text.Length) throw No("a class without end");
            char character = _text[_at++];
            if (character == '\\') return Escaped(inClass: true, out wide);
            if (char.IsSurrogate(character)) throw No("a character outside of the basic plane");
            return [(character, character)];
        }
    }

    /// <param name="wide">It stands for a class that others read as more than ASCII.</param>
    (int, int)[] Escaped(bool inClass, out bool wide)
    {
        if (_at >= _text.Length) throw No("a `\\` at the end");
        char kind = _text[_at++];
        wide = kind is 'd' or 'w' or 's' or 'D' or 'W' or 'S';
        switch (kind)
        {
            case 'd': return Digits;
            case 'w': return Words;
            case 's': return Blanks;
            case 'D': return Without([(0, 0x7F)], Digits);
            case 'W': return Without([(0, 0x7F)], Words);
            case 'S': return Without([(0, 0x7F)], Blanks);
            case 'n': return [('\n', '\n')];
            case 'r': return [('\r', '\r')];
            case 't': return [('\t', '\t')];
            case 'f': return [('\f', '\f')];
            case 'v': return [('\v', '\v')];
            case '0': return [(0, 0)];
            case 'b' when inClass: return [('\b', '\b')];
            case 'x' or 'u':
                int digits = kind == 'x' ? 2 : 4;
                if (_at + digits > _text.Length || !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || code is >= 0xD800 and < 0xE000)
                    throw No($"a `\\{kind}` without {digits} digits of a character in the basic plane");
                _at += digits;
                return [(code, code)];
            case var other when char.IsAsciiLetterOrDigit(other): throw No($"a `\\{other}`");
            default: return [(kind, kind)];
        }
    }

    bool Take(char wanted)
    {
        if (_at >= _text.Length || _text[_at] != wanted) return false;
        _at++;
        return true;
    }

    FormatException No(string what) => new($"{Shown} has {what} (at {_at})");

    string Shown => _text.Length > 200 ? $"`{_text[..200]}…`" : $"`{_text}`";

    static void Characters(Nfa nfa, int from, int to, (int First, int Last)[] ranges)
    {
        foreach (var (first, last) in ranges) JsonText.Add(nfa, from, to, first, last);
    }

    static (int, int)[] Without((int First, int Last)[] ranges, (int First, int Last)[] others)
    {
        foreach (var (first, last) in others)
            ranges = [.. ranges.SelectMany(range => ((int First, int Last)[])[(range.First, Math.Min(range.Last, first - 1)), (Math.Max(range.First, last + 1), range.Last)])
                .Where(range => range.First <= range.Last).Distinct()];
        return ranges;
    }
}
