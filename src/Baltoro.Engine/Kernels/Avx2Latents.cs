// Attention over a block of latents for AVX2: 8 positions, or 8 columns, in a register. Knows no cache and no softmax.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>4 heads by 16 positions or columns are 8 sums, half of the registers.</summary>
sealed unsafe class Avx2Latents : LatentKernel
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
        Squares.Turn256((int*)(rows - Block * columns), columns / 2, turned);
    }

    /// <summary>The bits of the largest size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Largest(ushort* from, int n)
    {
        Vector256<ushort> half = default;
        for (int i = 0; i < n; i += 16) half = Vector256.Max(half, Vector256.Load(from + i) & Vector256.Create((ushort)0x7FFF));
        // The instruction finds the smallest of eight.
        return 0xFFFF - Sse41.MinHorizontal(~Vector128.Max(half.GetLower(), half.GetUpper()))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Round(ushort* from, int n, float by, short* to)
    {
        Vector256<float> all = Vector256.Create(by);
        for (int i = 0; i < n; i += 16)
        {
            Vector256<uint> pairs = Vector256.Load((uint*)(from + i));
            Vector256<int> even = Avx.ConvertToVector256Int32((pairs << 16).AsSingle() * all), odd = Avx.ConvertToVector256Int32((pairs & Vector256.Create(0xFFFF0000)).AsSingle() * all);
            (even & Vector256.Create(0xFFFF) | odd << 16).Store((int*)(to + i));
        }
    }

    public override void Score(int* queries, float* queryScales, int* turned, float* scales, int latent, int rotary, int heads, float* scores)
    {
        int groups = Groups(latent);
        for (int h = 0; h < heads; h += 4, queryScales += 4 * (groups + 1), scores += 4 * Block)
            for (int p = 0; p < Block; p += 16)
            {
                int* query = queries + h / Heads * Heads * (latent + rotary) / 2 + h % Heads;
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
        Vector256<int> c00 = default, c01 = default;
        Vector256<int> c10 = default, c11 = default;
        Vector256<int> c20 = default, c21 = default;
        Vector256<int> c30 = default, c31 = default;
        for (int i = 0; i < n; i += 2, turned += Block, queries += Heads)
        {
            Vector256<short> k0 = Vector256.Load(turned).AsInt16(), k1 = Vector256.Load(turned + 8).AsInt16();
            Vector256<short> q = Pair(queries);
            (c00, c01) = (c00 + Avx2.MultiplyAddAdjacent(k0, q), c01 + Avx2.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 1);
            (c10, c11) = (c10 + Avx2.MultiplyAddAdjacent(k0, q), c11 + Avx2.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 2);
            (c20, c21) = (c20 + Avx2.MultiplyAddAdjacent(k0, q), c21 + Avx2.MultiplyAddAdjacent(k1, q));
            q = Pair(queries + 3);
            (c30, c31) = (c30 + Avx2.MultiplyAddAdjacent(k0, q), c31 + Avx2.MultiplyAddAdjacent(k1, q));
        }
        Put(c00, c01, by[0], kind, scales, scores);
        Put(c10, c11, by[byStride], kind, scales, scores + Block);
        Put(c20, c21, by[2 * byStride], kind, scales, scores + 2 * Block);
        Put(c30, c31, by[3 * byStride], kind, scales, scores + 3 * Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> Pair(int* at) => Vector256.Create(*at).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector256<int> first, Vector256<int> second, float by, Kind kind, float* scales, float* scores)
    {
        Put(first, by, kind, scales, scores);
        Put(second, by, kind, scales + 8, scores + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector256<int> sums, float by, Kind kind, float* scales, float* scores)
    {
        Vector256<float> sum = Vector256.ConvertToSingle(sums), all = Vector256.Create(by);
        (kind switch
        {
            Kind.First => sum * all,
            Kind.Next => Vector256.FusedMultiplyAdd(sum, all, Vector256.Load(scores)),
            _ => Vector256.FusedMultiplyAdd(Vector256.Load(scores), Vector256.Load(scales), sum * all * Vector256.Load(scales + Block)),
        }).Store(scores);
    }

    public override void Mix(short* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int d = 0; d < latent; d += 16)
            for (int h = 0; h < heads; h += 4)
                Mix(weights + h * Block, weightScales + h, rows + d, columns, mixed + h * latent + d, latent);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix(short* weights, float* by, short* rows, long columns, float* mixed, long stride)
    {
        Vector256<int> c00 = default, c01 = default;
        Vector256<int> c10 = default, c11 = default;
        Vector256<int> c20 = default, c21 = default;
        Vector256<int> c30 = default, c31 = default;
        for (int p = 0; p < Block; p += 2, rows += 2 * columns, weights += 2)
        {
            Vector256<short> first = Vector256.Load(rows), second = Vector256.Load(rows + columns);
            Vector256<short> low = Avx2.UnpackLow(first, second), high = Avx2.UnpackHigh(first, second);
            Vector256<short> w = Pair((int*)weights);
            (c00, c01) = (c00 + Avx2.MultiplyAddAdjacent(low, w), c01 + Avx2.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + Block));
            (c10, c11) = (c10 + Avx2.MultiplyAddAdjacent(low, w), c11 + Avx2.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 2 * Block));
            (c20, c21) = (c20 + Avx2.MultiplyAddAdjacent(low, w), c21 + Avx2.MultiplyAddAdjacent(high, w));
            w = Pair((int*)(weights + 3 * Block));
            (c30, c31) = (c30 + Avx2.MultiplyAddAdjacent(low, w), c31 + Avx2.MultiplyAddAdjacent(high, w));
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
