// Attention over a block of latents: every instruction set against the scalar one to the bit, and the scalar one against doubles.

using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Tests.Kernels;

public unsafe class LatentBlocks
{
    const int Block = KernelSet.Block;

    public static TheoryData<string> Others => [.. KernelChoice.Available.Where(name => name != "scalar")];

    public static TheoryData<string> All => [.. KernelChoice.Available];

    /// <summary>What comes of two blocks, one after the other; of the second a part is visible.</summary>
    /// <param name="Scores">Of both blocks, [64, heads].</param>
    /// <param name="States">[heads, 2]</param>
    /// <param name="Mixed">[heads, latent]</param>
    sealed record Written(float[] Scales, float[] Scores, float[] States, float[] Mixed)
    {
        public bool SameAs(Written other) => Bits(Scales).SequenceEqual(Bits(other.Scales)) && Bits(Scores).SequenceEqual(Bits(other.Scores))
            && Bits(States).SequenceEqual(Bits(other.States)) && Bits(Mixed).SequenceEqual(Bits(other.Mixed));

        static IEnumerable<int> Bits(float[] values) => values.Select(value => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value));
    }

    [Theory, MemberData(nameof(Others))]
    public void A_block_gives_the_scalar_kernels_bits(string simd)
    {
        foreach (var (heads, latent, rotary) in ((int, int, int)[])[(8, 64, 32), (16, 512, 64), (11, 160, 128), (1, 64, 64), (4, 32, 32)])
            foreach (float size in (float[])[1, 1e-4f, 1e30f, 1e-38f, 0])
                Assert.True(Run("scalar", heads, latent, rotary, size).SameAs(Run(simd, heads, latent, rotary, size)), $"{heads} heads, {latent} and {rotary} columns, values to {size}");
    }

    [Theory, MemberData(nameof(Others))]
    public void Infinities_and_NaN_make_the_same_rows_nothing_everywhere(string simd)
    {
        float[] wild = [float.PositiveInfinity, float.NegativeInfinity, float.NaN, 3e38f];
        Written expected = Run("scalar", 8, 64, 32, 1, wild);
        Assert.Equal(3, expected.Scales.Count(float.IsNaN));
        Assert.True(expected.SameAs(Run(simd, 8, 64, 32, 1, wild)));
    }

    [Theory, MemberData(nameof(All))]
    public void Scores_and_mixtures_are_those_of_doubles_to_a_part_in_two_thousand(string simd)
    {
        const int Heads = 13, Latent = 512, Rotary = 64, Columns = Latent + Rotary;
        Written written = Run(simd, Heads, Latent, Rotary, 1);
        float[] queries = Numbers(Heads * Columns, 5, 1), rows = Numbers(2 * Block * Columns, 7, 1);
        double[] scores = new double[2 * Block * Heads], mixed = new double[Heads * Latent];
        for (int h = 0; h < Heads; h++)
        {
            for (int p = 0; p < 2 * Block; p++)
                for (int i = 0; i < Columns; i++) scores[p * Heads + h] += 0.25 * queries[h * Columns + i] * rows[p * Columns + i];
            double[] weights = [.. Enumerable.Range(0, Block + Visible).Select(p => Math.Exp(scores[p * Heads + h]))];
            for (int p = 0; p < weights.Length; p++)
                for (int d = 0; d < Latent; d++) mixed[h * Latent + d] += weights[p] / weights.Sum() * rows[p * Columns + d];
        }
        Assert.InRange(Off(scores, written.Scores), 0, 5e-4);
        Assert.InRange(Off(mixed, [.. written.Mixed.Select((value, i) => value / written.States[i / Latent * 2 + 1])]), 0, 5e-4);
    }

    [Fact]
    public void Behind_a_score_that_is_larger_by_far_nothing_is_left_of_what_was_mixed_before()
    {
        const int Lanes = LatentKernel.Heads, Latent = 32;
        float[] scores = new float[Block * Lanes], scales = [.. Enumerable.Repeat(1f, 2 * Block)], weightScales = new float[Lanes], mixed = new float[Lanes * Latent];
        float[] states = [.. Enumerable.Range(0, 2 * Lanes).Select(i => i % 2 == 0 ? float.NegativeInfinity : 0)];
        int[] weights = new int[Block / 2 * Lanes];
        fixed (float* s = scores, by = scales, weightBy = weightScales, m = mixed, state = states)
        fixed (int* weight = weights)
        {
            HeadSoftmax.Weigh(s, by, Block, Lanes, state, m, Latent, weight, weightBy);
            Array.Fill(mixed, 5);
            Array.Fill(scores, 200);
            HeadSoftmax.Weigh(s, by, Block, Lanes, state, m, Latent, weight, weightBy);
        }
        Assert.Equal(new float[Lanes * Latent], mixed);
        Assert.Equal([.. Enumerable.Range(0, 2 * Lanes).Select(i => i % 2 == 0 ? 200f : Block)], states);
    }

    static double Off(double[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(value => value * value));

    static float[] Numbers(int length, int seed, float size)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(i => i % 50 == 0 ? 0 : (float)(random.NextDouble() * 2 - 1) * size)];
    }

    const int Visible = 5;

    /// <param name="wild">Stand in the rows 1, 2, and so on.</param>
    static Written Run(string simd, int heads, int latent, int rotary, float size, float[]? wild = null)
    {
        const int Lanes = LatentKernel.Heads;
        LatentKernel kernel = KernelChoice.Make(simd).Latents;
        int columns = latent + rotary, groups = LatentKernel.Groups(latent) + 1;
        float[] queries = Numbers(heads * columns, 5, 1), numbers = Numbers(2 * Block * columns, 7, size);
        for (int i = 0; i < wild?.Length; i++) numbers[(i + 1) * columns + i] = wild[i];
        byte[] cached = new byte[LatentKernel.BlockBytes(columns)];
        int[] rounded = new int[Lanes * columns / 2], weights = new int[Block / 2 * Lanes];
        float[] queryScales = new float[Lanes * groups], weightScales = new float[Lanes], scores = new float[Block * Lanes], mixed = new float[Lanes * latent];
        float[] states = [.. Enumerable.Range(0, 2 * Lanes).Select(i => i % 2 == 0 ? float.NegativeInfinity : 0)];
        List<float> allScales = [], allScores = [];
        fixed (float* q = queries, x = numbers, by = queryScales, weightBy = weightScales, s = scores, m = mixed, state = states)
        fixed (byte* block = cached)
        fixed (int* query = rounded, weight = weights)
        {
            for (int h = 0; h < heads; h++) LatentKernel.RoundQuery(q + h * columns, latent, rotary, 0.25f, query + h, by + h);
            foreach (var (first, visible) in ((int, int)[])[(0, Block), (Block, Visible)])
            {
                for (int p = 0; p < Block; p++) LatentKernel.RoundPosition(x + (first + p) * columns, latent, rotary, block, p);
                float* scales = LatentKernel.Scales(block, columns);
                kernel.Score(query, by, block, latent, rotary, heads, block, s);
                allScales.AddRange(new ReadOnlySpan<float>(scales, 2 * Block));
                for (int p = 0; p < Block; p++) allScores.AddRange(scores.AsSpan(p * Lanes, heads));
                HeadSoftmax.Weigh(s, scales, visible, heads, state, m, latent, weight, weightBy);
                kernel.Mix(weight, weightBy, (short*)block, columns, latent, heads, m);
            }
        }
        return new([.. allScales], [.. allScores], states[..(2 * heads)], mixed[..(heads * latent)]);
    }
}
