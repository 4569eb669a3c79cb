// Attention over a block of cached latents, in integers: what it is made of, and what is the same in every instruction set. Knows no cache and no softmax.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>
/// <para>A block is 32 positions, each of a latent and a rotary part: [32, latent + rotary] integers of 13 bits, rounded under a scale for each part of each position, and
/// behind them the scales, [2, 32]. That takes the 16 bits of a bfloat, and is finer for all but a vector's smallest numbers. Queries are rounded the same way in
/// groups of 128, weights to 15 bits. Products are summed exactly in 32 bits: 128 · 4095², 32 · 4095 · 16383. So the order of additions matters only between groups,
/// and twice as many multiplications fit in an instruction as of floats.</para>
/// <para>A lane is a head from the scores to the weights (<see cref="HeadSoftmax"/>), and a column where rows are mixed: so the rows are read as they lie, and nothing is turned.</para>
/// <para>A group has up to <see cref="Heads"/> heads and room for that many; what stands in the lanes of those that it lacks is not looked at.</para>
/// </summary>
abstract unsafe class LatentKernel
{
    /// <summary>The largest number that a latent or query is rounded to.</summary>
    public const int Most = 4095;

    /// <summary>The largest number that a weight is rounded to.</summary>
    public const int MostOfWeight = 16_383;

    /// <summary>Columns of a query under one scale.</summary>
    public const int GroupColumns = 128;

    /// <summary>Lanes of a group of heads.</summary>
    public const int Heads = 16;

    protected const int Block = KernelSet.Block;

    /// <summary>What becomes of a group's sum: it begins a score, is added to it, or ends it.</summary>
    protected enum Kind
    {
        First,
        Next,
        Rotary,
    }

    /// <summary>Groups of the latent part; the rotary part is one more.</summary>
    public static int Groups(int latent) => (latent + GroupColumns - 1) / GroupColumns;

    /// <summary>Bytes of a block with rows of <paramref name="columns"/>.</summary>
    public static long BlockBytes(long columns) => Block * columns * sizeof(short) + 2 * Block * sizeof(float);

    /// <summary>A block's scales, [2, 32]: of the latent parts and of the rotary ones.</summary>
    public static float* Scales(byte* block, int columns) => (float*)(block + Block * (long)columns * sizeof(short));

    /// <summary>Rounds a position's [latent + rotary] into its place in a block.</summary>
    /// <remarks>A part that has an infinity or NaN becomes zeros under a scale of NaN.</remarks>
    public static void RoundPosition(float* row, int latent, int rotary, byte* block, int position)
    {
        int columns = latent + rotary;
        short* to = (short*)block + (long)position * columns;
        float* scales = Scales(block, columns) + position;
        scales[0] = Round(row, latent, Most, to);
        scales[Block] = Round(row + latent, rotary, Most, to + latent);
    }

    /// <summary>scores[p, h] for [32, 16]: of the latent groups' sums, each times its query's scale, the chain of fused multiply-adds; that times the position's scale, fused with the rotary part's.</summary>
    /// <param name="queries">Pairs of neighbours: [(latent + rotary) / 2, 16]</param>
    /// <param name="queryScales">[groups + 1, 16]</param>
    /// <param name="next">The block that comes next, which is fetched meanwhile; any block where there is none.</param>
    public abstract void Score(int* queries, float* queryScales, byte* block, int latent, int rotary, int heads, byte* next, float* scores);

    /// <summary>mixed[h, d] = fma(sum over p of weights[h, p] · rows[p, d], weightScales[h], mixed[h, d]) for [16, latent].</summary>
    /// <param name="weights">Pairs of positions: [16, 16 heads]</param>
    public abstract void Mix(int* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed);

    /// <summary>What numbers up to <paramref name="largest"/> are multiplied with to be rounded, and what gives them back. 0 and 0 for nothing but zeros, 0 and NaN where there is an infinity or NaN.</summary>
    protected static (float By, float Back) Scale(float largest, int most)
    {
        float by = most / largest;
        return !float.IsFinite(largest) ? (0, float.NaN) : float.IsFinite(by) ? (by, largest / most) : (0, 0);
    }

    /// <summary>Rounds a query of [latent + rotary] to pairs; its scales, one for each group and one for the rotary part, are multiplied with <paramref name="scale"/>. Both lie <see cref="Heads"/> apart.</summary>
    public static void RoundQuery(float* query, int latent, int rotary, float scale, int* to, float* scales)
    {
        short* room = stackalloc short[GroupColumns];
        for (int first = 0; first < latent + rotary;)
        {
            int n = first < latent ? Math.Min(GroupColumns, latent - first) : rotary;
            *scales = scale * Round(query + first, n, Most, room);
            scales += Heads;
            for (int i = 0; i < n; i += 2, to += Heads) *to = *(int*)(room + i);
            first += n;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Round(float* x, int n, int most, short* to)
    {
        Vector256<float> largest = default;
        // A NaN compares to nothing, and makes the sum one.
        Vector256<float> sum = default;
        for (int i = 0; i < n; i += 8)
        {
            Vector256<float> value = Vector256.Abs(Vector256.Load(x + i));
            largest = Vector256.MaxNative(value, largest);
            sum += value;
        }
        Vector128<float> four = Vector128.MaxNative(largest.GetLower(), largest.GetUpper());
        float all = MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
        var (by, back) = Scale(float.IsNaN(Vector256.Sum(sum)) ? float.NaN : all, most);
        if (by == 0) new Span<short>(to, n).Clear();
        else
            for (int i = 0; i < n; i += 16)
                Vector256.Narrow(Rounded(x + i, by), Rounded(x + i + 8, by)).Store(to + i);
        return back;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Rounded(float* x, float by) => Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(x) * by));
}
