// The definition of attention over a block of latents; every faster kernel is held against it. Knows no instruction set.

namespace Baltoro.Engine.Kernels;

/// <summary>Number by number.</summary>
sealed unsafe class ScalarLatents : LatentKernel
{
    public override void Score(int* queries, float* queryScales, byte* block, int latent, int rotary, int heads, byte* next, float* scores)
    {
        int groups = Groups(latent), columns = latent + rotary;
        float* scales = Scales(block, columns);
        for (int h = 0; h < heads; h++)
            for (int p = 0; p < Block; p++)
            {
                short* row = (short*)block + p * columns;
                float sum = 0;
                for (int g = 0; g < groups; g++)
                    sum = MathF.FusedMultiplyAdd(Dot(queries + h, row, g * GroupColumns, Math.Min(latent, (g + 1) * GroupColumns)), queryScales[g * Heads + h], sum);
                scores[p * Heads + h] = MathF.FusedMultiplyAdd(sum, scales[p], Dot(queries + h, row, latent, columns) * queryScales[groups * Heads + h] * scales[Block + p]);
            }
    }

    static int Dot(int* query, short* row, int first, int end)
    {
        int sum = 0;
        for (int i = first; i < end; i += 2) sum += (short)query[i / 2 * Heads] * row[i] + (query[i / 2 * Heads] >> 16) * row[i + 1];
        return sum;
    }

    public override void Mix(int* weights, float* weightScales, short* rows, int columns, int latent, int heads, float* mixed)
    {
        for (int h = 0; h < heads; h++)
            for (int d = 0; d < latent; d++)
            {
                int sum = 0;
                for (int p = 0; p < Block; p += 2)
                {
                    int pair = weights[p / 2 * Heads + h];
                    sum += (short)pair * rows[p * columns + d] + (pair >> 16) * rows[(p + 1) * columns + d];
                }
                mixed[h * latent + d] = MathF.FusedMultiplyAdd(sum, weightScales[h], mixed[h * latent + d]);
            }
    }
}
