// Attention over a block of cached latents, in integers: what it is made of, and what is the same in every instruction set. Knows no cache and no softmax.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>
/// <para>A block is 32 positions of a latent and a rotary part, bfloats. Each part of each position is rounded to 13 bits under a scale of its own, finer than what
/// a bfloat leaves of all but its smallest numbers; queries are rounded the same way in groups of 128, weights to 15 bits. Products are summed exactly in 32 bits:
/// 128 · 4095², 32 · 4095 · 16383. So the order of additions matters only between groups, and twice as many multiplications fit in an instruction as of floats.</para>
/// <para>Heads come in eights: the caller fills up with zeros.</para>
/// </summary>
abstract unsafe class LatentKernel
{
    /// <summary>The largest number that a latent or query is rounded to.</summary>
    public const int Most = 4095;

    /// <summary>The largest number that a weight is rounded to.</summary>
    public const int MostOfWeight = 16_383;

    /// <summary>Columns of a query under one scale.</summary>
    public const int GroupColumns = 128;

    /// <summary>What heads are a multiple of.</summary>
    public const int Heads = 8;

    protected const int Block = KernelSet.Block;

    /// <summary>Groups of the latent part; the rotary part is one more.</summary>
    public static int Groups(int latent) => (latent + GroupColumns - 1) / GroupColumns;

    /// <summary>Rounds a block: <paramref name="rows"/> is [32, latent + rotary]; <paramref name="turned"/> [(latent + rotary) / 2, 32] pairs of neighbours; <paramref name="scales"/> [2, 32], of the latent and rotary parts.</summary>
    /// <remarks>A part that has an infinity or NaN becomes zeros under a scale of NaN.</remarks>
    public abstract void Cut(ushort* block, int latent, int rotary, short* rows, int* turned, float* scales);

    /// <summary>scores[h, p] for [heads, 32]: of the latent groups' sums, each times its query's scale, the chain of fused multiply-adds; that times the position's scale, fused with the rotary part's.</summary>
    /// <param name="queries">Pairs of neighbours: [heads / 8, (latent + rotary) / 2, 8]</param>
    /// <param name="queryScales">[heads, groups + 1]</param>
    public abstract void Score(int* queries, float* queryScales, int* turned, float* scales, int latent, int rotary, int heads, float* scores);

    /// <summary>mixed[h, d] = fma(sum over p of weights[h, p] · rows[p, d], weightScales[h], mixed[h, d]) for [heads, latent].</summary>
    public abstract void Mix(short* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed);

    /// <summary>What numbers up to <paramref name="largest"/> are multiplied with to be rounded, and what gives them back. 0 and 0 for nothing but zeros, 0 and NaN where there is an infinity or NaN.</summary>
    protected static (float By, float Back) Scale(float largest, int most)
    {
        float by = most / largest;
        return !float.IsFinite(largest) ? (0, float.NaN) : float.IsFinite(by) ? (by, largest / most) : (0, 0);
    }

    /// <summary>The same for a block's 64 numbers, given as the bits of bfloats.</summary>
    protected static void Scales(int* largest, float* by, float* back)
    {
        for (int i = 0; i < 2 * Block; i += 8)
        {
            Vector256<float> number = (Vector256.Load(largest + i) << 16).AsSingle(), most = Vector256.Create((float)Most), times = most / number;
            Vector256<float> infinite = Vector256.Equals(Vector256.Abs(times), Vector256.Create(float.PositiveInfinity));
            Vector256<float> wild = Vector256.GreaterThanOrEqual(Vector256.Load(largest + i), Vector256.Create(0x7F80)).AsSingle();
            Vector256.AndNot(times, infinite | wild).Store(by + i);
            Vector256.ConditionalSelect(wild, Vector256.Create(float.NaN), Vector256.AndNot(number / most, infinite)).Store(back + i);
        }
    }

    /// <summary>Rounds a query of [latent + rotary] to pairs, <see cref="Heads"/> apart; its scales, one for each group and one for the rotary part, are multiplied with <paramref name="scale"/>.</summary>
    public static void RoundQuery(float* query, int latent, int rotary, float scale, int* to, float* scales)
    {
        short* room = stackalloc short[GroupColumns];
        for (int first = 0; first < latent + rotary;)
        {
            int n = first < latent ? Math.Min(GroupColumns, latent - first) : rotary;
            *scales++ = scale * Round(query + first, n, Most, room);
            for (int i = 0; i < n; i += 2, to += Heads) *to = *(int*)(room + i);
            first += n;
        }
    }

    /// <summary>Rounds weights, of which each is 0 to 1, times the scale of its position; returns the scale of what they became.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float RoundWeights(float* weights, float* scales, short* to)
    {
        for (int i = 0; i < Block; i += 8) (Vector256.Load(weights + i) * Vector256.Load(scales + i)).Store(weights + i);
        return Round(weights, Block, MostOfWeight, to);
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
