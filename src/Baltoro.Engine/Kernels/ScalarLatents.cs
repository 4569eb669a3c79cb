// The definition of attention over a block of latents; every faster kernel is held against it. Knows no instruction set.

namespace Baltoro.Engine.Kernels;

/// <summary>Number by number.</summary>
sealed unsafe class ScalarLatents : LatentKernel
{
    public override void Cut(ushort* block, int latent, int rotary, short* rows, int* turned, float* scales)
    {
        int columns = latent + rotary;
        for (int p = 0; p < Block; p++)
        {
            scales[p] = Cut(block + p * columns, latent, rows + p * columns);
            scales[Block + p] = Cut(block + p * columns + latent, rotary, rows + p * columns + latent);
            for (int i = 0; i < columns / 2; i++) turned[i * Block + p] = ((int*)(rows + p * columns))[i];
        }
    }

    static float Cut(ushort* from, int n, short* to)
    {
        int largest = 0;
        for (int i = 0; i < n; i++) largest = Math.Max(largest, from[i] & 0x7FFF);
        var (by, back) = Scale(Float(largest), Most);
        for (int i = 0; i < n; i++) to[i] = by == 0 ? (short)0 : (short)MathF.Round(Float(from[i]) * by);
        return back;
    }

    static float Float(int brain) => BitConverter.Int32BitsToSingle(brain << 16);

    public override void Score(int* queries, float* queryScales, int* turned, float* scales, int latent, int rotary, int heads, float* scores)
    {
        int groups = Groups(latent);
        for (int h = 0; h < heads; h++, queryScales += groups + 1)
            for (int p = 0; p < Block; p++)
            {
                int* query = queries + h / Heads * Heads * (latent + rotary) / 2 + h % Heads;
                float sum = 0;
                for (int g = 0; g < groups; g++)
                    sum = MathF.FusedMultiplyAdd(Dot(query, turned, p, g * GroupColumns, Math.Min(latent, (g + 1) * GroupColumns)), queryScales[g], sum);
                scores[h * Block + p] = MathF.FusedMultiplyAdd(sum, scales[p], Dot(query, turned, p, latent, latent + rotary) * queryScales[groups] * scales[Block + p]);
            }
    }

    static int Dot(int* query, int* turned, int p, int first, int end)
    {
        int sum = 0;
        for (int i = first / 2; i < end / 2; i++)
        {
            int q = query[i * Heads], k = turned[i * Block + p];
            sum += (short)q * (short)k + (q >> 16) * (k >> 16);
        }
        return sum;
    }

    public override void Mix(short* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int h = 0; h < heads; h++)
            for (int d = 0; d < latent; d++)
            {
                int sum = 0;
                for (int p = 0; p < Block; p++) sum += weights[h * Block + p] * rows[p * columns + d];
                mixed[h * latent + d] = MathF.FusedMultiplyAdd(sum, weightScales[h], mixed[h * latent + d]);
            }
    }
}
