// Attention over a block of latents for AVX2: 8 heads, or 8 columns, in a register. Knows no cache, no softmax, and not how pairs are multiplied.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>16 heads by 4 positions, or 4 heads by 16 columns, are 8 sums, half of the registers.</summary>
sealed unsafe class Avx2Latents<TPairs> : LatentKernel where TPairs : struct, IPairSums
{
    public override void Score(int* queries, float* queryScales, byte* block, int latent, int rotary, int heads, byte* next, float* scores)
    {
        int groups = Groups(latent), columns = latent + rotary;
        float* scales = Scales(block, columns);
        for (int p = 0; p < Block; p += 4, scores += 4 * Heads)
        {
            byte* row = block + (long)p * columns * sizeof(short);
            for (int g = 0, first = 0; g < groups; g++, first += GroupColumns)
                next = Sum(queries + first / 2 * Heads, row + first * sizeof(short), columns * sizeof(short), Math.Min(GroupColumns, latent - first), queryScales + g * Heads, g == 0 ? Kind.First : Kind.Next, null, scores, next);
            next = Sum(queries + latent / 2 * Heads, row + latent * sizeof(short), columns * sizeof(short), rotary, queryScales + groups * Heads, Kind.Rotary, scales + p, scores, next);
        }
    }

    /// <summary>A line of what comes next is fetched for each eight columns: with all eighths of the positions, all of its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static byte* Sum(int* queries, byte* row, long one, int n, float* by, Kind kind, float* scales, float* scores, byte* next)
    {
        Vector256<int> c00 = default, c01 = default;
        Vector256<int> c10 = default, c11 = default;
        Vector256<int> c20 = default, c21 = default;
        Vector256<int> c30 = default, c31 = default;
        long two = 2 * one, three = 3 * one;
        for (int* end = queries + n / 2 * Heads; queries < end; next += 64)
        {
            Sse.Prefetch0(next);
            for (int* eight = queries + 4 * Heads; queries < eight; queries += Heads, row += 4)
            {
                Vector256<short> q0 = Vector256.Load(queries).AsInt16(), q1 = Vector256.Load(queries + 8).AsInt16();
                Vector256<short> k = Pair(row);
                (c00, c01) = (TPairs.Add(c00, k, q0), TPairs.Add(c01, k, q1));
                k = Pair(row + one);
                (c10, c11) = (TPairs.Add(c10, k, q0), TPairs.Add(c11, k, q1));
                k = Pair(row + two);
                (c20, c21) = (TPairs.Add(c20, k, q0), TPairs.Add(c21, k, q1));
                k = Pair(row + three);
                (c30, c31) = (TPairs.Add(c30, k, q0), TPairs.Add(c31, k, q1));
            }
        }
        Put(c00, c01, by, kind, scales, scores);
        Put(c10, c11, by, kind, scales + 1, scores + Heads);
        Put(c20, c21, by, kind, scales + 2, scores + 2 * Heads);
        Put(c30, c31, by, kind, scales + 3, scores + 3 * Heads);
        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> Pair(void* at) => Vector256.Create(*(int*)at).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector256<int> first, Vector256<int> second, float* by, Kind kind, float* scales, float* scores)
    {
        Put(first, by, kind, scales, scores);
        Put(second, by + 8, kind, scales, scores + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector256<int> dots, float* by, Kind kind, float* scales, float* scores)
    {
        Vector256<float> sum = Vector256.ConvertToSingle(dots), all = Vector256.Load(by);
        (kind switch
        {
            Kind.First => sum * all,
            Kind.Next => Vector256.FusedMultiplyAdd(sum, all, Vector256.Load(scores)),
            _ => Vector256.FusedMultiplyAdd(Vector256.Load(scores), Vector256.Create(scales[0]), sum * all * Vector256.Create(scales[Block])),
        }).Store(scores);
    }

    public override void Mix(int* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int d = 0; d < latent; d += 16)
            for (int h = 0; h < heads; h += 4)
                Mix(weights + h, weightScales + h, rows + d, columns, mixed + h * latent + d, latent);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix(int* weights, float* by, short* rows, long columns, float* mixed, long stride)
    {
        Vector256<int> c00 = default, c01 = default;
        Vector256<int> c10 = default, c11 = default;
        Vector256<int> c20 = default, c21 = default;
        Vector256<int> c30 = default, c31 = default;
        for (int p = 0; p < Block; p += 2, rows += 2 * columns, weights += Heads)
        {
            Vector256<short> first = Vector256.Load(rows), second = Vector256.Load(rows + columns);
            Vector256<short> low = Avx2.UnpackLow(first, second), high = Avx2.UnpackHigh(first, second);
            Vector256<short> w = Pair(weights);
            (c00, c01) = (TPairs.Add(c00, low, w), TPairs.Add(c01, high, w));
            w = Pair(weights + 1);
            (c10, c11) = (TPairs.Add(c10, low, w), TPairs.Add(c11, high, w));
            w = Pair(weights + 2);
            (c20, c21) = (TPairs.Add(c20, low, w), TPairs.Add(c21, high, w));
            w = Pair(weights + 3);
            (c30, c31) = (TPairs.Add(c30, low, w), TPairs.Add(c31, high, w));
        }
        Add(c00, c01, by[0], mixed);
        Add(c10, c11, by[1], mixed + stride);
        Add(c20, c21, by[2], mixed + 2 * stride);
        Add(c30, c31, by[3], mixed + 3 * stride);
    }

    /// <summary>Interleaving left columns 8 q to 8 q + 3 in half q of the first and the four behind them in the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector256<int> low, Vector256<int> high, float by, float* to)
    {
        Vector256<float> all = Vector256.Create(by);
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Avx2.Permute2x128(low, high, 0x20)), all, Vector256.Load(to)).Store(to);
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Avx2.Permute2x128(low, high, 0x31)), all, Vector256.Load(to + 8)).Store(to + 8);
    }
}
