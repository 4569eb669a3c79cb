// Attention over a block of latents in 16-byte registers: 4 heads, or 4 columns, in one. Knows no cache and no softmax.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>Sums are exact in 32 bits, so they may be made in any order.</summary>
sealed unsafe class Vector128Latents : LatentKernel
{
    public override void Score(int* queries, float* queryScales, byte* block, int latent, int rotary, int heads, byte* next, float* scores)
    {
        int columns = latent + rotary;
        for (int h = 0; h < heads; h += 4)
            for (int p = 0; p < Block; p += 4) Four(queries + h, queryScales + h, (short*)block + p * columns, Scales(block, columns) + p, latent, rotary, scores + p * Heads + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(int* query, float* by, short* row, float* scales, int latent, int rotary, float* scores)
    {
        int groups = Groups(latent);
        long one = latent + rotary;
        Vector128<float>* sums = stackalloc Vector128<float>[4];
        for (int g = 0; g <= groups; g++)
        {
            int first = g < groups ? g * GroupColumns : latent, end = g < groups ? Math.Min(latent, first + GroupColumns) : latent + rotary;
            Vector128<int> c0 = default, c1 = default, c2 = default, c3 = default;
            for (int i = first; i < end; i += 2)
            {
                Vector128<int> pair = Vector128.Load(query + i / 2 * Heads), even = pair << 16 >> 16, odd = pair >> 16;
                short* r = row + i;
                c0 += even * r[0] + odd * r[1];
                c1 += even * r[one] + odd * r[one + 1];
                c2 += even * r[2 * one] + odd * r[2 * one + 1];
                c3 += even * r[3 * one] + odd * r[3 * one + 1];
            }
            Put(c0, 0);
            Put(c1, 1);
            Put(c2, 2);
            Put(c3, 3);

            void Put(Vector128<int> dot, int p)
            {
                Vector128<float> sum = Vector128.ConvertToSingle(dot), all = Vector128.Load(by + g * Heads);
                if (g < groups)
                {
                    sums[p] = g == 0 ? sum * all : Vector128.FusedMultiplyAdd(sum, all, sums[p]);
                    return;
                }
                Vector128.FusedMultiplyAdd(sums[p], Vector128.Create(scales[p]), sum * all * Vector128.Create(scales[Block + p])).Store(scores + p * Heads);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Mix(int* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int h = 0; h < heads; h += 2, mixed += 2 * latent)
            for (int d = 0; d < latent; d += 8)
            {
                Vector128<int> c00 = default, c01 = default, c10 = default, c11 = default;
                for (int p = 0; p < Block; p++)
                {
                    short* weight = (short*)(weights + p / 2 * Heads + h) + p % 2;
                    Vector128<short> row = Vector128.Load(rows + p * columns + d);
                    Vector128<int> low = Vector128.WidenLower(row), high = Vector128.WidenUpper(row);
                    (c00, c01) = (c00 + low * weight[0], c01 + high * weight[0]);
                    (c10, c11) = (c10 + low * weight[2], c11 + high * weight[2]);
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
