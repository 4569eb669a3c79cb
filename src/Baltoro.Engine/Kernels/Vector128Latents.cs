// Attention over a block of latents in 16-byte registers: 4 positions, or 4 columns, in one. Knows no cache and no softmax.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>Sums are exact in 32 bits, so they may be made in any order.</summary>
sealed unsafe class Vector128Latents : LatentKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Cut(ushort* block, int latent, int rotary, short* rows, int* turned, float* scales)
    {
        int columns = latent + rotary;
        int* largest = stackalloc int[2 * Block];
        float* by = stackalloc float[2 * Block];
        for (int p = 0; p < Block; p++) (largest[p], largest[Block + p]) = (Largest(block + p * columns, latent), Largest(block + p * columns + latent, rotary));
        Scales(largest, by, scales);
        for (int p = 0; p < Block; p++)
        {
            int* row = (int*)(rows + p * columns);
            Round((uint*)(block + p * columns), latent, by[p], row);
            Round((uint*)(block + p * columns + latent), rotary, by[Block + p], row + latent / 2);
            for (int i = 0; i < columns / 2; i++) turned[i * Block + p] = row[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Largest(ushort* from, int n)
    {
        Vector128<ushort> most = default;
        for (int i = 0; i < n; i += 8) most = Vector128.Max(most, Vector128.Load(from + i) & Vector128.Create((ushort)0x7FFF));
        int largest = 0;
        for (int i = 0; i < 8; i++) largest = Math.Max(largest, most[i]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Round(uint* from, int n, float by, int* to)
    {
        for (int i = 0; i < n / 2; i += 4)
        {
            Vector128<uint> pairs = Vector128.Load(from + i);
            Vector128<int> even = Rounded(pairs << 16, by), odd = Rounded(pairs & Vector128.Create(0xFFFF0000), by);
            (even & Vector128.Create(0xFFFF) | odd << 16).Store(to + i);
        }
    }

    /// <summary>Where the factor is 0 the numbers may be infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Rounded(Vector128<uint> floats, float by) =>
        by == 0 ? default : Vector128.ConvertToInt32Native(Vector128.Round(floats.AsSingle() * by));

    public override void Score(int* queries, float* queryScales, int* turned, float* scales, int latent, int rotary, int heads, float* scores)
    {
        int groups = Groups(latent);
        for (int h = 0; h < heads; h += 4, queryScales += 4 * (groups + 1), scores += 4 * Block)
        {
            int* query = queries + h / Heads * Heads * (latent + rotary) / 2 + h % Heads;
            for (int p = 0; p < Block; p += 4) Four(query, queryScales, turned + p, scales + p, latent, rotary, scores + p);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(int* query, float* by, int* turned, float* scales, int latent, int rotary, float* scores)
    {
        int groups = Groups(latent);
        Vector128<float>* sums = stackalloc Vector128<float>[4];
        for (int g = 0; g <= groups; g++)
        {
            int first = g < groups ? g * GroupColumns : latent, end = g < groups ? Math.Min(latent, first + GroupColumns) : latent + rotary;
            Vector128<int> c0 = default, c1 = default, c2 = default, c3 = default;
            for (int i = first / 2; i < end / 2; i++)
            {
                Vector128<int> pair = Vector128.Load(turned + i * Block), even = pair << 16 >> 16, odd = pair >> 16;
                int* q = query + i * Heads;
                c0 += even * (short)q[0] + odd * (q[0] >> 16);
                c1 += even * (short)q[1] + odd * (q[1] >> 16);
                c2 += even * (short)q[2] + odd * (q[2] >> 16);
                c3 += even * (short)q[3] + odd * (q[3] >> 16);
            }
            Put(c0, by[g], 0);
            Put(c1, by[groups + 1 + g], 1);
            Put(c2, by[2 * (groups + 1) + g], 2);
            Put(c3, by[3 * (groups + 1) + g], 3);

            void Put(Vector128<int> dot, float scale, int h)
            {
                Vector128<float> sum = Vector128.ConvertToSingle(dot), all = Vector128.Create(scale);
                if (g == groups) Vector128.FusedMultiplyAdd(sums[h], Vector128.Load(scales), sum * all * Vector128.Load(scales + Block)).Store(scores + h * Block);
                else sums[h] = g == 0 ? sum * all : Vector128.FusedMultiplyAdd(sum, all, sums[h]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Mix(short* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int h = 0; h < heads; h += 2, weights += 2 * Block, mixed += 2 * latent)
            for (int d = 0; d < latent; d += 8)
            {
                Vector128<int> c00 = default, c01 = default, c10 = default, c11 = default;
                for (int p = 0; p < Block; p++)
                {
                    Vector128<short> row = Vector128.Load(rows + p * columns + d);
                    Vector128<int> low = Vector128.WidenLower(row), high = Vector128.WidenUpper(row);
                    (c00, c01) = (c00 + low * weights[p], c01 + high * weights[p]);
                    (c10, c11) = (c10 + low * weights[Block + p], c11 + high * weights[Block + p]);
                }
                Add(c00, c01, weightScales[h], mixed + d);
                Add(c10, c11, weightScales[h + 1], mixed + latent + d);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector128<int> low, Vector128<int> high, float by, float* to)
    {
        Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(low), Vector128.Create(by), Vector128.Load(to)).Store(to);
        Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(high), Vector128.Create(by), Vector128.Load(to + 4)).Store(to + 4);
    }
}
