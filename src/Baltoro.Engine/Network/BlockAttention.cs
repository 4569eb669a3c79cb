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

    /// <summary>Takes over the queries of <paramref name="rows"/> rows: [rows, H, c + r], the first of <paramref name="heads"/> heads, at most 16, at <paramref name="queries"/>.</summary>
    public abstract void Begin(int lane, float* queries, int rows, int heads);

    /// <summary>Turns to a block as the cache keeps it, and says which one comes next: any, where none does.</summary>
    public abstract void Load(int lane, byte* block, byte* next);

    /// <summary>Mixes the first <paramref name="visible"/> positions of the loaded block into what a row's heads have mixed already.</summary>
    /// <param name="states">[16, 2]</param>
    /// <param name="mixed">[16, c]</param>
    public abstract void Attend(int lane, int row, int visible, float* states, float* mixed);

    public abstract void Dispose();
}

/// <summary>In integers (<see cref="LatentKernel"/>).</summary>
sealed unsafe class RoundedBlocks : BlockAttention
{
    readonly LatentKernel _kernel;
    readonly Lane[] _lanes;

    public RoundedBlocks(Shape shape, LatentKernel kernel, int lanes, int tileRows) : base(shape)
    {
        _kernel = kernel;
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Lane(tileRows, QueryPairs, QueryScales))];
    }

    int QueryPairs => LatentKernel.Heads * Shape.CacheRow / 2;

    int QueryScales => LatentKernel.Heads * (LatentKernel.Groups(Shape.Latent) + 1);

    /// <summary>What one lane has in hand.</summary>
    sealed class Lane(int rows, int pairs, int scales) : IDisposable
    {
        public Native<int> Queries { get; } = new((long)rows * pairs);
        public Native<float> QueryScales { get; } = new((long)rows * scales);
        public Native<float> Scores { get; } = new(Block * LatentKernel.Heads);
        public Native<int> Weights { get; } = new(Block / 2 * LatentKernel.Heads);
        public Native<float> WeightScales { get; } = new(LatentKernel.Heads);
        public int Heads { get; set; }
        public byte* Loaded { get; set; }
        public byte* Next { get; set; }

        public void Dispose()
        {
            foreach (IDisposable one in (IDisposable[])[Queries, QueryScales, Scores, Weights, WeightScales]) one.Dispose();
        }
    }

    public override void Begin(int lane, float* queries, int rows, int heads)
    {
        Lane own = _lanes[lane];
        own.Heads = heads;
        for (int row = 0; row < rows; row++)
            for (int head = 0; head < heads; head++)
                LatentKernel.RoundQuery(queries + ((long)row * Shape.Heads + head) * Shape.CacheRow, Shape.Latent, Shape.Rotary, Shape.ScoreScale,
                    own.Queries.Start + (long)row * QueryPairs + head, own.QueryScales.Start + (long)row * QueryScales + head);
    }

    public override void Load(int lane, byte* block, byte* next)
    {
        _lanes[lane].Loaded = block;
        _lanes[lane].Next = next;
    }

    public override void Attend(int lane, int row, int visible, float* states, float* mixed)
    {
        Lane own = _lanes[lane];
        _kernel.Score(own.Queries.Start + (long)row * QueryPairs, own.QueryScales.Start + (long)row * QueryScales, own.Loaded, Shape.Latent, Shape.Rotary, own.Heads, own.Next, own.Scores.Start);
        // Other rows find it fetched.
        own.Next = own.Loaded;
        HeadSoftmax.Weigh(own.Scores.Start, LatentKernel.Scales(own.Loaded, Shape.CacheRow), visible, own.Heads, states, mixed, Shape.Latent, own.Weights.Start, own.WeightScales.Start);
        _kernel.Mix(own.Weights.Start, own.WeightScales.Start, (short*)own.Loaded, Shape.CacheRow, Shape.Latent, own.Heads, mixed);
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

    public override void Load(int lane, byte* block, byte* next) => _lanes[lane].Block = (nint)block;

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

    /// <summary>Turns a block's scores of one head into weights under the largest score so far, and what was mixed before with them.</summary>
    void Soften(float* scores, int visible, float* state, float* mixed)
    {
        for (int i = visible; i < Block; i++) scores[i] = float.NegativeInfinity;
        float most = Elementwise.Most(scores, Block);
        if (most > state[0])
        {
            float by = MathF.Exp(state[0] - most);
            if (!float.IsNegativeInfinity(state[0])) Elementwise.Scale(by, mixed, Shape.Latent);
            (state[0], state[1]) = (most, state[1] * by);
        }
        state[1] += Elementwise.Exponentials(scores, state[0], Block);
    }

    public override void Dispose()
    {
    }
}
