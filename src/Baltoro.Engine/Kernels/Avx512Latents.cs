// Attention over a block of latents for AVX-512: 16 positions, or 16 columns, in a register. Knows no cache and no softmax.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>8 heads by 32 positions or columns are 16 sums, half of the registers.</summary>
sealed unsafe class Avx512Latents : LatentKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Cut(ushort* block, int latent, int rotary, short* rows, int* turned, float* scales)
    {
        // In three passes, because what a row is multiplied with is long in coming.
        int columns = latent + rotary;
        int* largest = stackalloc int[2 * Block];
        float* by = stackalloc float[2 * Block];
        ushort* row = block;
        for (int p = 0; p < Block; p++, row += columns) (largest[p], largest[Block + p]) = (Largest(row, latent), Largest(row + latent, rotary));
        Scales(largest, by, scales);
        row = block;
        for (int p = 0; p < Block; p++, row += columns, rows += columns)
        {
            Round(row, latent, by[p], rows);
            Round(row + latent, rotary, by[Block + p], rows + latent);
        }
        Squares.Turn512((int*)(rows - Block * columns), columns / 2, turned);
    }

    /// <summary>The bits of the largest size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Largest(ushort* from, int n)
    {
        Vector512<ushort> most = default;
        for (int i = 0; i < n; i += 32) most = Vector512.Max(most, Vector512.Load(from + i) & Vector512.Create((ushort)0x7FFF));
        Vector256<ushort> half = Vector256.Max(most.GetLower(), most.GetUpper());
        // The instruction finds the smallest of eight.
        return 0xFFFF - Sse41.MinHorizontal(~Vector128.Max(half.GetLower(), half.GetUpper()))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Round(ushort* from, int n, float by, short* to)
    {
        Vector512<float> all = Vector512.Create(by);
        for (int i = 0; i < n; i += 32)
        {
            Vector512<uint> pairs = Vector512.Load((uint*)(from + i));
            Vector512<int> even = Avx512F.ConvertToVector512Int32((pairs << 16).AsSingle() * all), odd = Avx512F.ConvertToVector512Int32((pairs & Vector512.Create(0xFFFF0000)).AsSingle() * all);
            (even & Vector512.Create(0xFFFF) | odd << 16).Store((int*)(to + i));
        }
    }

    public override void Score(int* queries, float* queryScales, int* turned, float* scales, int latent, int rotary, int heads, float* scores)
    {
        int groups = Groups(latent);
        for (int h = 0; h < heads; h += 8, queryScales += 8 * (groups + 1), scores += 8 * Block)
            for (int p = 0; p < Block; p += 32)
            {
                int* query = queries + h * (latent + rotary) / 2;
                for (int g = 0, first = 0; g < groups; g++, first += GroupColumns)
                    Sum(query + first / 2 * Heads, turned + first / 2 * Block + p, Math.Min(GroupColumns, latent - first), queryScales + g, groups + 1, g == 0 ? Kind.First : Kind.Next, null, scores + p);
                Sum(query + latent / 2 * Heads, turned + latent / 2 * Block + p, rotary, queryScales + groups, groups + 1, Kind.Rotary, scales + p, scores + p);
            }
    }

    enum Kind
    {
        First,
        Next,
        Rotary,
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sum(int* queries, int* turned, int n, float* by, long byStride, Kind kind, float* scales, float* scores)
    {
        Vector512<int> c00 = default, c01 = default;
        Vector512<int> c10 = default, c11 = default;
        Vector512<int> c20 = default, c21 = default;
        Vector512<int> c30 = default, c31 = default;
        Vector512<int> c40 = default, c41 = default;
        Vector512<int> c50 = default, c51 = default;
        Vector512<int> c60 = default, c61 = default;
        Vector512<int> c70 = default, c71 = default;
        for (int i = 0; i < n; i += 2, turned += Block, queries += Heads)
        {
            Vector512<short> k0 = Vector512.Load(turned).AsInt16(), k1 = Vector512.Load(turned + 16).AsInt16();
            Vector512<short> q = Pair(queries);
            (c00, c01) = (c00 + Avx512BW.MultiplyAddAdjacent(k0, q), c01 + Avx512BW.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 1);
            (c10, c11) = (c10 + Avx512BW.MultiplyAddAdjacent(k0, q), c11 + Avx512BW.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 2);
            (c20, c21) = (c20 + Avx512BW.MultiplyAddAdjacent(k0, q), c21 + Avx512BW.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 3);
            (c30, c31) = (c30 + Avx512BW.MultiplyAddAdjacent(k0, q), c31 + Avx512BW.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 4);
            (c40, c41) = (c40 + Avx512BW.MultiplyAddAdjacent(k0, q), c41 + Avx512BW.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 5);
            (c50, c51) = (c50 + Avx512BW.MultiplyAddAdjacent(k0, q), c51 + Avx512BW.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 6);
            (c60, c61) = (c60 + Avx512BW.MultiplyAddAdjacent(k0, q), c61 + Avx512BW.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 7);
            (c70, c71) = (c70 + Avx512BW.MultiplyAddAdjacent(k0, q), c71 + Avx512BW.MultiplyAddAdjacent(k1, q));
        }
        Put(c00, c01, by[0], kind, scales, scores);
        Put(c10, c11, by[byStride], kind, scales, scores + Block);
        Put(c20, c21, by[2 * byStride], kind, scales, scores + 2 * Block);
        Put(c30, c31, by[3 * byStride], kind, scales, scores + 3 * Block);
        Put(c40, c41, by[4 * byStride], kind, scales, scores + 4 * Block);
        Put(c50, c51, by[5 * byStride], kind, scales, scores + 5 * Block);
        Put(c60, c61, by[6 * byStride], kind, scales, scores + 6 * Block);
        Put(c70, c71, by[7 * byStride], kind, scales, scores + 7 * Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> Pair(int* at) => Vector512.Create(*at).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector512<int> first, Vector512<int> second, float by, Kind kind, float* scales, float* scores)
    {
        Put(first, by, kind, scales, scores);
        Put(second, by, kind, scales + 16, scores + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector512<int> sums, float by, Kind kind, float* scales, float* scores)
    {
        Vector512<float> sum = Vector512.ConvertToSingle(sums), all = Vector512.Create(by);
        (kind switch
        {
            Kind.First => sum * all,
            Kind.Next => Vector512.FusedMultiplyAdd(sum, all, Vector512.Load(scores)),
            _ => Vector512.FusedMultiplyAdd(Vector512.Load(scores), Vector512.Load(scales), sum * all * Vector512.Load(scales + Block)),
        }).Store(scores);
    }

    public override void Mix(short* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int d = 0; d < latent; d += 32)
            for (int h = 0; h < heads; h += 8)
                Mix(weights + h * Block, weightScales + h, rows + d, columns, mixed + h * latent + d, latent);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix(short* weights, float* by, short* rows, long columns, float* mixed, long stride)
    {
        Vector512<int> c00 = default, c01 = default;
        Vector512<int> c10 = default, c11 = default;
        Vector512<int> c20 = default, c21 = default;
        Vector512<int> c30 = default, c31 = default;
        Vector512<int> c40 = default, c41 = default;
        Vector512<int> c50 = default, c51 = default;
        Vector512<int> c60 = default, c61 = default;
        Vector512<int> c70 = default, c71 = default;
        for (int p = 0; p < Block; p += 2, rows += 2 * columns, weights += 2)
        {
            Vector512<short> first = Vector512.Load(rows), second = Vector512.Load(rows + columns);
            Vector512<short> low = Avx512BW.UnpackLow(first, second), high = Avx512BW.UnpackHigh(first, second);
            Vector512<short> w = Pair((int*)weights);
            (c00, c01) = (c00 + Avx512BW.MultiplyAddAdjacent(low, w), c01 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + Block));
            (c10, c11) = (c10 + Avx512BW.MultiplyAddAdjacent(low, w), c11 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 2 * Block));
            (c20, c21) = (c20 + Avx512BW.MultiplyAddAdjacent(low, w), c21 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 3 * Block));
            (c30, c31) = (c30 + Avx512BW.MultiplyAddAdjacent(low, w), c31 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 4 * Block));
            (c40, c41) = (c40 + Avx512BW.MultiplyAddAdjacent(low, w), c41 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 5 * Block));
            (c50, c51) = (c50 + Avx512BW.MultiplyAddAdjacent(low, w), c51 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 6 * Block));
            (c60, c61) = (c60 + Avx512BW.MultiplyAddAdjacent(low, w), c61 + Avx512BW.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 7 * Block));
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
