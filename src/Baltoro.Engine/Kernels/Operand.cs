// The right-hand side of a product: the inputs of some tokens, in the order and number format in which the kernels read them. Knows no weights.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>
/// <para>Vectors of <see cref="Columns"/> numbers for <see cref="Count"/> tokens, as int8 in groups of 32 with a scale each (for quantised weights), as
/// floats (for float weights), or both; a null pointer stands for a form that nobody needs.</para>
/// <para>Tokens are kept in tiles of 8, 4, 2 or 1, so that a kernel finds what it multiplies with one weight side by side. Ints: <c>[tile][group][token][32]</c>;
/// scales, corrections and halves: <c>[tile][group][token]</c>; floats: <c>[tile][column][token]</c>. A tile begins at its first token times the padded columns.</para>
/// </summary>
unsafe struct Operand
{
    /// <summary>Columns that belong together under one scale.</summary>
    public const int Group = 32;

    /// <summary>Int8 values are padded to a multiple of this, with zeros, because a step of some layouts has two groups.</summary>
    public const int Padding = 64;

    public sbyte* Ints;
    public float* Scales;

    /// <summary>-8 times the sum of a group's ints: what weights stored with a zero point of 8 have too much.</summary>
    public int* Corrections;

    /// <summary>The same for the first 16 of the group, for layouts with a scale for each 16.</summary>
    public int* Halves;

    public float* Floats;
    public int Columns;
    public int Count;

    public readonly int Padded => Pad(Columns);

    public static int Pad(int columns) => (columns + Padding - 1) / Padding * Padding;

    /// <summary>How many tokens' room <paramref name="count"/> tokens take, their last tile being padded.</summary>
    public static int Rooms(int count) => count / 8 * 8 + (count % 8) switch { >= 5 => 8, >= 3 => 4, var few => few };

    /// <summary>The tile that begins with token <paramref name="first"/>: its width.</summary>
    public readonly int Width(int first) => (Count - first) switch { >= 5 => 8, >= 3 => 4, >= 2 => 2, _ => 1 };

    /// <summary>Rounds a token's values in. <paramref name="column"/> and <paramref name="count"/> are multiples of 32.</summary>
    /// <remarks>d = max|x| / 127, q = rint(x / d), half to even; then d is rounded to a half, as in llama.cpp's Q8_0.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fill(int token, int column, float* values, int count)
    {
        int full = Count / 8 * 8;
        int first = token < full ? token / 8 * 8 : full;
        int width = Width(first), lane = token - first;
        if (Floats != null)
        {
            float* to = Floats + (long)first * Columns + (long)column * width + lane;
            if (width == 1) new ReadOnlySpan<float>(values, count).CopyTo(new(to, count));
            else for (int i = 0; i < count; i++) to[(long)i * width] = values[i];
        }
        if (Ints == null) return;
        long groups = Padded / Group, at = first * groups + (long)column / Group * width + lane;
        for (int i = 0; i < count; i += Group, at += width)
            Round(values + i, Ints + at * Group, Scales + at, Corrections + at, Halves + at);
        if (column + count == Columns && Padded > Columns)
        {
            new Span<sbyte>(Ints + at * Group, Group).Clear();
            (Scales[at], Corrections[at], Halves[at]) = (0, 0, 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Round(float* x, sbyte* q, float* scale, int* correction, int* half)
    {
        Vector256<float> a = Vector256.Load(x), b = Vector256.Load(x + 8), c = Vector256.Load(x + 16), d = Vector256.Load(x + 24);
        Vector256<float> most = Vector256.Max(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
        Vector128<float> four = Vector128.Max(most.GetLower(), most.GetUpper());
        float largest = MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
        float inverse = largest > 0 ? 127 / largest : 0;
        // Of a number so small that its inverse overflows nothing is left.
        if (!float.IsFinite(inverse)) inverse = 0;
        Vector256<float> by = Vector256.Create(inverse);
        Vector256<int> ia = Vector256.ConvertToInt32(Vector256.Round(a * by)), ib = Vector256.ConvertToInt32(Vector256.Round(b * by));
        Vector256<int> ic = Vector256.ConvertToInt32(Vector256.Round(c * by)), id = Vector256.ConvertToInt32(Vector256.Round(d * by));
        Vector256.Narrow(Vector256.Narrow(ia, ib), Vector256.Narrow(ic, id)).Store(q);
        int first = Vector256.Sum(ia + ib);
        *scale = inverse == 0 ? 0 : (float)(Half)MathF.Min(largest / 127, 65504);
        *half = -8 * first;
        *correction = -8 * (first + Vector256.Sum(ic + id));
    }
}
