// Numbers between bounds, and multiples, as automata over their digits. Knows no schema.

using System.Globalization;
using System.Numerics;

namespace Baltoro.Engine.Constraint.Automata;

/// <summary>A bound of a range; which side it is on says who holds it.</summary>
readonly record struct Bound(Exact At, bool Excluded);

/// <summary>Numbers are written without an exponent where there are bounds, without leading zeros and without minus zero.</summary>
static class NumberTexts
{
    /// <summary>Without a bound whole numbers stay where doubles have them all.</summary>
    static readonly BigInteger Usual = BigInteger.Pow(10, 15) - 1;

    /// <summary>No bound is believed beyond this; nobody needs such numbers, and they would make large automata.</summary>
    static readonly BigInteger Utmost = BigInteger.Pow(10, 18);

    /// <summary>Any number that JSON can write, of up to 15 digits on each side of the point and two in the exponent.</summary>
    public static Dfa Any()
    {
        Nfa nfa = new();
        int start = nfa.Add(), sign = nfa.Literal(start, "-"u8), whole = nfa.Add(), point = nfa.Add(), power = nfa.Add(), end = nfa.Add();
        nfa.Free(start, sign);
        nfa.Step(sign, (byte)'0', (byte)'0', whole);
        int first = nfa.Add();
        nfa.Step(sign, (byte)'1', (byte)'9', first);
        Digits(first, whole, 0, 14);
        nfa.Step(whole, (byte)'.', (byte)'.', point);
        int fraction = nfa.Add();
        Digits(point, fraction, 1, 15);
        nfa.Free(whole, end);
        nfa.Free(fraction, end);
        foreach (int from in (int[])[whole, fraction])
        {
            nfa.Step(from, (byte)'e', (byte)'e', power);
            nfa.Step(from, (byte)'E', (byte)'E', power);
        }
        int signed = nfa.Add();
        nfa.Free(power, signed);
        nfa.Step(power, (byte)'+', (byte)'+', signed);
        nfa.Step(power, (byte)'-', (byte)'-', signed);
        Digits(signed, end, 1, 2);
        nfa.End(end, 0);
        return nfa.Determinise(start, int.MaxValue)!;

        void Digits(int from, int to, int least, int most)
        {
            for (int i = 0; i <= most; i++)
            {
                if (i >= least) nfa.Free(from, to);
                if (i == most) break;
                int next = nfa.Add();
                nfa.Step(from, (byte)'0', (byte)'9', next);
                from = next;
            }
        }
    }

    /// <summary>Numbers between two bounds, with any of these counts of decimals. Empty when there is none.</summary>
    public static Dfa Between(Bound? least, Bound? most, IEnumerable<int> decimals)
    {
        Nfa nfa = new();
        int start = nfa.Add(), end = nfa.Add(), minus = nfa.Literal(start, "-"u8);
        nfa.End(end, 0);
        foreach (int places in decimals)
        {
            BigInteger unit = BigInteger.Pow(10, places);
            BigInteger? low = least is { } l ? l.Excluded ? l.At.Floor(places) + 1 : l.At.Ceiling(places) : null;
            BigInteger? high = most is { } m ? m.Excluded ? m.At.Ceiling(places) - 1 : m.At.Floor(places) : null;
            BigInteger from = BigInteger.Max(-Utmost * unit, low ?? BigInteger.Min(-Usual * unit, (high ?? 0) - Usual * unit));
            BigInteger to = BigInteger.Min(Utmost * unit, high ?? BigInteger.Max(Usual * unit, (low ?? 0) + Usual * unit));
            Unsigned(nfa, start, end, BigInteger.Max(from, 0), to, places);
            Unsigned(nfa, minus, end, BigInteger.Max(-to, 1), -from, places);
        }
        return nfa.Determinise(start, int.MaxValue)!;
    }

    /// <summary>Numbers whose digits, the point left out, are a multiple.</summary>
    public static Dfa Multiples(int of)
    {
        byte[] classes = new byte[256];
        for (int digit = 0; digit < 10; digit++) classes['0' + digit] = (byte)(1 + digit);
        classes['-'] = classes['.'] = 11;
        int[][] table = new int[of][];
        for (int rest = 0; rest < of; rest++) table[rest] = [-1, .. Enumerable.Range(0, 10).Select(digit => (rest * 10 + digit) % of), rest];
        return Dfa.Make(classes, table, [.. Enumerable.Range(0, of).Select(rest => rest == 0 ? 0 : -1)]);
    }

    /// <summary>By how many digits there are: with the same length, order is that of the texts.</summary>
    static void Unsigned(Nfa nfa, int start, int end, BigInteger low, BigInteger high, int places)
    {
        if (low > high) return;
        for (int length = places + 1; length <= Length(high) || length == places + 1; length++)
        {
            BigInteger least = length == places + 1 ? 0 : BigInteger.Pow(10, length - 1), most = BigInteger.Pow(10, length) - 1;
            if (BigInteger.Max(low, least) is var from && BigInteger.Min(high, most) is var to && from <= to)
                Same(nfa, start, end, Digits(from, length), Digits(to, length), length - places);
        }

        static int Length(BigInteger value) => value.ToString(CultureInfo.InvariantCulture).Length;

        static string Digits(BigInteger value, int length) => value.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0');
    }

    /// <summary>Texts of one length from one to another. A state knows whether all digits so far were the lowest, or the highest.</summary>
    static void Same(Nfa nfa, int start, int end, string low, string high, int point)
    {
        Dictionary<(bool, bool), int> now = new() { [(true, true)] = start };
        for (int i = 0; i < low.Length; i++)
        {
            if (i == point) now = now.ToDictionary(state => state.Key, state => nfa.Literal(state.Value, "."u8));
            Dictionary<(bool, bool), int> next = [];
            foreach (((bool lowest, bool highest), int state) in now)
            {
                char from = lowest ? low[i] : '0', to = highest ? high[i] : '9';
                for (char digit = from; digit <= to; digit++)
                {
                    (bool, bool) reached = (lowest && digit == low[i], highest && digit == high[i]);
                    if (!next.TryGetValue(reached, out int target)) next.Add(reached, target = i == low.Length - 1 ? end : nfa.Add());
                    nfa.Step(state, (byte)digit, (byte)digit, target);
                }
            }
            now = next;
        }
    }
}
