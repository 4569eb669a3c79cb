// Attention over a block of latents for AVX-512: 16 heads, or 16 columns, in a register. Knows no cache and no softmax.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>16 heads by 16 positions, or 8 heads by 32 columns, are 16 sums, half of the registers.</summary>
sealed unsafe class Avx512Latents : LatentKernel
{
    public override void Score(int* queries, float* queryScales, byte* block, int latent, int rotary, int heads, byte* next, float* scores)
    {
        int groups = Groups(latent), columns = latent + rotary;
        float* scales = Scales(block, columns);
        for (int p = 0; p < Block; p += 16, scores += 16 * Heads)
        {
            byte* row = block + (long)p * columns * sizeof(short);
            for (int g = 0, first = 0; g < groups; g++, first += GroupColumns)
                next = Sum(queries + first / 2 * Heads, row + first * sizeof(short), columns * sizeof(short), Math.Min(GroupColumns, latent - first), queryScales + g * Heads, g == 0 ? Kind.First : Kind.Next, null, scores, next);
            next = Sum(queries + latent / 2 * Heads, row + latent * sizeof(short), columns * sizeof(short), rotary, queryScales + groups * Heads, Kind.Rotary, scales + p, scores, next);
        }
    }

    /// <summary>A line of what comes next is fetched for each pair of columns: with both halves of the positions, all of its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static byte* Sum(int* queries, byte* row, long one, int n, float* by, Kind kind, float* scales, float* scores, byte* next)
    {
        Vector512<int> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<int> c4 = default, c5 = default, c6 = default, c7 = default;
        Vector512<int> c8 = default, c9 = default, c10 = default, c11 = default;
        Vector512<int> c12 = default, c13 = default, c14 = default, c15 = default;
        long two = 2 * one, three = 3 * one;
        byte* r0 = row, r4 = r0 + 4 * one, r8 = r4 + 4 * one, r12 = r8 + 4 * one;
        for (int* end = queries + n / 2 * Heads; queries < end; queries += Heads, next += 64, r0 += 4, r4 += 4, r8 += 4, r12 += 4)
        {
            Sse.Prefetch0(next);
            Vector512<short> q = Vector512.Load(queries).AsInt16();
            c0 += Avx512BW.MultiplyAddAdjacent(Pair(r0), q);
            c1 += Avx512BW.MultiplyAddAdjacent(Pair(r0 + one), q);
            c2 += Avx512BW.MultiplyAddAdjacent(Pair(r0 + two), q);
            c3 += Avx512BW.MultiplyAddAdjacent(Pair(r0 + three), q);
            c4 += Avx512BW.MultiplyAddAdjacent(Pair(r4), q);
            c5 += Avx512BW.MultiplyAddAdjacent(Pair(r4 + one), q);
            c6 += Avx512BW.MultiplyAddAdjacent(Pair(r4 + two), q);
            c7 += Avx512BW.MultiplyAddAdjacent(Pair(r4 + three), q);
            c8 += Avx512BW.MultiplyAddAdjacent(Pair(r8), q);
            c9 += Avx512BW.MultiplyAddAdjacent(Pair(r8 + one), q);
            c10 += Avx512BW.MultiplyAddAdjacent(Pair(r8 + two), q);
            c11 += Avx512BW.MultiplyAddAdjacent(Pair(r8 + three), q);
            c12 += Avx512BW.MultiplyAddAdjacent(Pair(r12), q);
            c13 += Avx512BW.MultiplyAddAdjacent(Pair(r12 + one), q);
            c14 += Avx512BW.MultiplyAddAdjacent(Pair(r12 + two), q);
            c15 += Avx512BW.MultiplyAddAdjacent(Pair(r12 + three), q);
        }
        Vector512<float> all = Vector512.Load(by);
        Put(c0, all, kind, scales, scores);
        Put(c1, all, kind, scales + 1, scores + 16);
        Put(c2, all, kind, scales + 2, scores + 32);
        Put(c3, all, kind, scales + 3, scores + 48);
        Put(c4, all, kind, scales + 4, scores + 64);
        Put(c5, all, kind, scales + 5, scores + 80);
        Put(c6, all, kind, scales + 6, scores + 96);
        Put(c7, all, kind, scales + 7, scores + 112);
        Put(c8, all, kind, scales + 8, scores + 128);
        Put(c9, all, kind, scales + 9, scores + 144);
        Put(c10, all, kind, scales + 10, scores + 160);
        Put(c11, all, kind, scales + 11, scores + 176);
        Put(c12, all, kind, scales + 12, scores + 192);
        Put(c13, all, kind, scales + 13, scores + 208);
        Put(c14, all, kind, scales + 14, scores + 224);
        Put(c15, all, kind, scales + 15, scores + 240);
        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> Pair(void* at) => Vector512.Create(*(int*)at).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector512<int> dots, Vector512<float> all, Kind kind, float* scales, float* scores)
    {
        Vector512<float> sum = Vector512.ConvertToSingle(dots);
        (kind switch
        {
            Kind.First => sum * all,
            Kind.Next => Vector512.FusedMultiplyAdd(sum, all, Vector512.Load(scores)),
            _ => Vector512.FusedMultiplyAdd(Vector512.Load(scores), Vector512.Create(scales[0]), sum * all * Vector512.Create(scales[Block])),
        }).Store(scores);
    }

