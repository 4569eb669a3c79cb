// Ranges of characters as steps over their bytes in UTF-8. Knows no JSON.

namespace Baltoro.Engine.Constraint.Automata;

/// <summary>After the tables of RFC 3629: no surrogates, nothing over 10FFFF, nothing longer than need be.</summary>
static class Utf8
{
    static readonly (int First, int Last, int Bytes)[] Lengths =
        [(0, 0x7F, 1), (0x80, 0x7FF, 2), (0x800, 0xD7FF, 3), (0xE000, 0xFFFF, 3), (0x10000, 0x10FFFF, 4)];

    /// <summary>Steps from one state to another for every character of a range.</summary>
    public static void Add(Nfa nfa, int from, int to, int first, int last)
    {
        foreach (var (least, most, bytes) in Lengths)
            if (first <= most && last >= least) Split(nfa, from, to, Math.Max(first, least), Math.Min(last, most), bytes);
    }

    /// <summary>Both have so many bytes; cut until each part is a range of its own in every byte.</summary>
    static void Split(Nfa nfa, int from, int to, int first, int last, int bytes)
    {
        for (int tail = 1; tail < bytes; tail++)
        {
            int mask = (1 << (6 * tail)) - 1;
            if ((first & ~mask) == (last & ~mask)) continue;
            if ((first & mask) != 0)
            {
                Split(nfa, from, to, first, first | mask, bytes);
                Split(nfa, from, to, (first | mask) + 1, last, bytes);
                return;
            }
            if ((last & mask) != mask)
            {
                Split(nfa, from, to, first, (last & ~mask) - 1, bytes);
                Split(nfa, from, to, last & ~mask, last, bytes);
                return;
            }
        }
        for (int i = 0; i < bytes; i++)
        {
            int next = i == bytes - 1 ? to : nfa.Add();
            nfa.Step(from, Byte(first, bytes, i), Byte(last, bytes, i), next);
            from = next;
        }
    }

    static byte Byte(int character, int bytes, int at)
    {
        int tail = bytes - 1 - at, bits = character >> (6 * tail);
        return (byte)(at > 0 ? 0x80 | bits & 0x3F : bytes == 1 ? bits : bits | (0xF00 >> bytes) & 0xFF);
    }
}
