// Any text in UTF-8, or none. Knows no JSON.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>A state is 8 times the bytes that were read, as far as they count, and where in a character it stands.</summary>
/// <param name="most">No character begins behind so many bytes; int.MaxValue for any number.</param>
/// <param name="longest">Bytes of the vocabulary's longest token.</param>
sealed class TextLeaf(int most, int longest) : Leaf
{
    const int Whole = 0, C1 = 1, C2 = 2, C3 = 3, E0 = 4, Ed = 5, F0 = 6, F4 = 7;

    static readonly int[] ToWhole = [0, 1, 2, 3, 2, 2, 3, 3];

    public override int Step(int state, byte value)
    {
        int place = state & 7, count = state >> 3;
        if (place == Whole && count >= most) return -1;
        int next = (place, value) switch
        {
            (Whole, < 0x80) => Whole,
            (Whole, < 0xC2 or > 0xF4) => -1,
            (Whole, < 0xE0) => C1,
            (Whole, 0xE0) => E0,
            (Whole, 0xED) => Ed,
            (Whole, < 0xF0) => C2,
            (Whole, 0xF0) => F0,
            (Whole, 0xF4) => F4,
            (Whole, _) => C3,
            (C1, >= 0x80 and < 0xC0) => Whole,
            (C2, >= 0x80 and < 0xC0) or (E0, >= 0xA0 and < 0xC0) or (Ed, >= 0x80 and < 0xA0) => C1,
            (C3, >= 0x80 and < 0xC0) or (F0, >= 0x90 and < 0xC0) or (F4, >= 0x80 and < 0x90) => C2,
            _ => -1,
        };
        return next < 0 ? -1 : (most < int.MaxValue ? count + 1 : 0) << 3 | next;
    }

    public override int Label(int state) => (state & 7) == Whole ? 0 : -1;

    public override bool GoesOn(int state) => (state & 7) != Whole || state >> 3 < most;

    public override int CostOf(int state) => ToWhole[state & 7];

    public override int Class(int state) => Math.Clamp(most - (state >> 3), 0, longest) << 3 | state & 7;
}