    public override void Mix(int* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int d = 0; d < latent; d += 32)
            for (int h = 0; h < heads; h += 8)
                Mix(weights + h, weightScales + h, rows + d, columns, mixed + h * latent + d, latent);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix(int* weights, float* by, short* rows, long columns, float* mixed, long stride)
    {
        Vector512<int> c00 = default, c01 = default;
        Vector512<int> c10 = default, c11 = default;
        Vector512<int> c20 = default, c21 = default;
        Vector512<int> c30 = default, c31 = default;
        Vector512<int> c40 = default, c41 = default;
        Vector512<int> c50 = default, c51 = default;
        Vector512<int> c60 = default, c61 = default;
        Vector512<int> c70 = default, c71 = default;
        for (int p = 0; p < Block; p += 2, rows += 2 * columns, weights += Heads)
        {
            Vector512<short> first = Vector512.Load(rows), second = Vector512.Load(rows + columns);
            Vector512<short> low = Avx512BW.UnpackLow(first, second), high = Avx512BW.UnpackHigh(first, second);
            Vector512<short> w = Pair(weights);
            (c00, c01) = (c00 + Avx512BW.MultiplyAddAdjacent(low, w), c01 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair(weights + 1);
            (c10, c11) = (c10 + Avx512BW.MultiplyAddAdjacent(low, w), c11 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair(weights + 2);
            (c20, c21) = (c20 + Avx512BW.MultiplyAddAdjacent(low, w), c21 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair(weights + 3);
            (c30, c31) = (c30 + Avx512BW.MultiplyAddAdjacent(low, w), c31 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair(weights + 4);
            (c40, c41) = (c40 + Avx512BW.MultiplyAddAdjacent(low, w), c41 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair(weights + 5);
            (c50, c51) = (c50 + Avx512BW.MultiplyAddAdjacent(low, w), c51 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair(weights + 6);
            (c60, c61) = (c60 + Avx512BW.MultiplyAddAdjacent(low, w), c61 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair(weights + 7);
            (c70, c71) = (c70 + Avx512BW.MultiplyAddAdjacent(low, w), c71 + Avx512BW.MultiplyAddAdjacent(high, w));
        }
        Add(c00, c01, by[0], mixed);
        Add(c10, c11, by[1], mixed + stride);
        Add(c20, c21, by[2], mixed + 2 * stride);
        Add(c30, c31, by[3], mixed + 3 * stride);
        Add(c40, c41, by[4], mixed + 4 * stride);
        Add(c50, c51, by[5], mixed + 5 * stride);
        Add(c60, c61, by[6], mixed + 6 * stride);
        Add(c70, c71, by[7], mixed + 7 * stride);
    }

    /// <summary>Interleaving left columns 8 q to 8 q + 3 in quarter q of the first and the four behind them in the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector512<int> low, Vector512<int> high, float by, float* to)
    {
        Vector512<long> front = Avx512F.PermuteVar8x64x2(low.AsInt64(), Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11), high.AsInt64());
        Vector512<long> back = Avx512F.PermuteVar8x64x2(low.AsInt64(), Vector512.Create(4L, 5, 12, 13, 6, 7, 14, 15), high.AsInt64());
        Vector512<float> all = Vector512.Create(by);
        Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(front.AsInt32()), all, Vector512.Load(to)).Store(to);
        Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(back.AsInt32()), all, Vector512.Load(to + 16)).Store(to + 16);
    }
}
