// Any JSON string with so many characters, quotes and all. Knows no pattern.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>
/// <para>RFC 8259: characters as valid UTF-8 or as escapes, control characters only as escapes, surrogates only in pairs. A character is a code point.</para>
/// <para>A state is 32 times the characters begun, and where in one it stands.</para>
/// </summary>
/// <param name="most">int.MaxValue for any number.</param>
/// <param name="longest">Bytes of the vocabulary's longest token: a limit farther off than that is not felt.</param>
sealed class StringLeaf(int least, int most, int longest) : Leaf
{
    const int Before = 0, Body = 1, Escape = 2, U1 = 3, R3 = 4, R2 = 5, R1 = 6, UD = 7, H2 = 8, H1 = 9, Low = 10, LowU = 11, L1 = 12, L2 = 13,
        C1 = 14, C2 = 15, C3 = 16, E0 = 17, Ed = 18, F0 = 19, F4 = 20, Closed = 21;

    /// <summary>Bytes from a place in a character to its end.</summary>
    static readonly int[] ToBody = [1, 0, 1, 4, 3, 2, 1, 3, 8, 7, 6, 5, 4, 3, 1, 2, 3, 2, 2, 3, 3];

    static readonly sbyte[] Table = MakeTable();

    public bool IsAny => least == 0 && most == int.MaxValue;

    public override int Step(int state, byte value)
    {
        int place = state & 31, next = Table[place * 256 + value];
        if (next < 0) return -1;
        int count = state >> 5;
        if (place == Body)
        {
            if (next == Closed)
            {
                if (count < least) return -1;
            }
            else if (count >= most) return -1;
            // Without a limit, characters beyond the least number need no count.
            else if (most < int.MaxValue || count < least) count++;
        }
        return count << 5 | next;
    }

    public override int Label(int state) => (state & 31) == Closed ? 0 : -1;

    public override bool GoesOn(int state) => (state & 31) != Closed;

    public override int CostOf(int state) => (state & 31) == Closed ? 0 : ToBody[state & 31] + Math.Max(0, least - (state >> 5)) + 1;

    public override int Class(int state)
    {
        int count = state >> 5, room = Math.Min(most - count, longest), need = Math.Clamp(least - count, 0, longest);
        return (room * (longest + 1) + need) << 5 | state & 31;
    }

    static sbyte[] MakeTable()
    {
        sbyte[] table = new sbyte[32 * 256];
        Array.Fill<sbyte>(table, -1);
        Set(Before, "\"", Body);
        Range(Body, 0x20, 0x7F, Body);
        Set(Body, "\"", Closed);
        Set(Body, "\\", Escape);
        Range(Body, 0xC2, 0xDF, C1);
        Range(Body, 0xE0, 0xEF, C2);
        Range(Body, 0xE0, 0xE0, E0);
        Range(Body, 0xED, 0xED, Ed);
        Range(Body, 0xF0, 0xF0, F0);
        Range(Body, 0xF1, 0xF3, C3);
        Range(Body, 0xF4, 0xF4, F4);
        Range(C1, 0x80, 0xBF, Body);
        Range(C2, 0x80, 0xBF, C1);
        Range(C3, 0x80, 0xBF, C2);
        Range(E0, 0xA0, 0xBF, C1);
        Range(Ed, 0x80, 0x9F, C1);
        Range(F0, 0x90, 0xBF, C2);
        Range(F4, 0x80, 0x8F, C2);
        Set(Escape, "\"\\/bfnrt", Body);
        Set(Escape, "u", U1);
        Set(U1, "0123456789abcefABCEF", R3);
        Set(U1, "dD", UD);
        Set(UD, "01234567", R2);
        Set(UD, "89abAB", H2);
        Hex(R3, R2);
        Hex(R2, R1);
        Hex(R1, Body);
        Hex(H2, H1);
        Hex(H1, Low);
        Set(Low, "\\", LowU);
        Set(LowU, "u", L1);
        Set(L1, "dD", L2);
        Set(L2, "cdefCDEF", R2);
        return table;

        void Set(int from, string values, int to)
        {
            foreach (char value in values) table[from * 256 + value] = (sbyte)to;
        }

        void Range(int from, int first, int last, int to)
        {
            for (int value = first; value <= last; value++) table[from * 256 + value] = (sbyte)to;
        }

        void Hex(int from, int to) => Set(from, "0123456789abcdefABCDEF", to);
    }
}
