// Attention over a block of latents: every instruction set against the scalar one to the bit, and the scalar one against doubles.

using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Tests.Kernels;

public unsafe class LatentBlocks
{
    const int Block = KernelSet.Block;

    public static TheoryData<string> Others => [.. KernelChoice.Available.Where(name => name != "scalar")];

    public static TheoryData<string> All => [.. KernelChoice.Available];

    /// <summary>Everything that the kernels write for one block.</summary>
    sealed record Written(short[] Rows, int[] Turned, float[] Scales, float[] Scores, float[] Mixed)
    {
        public bool SameAs(Written other) => Rows.AsSpan().SequenceEqual(other.Rows) && Turned.AsSpan().SequenceEqual(other.Turned)
            && Bits(Scales).SequenceEqual(Bits(other.Scales)) && Bits(Scores).SequenceEqual(Bits(other.Scores)) && Bits(Mixed).SequenceEqual(Bits(other.Mixed));

        static IEnumerable<int> Bits(float[] values) => values.Select(value => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value));
    }

    [Theory, MemberData(nameof(Others))]
    public void A_block_gives_the_scalar_kernels_bits(string simd)
    {
        foreach (var (heads, latent, rotary) in ((int, int, int)[])[(8, 64, 32), (16, 512, 64), (24, 160, 128), (8, 32, 32)])
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
    public void Scores_and_mixtures_are_those_of_doubles_to_a_part_in_a_thousand(string simd)
    {
        const int Heads = 16, Latent = 512, Rotary = 64, Columns = Latent + Rotary;
        Written written = Run(simd, Heads, Latent, Rotary, 1);
        float[] queries = Numbers(Heads * Columns, 5, 1), block = Numbers(Block * Columns, 7, 1), weights = Weights(Heads);
        double[] scores = new double[Heads * Block], mixed = new double[Heads * Latent];
        for (int h = 0; h < Heads; h++)
            for (int p = 0; p < Block; p++)
            {
                for (int i = 0; i < Columns; i++) scores[h * Block + p] += 0.25 * queries[h * Columns + i] * Brain(block[p * Columns + i]);
                for (int d = 0; d < Latent; d++) mixed[h * Latent + d] += weights[h * Block + p] * (double)Brain(block[p * Columns + d]);
            }
        Assert.InRange(Off(scores, written.Scores), 0, 5e-4);
        Assert.InRange(Off(mixed, written.Mixed), 0, 5e-4);
    }

    static double Off(double[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(value => value * value));

    static float Brain(float value)
    {
        ushort bits;
        Elementwise.Narrow(&value, &bits, 1);
        return BitConverter.Int32BitsToSingle(bits << 16);
    }

    static float[] Numbers(int length, int seed, float size)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(i => i % 50 == 0 ? 0 : (float)(random.NextDouble() * 2 - 1) * size)];
    }

    static float[] Weights(int heads) => Array.ConvertAll(Numbers(heads * Block, 9, 1), MathF.Abs);

    /// <param name="wild">Stand in the rows 1, 2, and so on.</param>
    static Written Run(string simd, int heads, int latent, int rotary, float size, float[]? wild = null)
    {
        LatentKernel kernel = KernelChoice.Make(simd).Latents;
        int columns = latent + rotary, groups = LatentKernel.Groups(latent) + 1;
        float[] queries = Numbers(heads * columns, 5, 1), block = Numbers(Block * columns, 7, size), weights = Weights(heads);
        for (int i = 0; i < wild?.Length; i++) block[(i + 1) * columns + i] = wild[i];
        ushort[] brain = new ushort[block.Length];
        int[] rounded = new int[queries.Length / 2];
        float[] queryScales = new float[heads * groups], weightScales = new float[heads];
        short[] roundedWeights = new short[heads * Block];
        Written written = new(new short[block.Length], new int[block.Length / 2], new float[2 * Block], new float[heads * Block], new float[heads * latent]);
        fixed (float* q = queries, b = block, w = weights, qs = queryScales, ws = weightScales, scales = written.Scales, scores = written.Scores, mixed = written.Mixed)
        fixed (ushort* cached = brain)
        fixed (int* qi = rounded, turned = written.Turned)
        fixed (short* rows = written.Rows, wi = roundedWeights)
        {
            Elementwise.Narrow(b, cached, block.Length);
            for (int h = 0; h < heads; h++)
                LatentKernel.RoundQuery(q + h * columns, latent, rotary, 0.25f, qi + h / 8 * 8 * columns / 2 + h % 8, qs + h * groups);
            kernel.Cut(cached, latent, rotary, rows, turned, scales);
            kernel.Score(qi, qs, turned, scales, latent, rotary, heads, scores);
            for (int h = 0; h < heads; h++) ws[h] = LatentKernel.RoundWeights(w + h * Block, scales, wi + h * Block);
            kernel.Mix(wi, ws, rows, columns, latent, heads, mixed);
        }
        return written;
    }
}
