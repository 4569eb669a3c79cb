// Attention of some rows and heads over one block of the cache after another, with a running softmax. Knows no spans and no threads.

using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Network;

/// <summary>
/// A lane's piece of work is begun with its queries; then each block is loaded once and attended to by every row (arXiv 2205.14135). A state is the largest score so
/// far and the sum of weights under it. One caller for each lane.
/// </summary>
abstract unsafe class BlockAttention(Shape shape) : IDisposable
{
    protected const int Block = KernelSet.Block;

    protected Shape Shape => shape;

    /// <summary>Takes over the queries of <paramref name="rows"/> rows: [rows, H, c + r], the first of <paramref name="heads"/> heads at <paramref name="queries"/>.</summary>
    public abstract void Begin(int lane, float* queries, int rows, int heads);

    /// <summary>Makes a block ready: [32, c + r] as the cache keeps it.</summary>
    public abstract void Load(int lane, byte* block);

    /// <summary>Mixes the first <paramref name="visible"/> positions of the loaded block into what a row's heads have mixed already.</summary>
    /// <param name="states">[heads, 2]</param>
    /// <param name="mixed">[heads, c], with room for a multiple of eight heads.</param>
    public abstract void Attend(int lane, int row, int visible, float* states, float* mixed);

    public abstract void Dispose();

    /// <summary>Turns a block's scores of one head into weights under the largest score so far, and what was mixed before with them.</summary>
    protected void Soften(float* scores, int visible, float* state, float* mixed)
    {
        for (int i = visible; i < Block; i++) scores[i] = float.NegativeInfinity;
        float most = Elementwise.Most(scores, Block);
        if (most > state[0])
        {
            float by = MathF.Exp(state[0] - most);
            if (by != 0) Elementwise.Scale(by, mixed, shape.Latent);
            (state[0], state[1]) = (most, state[1] * by);
        }
        state[1] += Elementwise.Exponentials(scores, state[0], Block);
    }
}

/// <summary>Over bfloats, in integers (<see cref="LatentKernel"/>).</summary>
sealed unsafe class BrainBlocks : BlockAttention
{
    readonly LatentKernel _kernel;
    readonly Lane[] _lanes;
    readonly int _groupHeads;

    /// <param name="groupHeads">The most heads of a piece of work; a multiple of eight.</param>
    public BrainBlocks(Shape shape, LatentKernel kernel, int lanes, int tileRows, int groupHeads) : base(shape)
    {
        (_kernel, _groupHeads) = (kernel, groupHeads);
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Lane(shape, tileRows * groupHeads, groupHeads))];
    }

    /// <summary>What one lane has in hand.</summary>
    sealed class Lane(Shape shape, int queries, int heads) : IDisposable
    {
        public Native<int> Queries { get; } = new((long)queries * shape.CacheRow / 2);
        public Native<float> QueryScales { get; } = new((long)queries * (LatentKernel.Groups(shape.Latent) + 1));
        public Native<short> Rows { get; } = new(Block * shape.CacheRow);
        public Native<int> Turned { get; } = new(Block * shape.CacheRow / 2);
        public Native<float> Scales { get; } = new(2 * Block);
        public Native<float> Scores { get; } = new(heads * Block);
        public Native<short> Weights { get; } = new(heads * Block);
        public Native<float> WeightScales { get; } = new(heads);
        public int Heads { get; set; }

        public void Dispose()
        {
            foreach (IDisposable one in (IDisposable[])[Queries, QueryScales, Rows, Turned, Scales, Scores, Weights, WeightScales]) one.Dispose();
        }
    }

    public override void Begin(int lane, float* queries, int rows, int heads)
    {
        Lane own = _lanes[lane];
        own.Heads = heads;
        int scales = LatentKernel.Groups(Shape.Latent) + 1, columns = Shape.CacheRow;
        for (int row = 0; row < rows; row++)
            for (int head = 0; head < heads; head++)
            {
                long at = (long)row * _groupHeads + head;
                LatentKernel.RoundQuery(queries + ((long)row * Shape.Heads + head) * columns, Shape.Latent, Shape.Rotary, Shape.ScoreScale, own.Queries.Start + (at - at % LatentKernel.Heads) * columns / 2 + at % LatentKernel.Heads, own.QueryScales.Start + at * scales);
            }
        // What fills the heads up to a multiple of eight weighs nothing; their queries are whatever they are.
        for (int head = heads; head < Filled(heads); head++)
        {
            new Span<short>(own.Weights.Start + head * Block, Block).Clear();
            own.WeightScales.Start[head] = 0;
        }
    }

    static int Filled(int heads) => (heads + LatentKernel.Heads - 1) / LatentKernel.Heads * LatentKernel.Heads;

    public override void Load(int lane, byte* block)
    {
        Lane own = _lanes[lane];
        _kernel.Cut((ushort*)block, Shape.Latent, Shape.Rotary, own.Rows.Start, own.Turned.Start, own.Scales.Start);
    }

    public override void Attend(int lane, int row, int visible, float* states, float* mixed)
    {
        Lane own = _lanes[lane];
        long first = (long)row * _groupHeads;
        int filled = Filled(own.Heads);
        _kernel.Score(own.Queries.Start + first * Shape.CacheRow / 2, own.QueryScales.Start + first * (LatentKernel.Groups(Shape.Latent) + 1), own.Turned.Start, own.Scales.Start,
            Shape.Latent, Shape.Rotary, filled, own.Scores.Start);
        for (int head = 0; head < own.Heads; head++)
        {
            float* scores = own.Scores.Start + head * Block;
            Soften(scores, visible, states + 2 * head, mixed + (long)head * Shape.Latent);
            own.WeightScales.Start[head] = LatentKernel.RoundWeights(scores, own.Scales.Start, own.Weights.Start + head * Block);
        }
        _kernel.Mix(own.Weights.Start, own.WeightScales.Start, own.Rows.Start, Shape.CacheRow, Shape.Latent, filled, mixed);
    }

    public override void Dispose()
    {
        foreach (Lane lane in _lanes) lane.Dispose();
    }
}

/// <summary>Over floats, in floats: for comparing with reference numbers, and slow.</summary>
sealed unsafe class FloatBlocks(Shape shape, int lanes) : BlockAttention(shape)
{
    readonly (nint Queries, int Heads, nint Block)[] _lanes = new (nint, int, nint)[lanes];

    public override void Begin(int lane, float* queries, int rows, int heads) => _lanes[lane] = ((nint)queries, heads, 0);

    public override void Load(int lane, byte* block) => _lanes[lane].Block = (nint)block;

    public override void Attend(int lane, int row, int visible, float* states, float* mixed)
    {
        var (queries, heads, block) = _lanes[lane];
        float* scores = stackalloc float[Block];
        for (int head = 0; head < heads; head++, mixed += Shape.Latent)
        {
            for (int p = 0; p < visible; p++)
                scores[p] = Shape.ScoreScale * Elementwise.Dot((float*)queries + ((long)row * Shape.Heads + head) * Shape.CacheRow, (float*)block + p * Shape.CacheRow, Shape.CacheRow);
            Soften(scores, visible, states + 2 * head, mixed);
            for (int p = 0; p < visible; p++) Elementwise.Add(scores[p], (float*)block + p * Shape.CacheRow, mixed, Shape.Latent);
        }
    }

    public override void Dispose()
    {
    }
}
