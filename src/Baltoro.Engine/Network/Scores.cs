// The part of attention that reads the cache: scores, softmax, and the mixture of latents. Knows no weights.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Threads;

namespace Baltoro.Engine.Network;

/// <summary>
/// <para>Work is cut in items: a tile of rows, a group of heads, a span of positions. An item walks over its span block by block with a running softmax
/// (arXiv 2205.14135); items of one tile and group are joined in the order of their spans. Spans are fixed by position, so a row's result depends on nothing
/// but its own past: not on the batch, not on the number of threads.</para>
/// <para>Items run in rounds of as many as there are slots, so that memory does not grow with the context.</para>
/// </summary>
sealed unsafe class Scores : IDisposable
{
    const int SpanPositions = 128;
    const int GroupHeads = 16;
    const int Block = KernelSet.Block;

    readonly Shape _shape;
    readonly Batch _batch;
    readonly PagePool _pool;
    readonly KernelSet _kernels;
    readonly Crew _crew;
    readonly Item[] _items;
    readonly (int First, int Count)[] _runs;
    readonly Action<int, int> _attend, _join;

    readonly Native<float> _contexts;   // [T, H, c]
    readonly Native<float> _states;     // [T, H, 2]: largest score, sum
    readonly Native<float> _partial;    // [slots, tile rows, group heads, c]
    readonly Native<float> _partialStates; // [slots, tile rows, group heads, 2]
    readonly Native<float> _scratch;    // [lanes]: a block as floats, the same turned, scores
    readonly long _laneScratch;
    float* _queries;
    int _layer;
    int _itemCount;
    int _runCount;

    public Scores(Shape shape, Batch batch, PagePool pool, KernelSet kernels, Crew crew)
    {
        (_shape, _batch, _pool, _kernels, _crew) = (shape, batch, pool, kernels, crew);
        (_attend, _join) = (Attend, Join);
        int slots = Math.Max(16, 8 * crew.Lanes);
        _items = new Item[slots];
        _runs = new (int, int)[slots];
        _contexts = new((long)batch.Rows * shape.Heads * shape.Latent);
        _states = new((long)batch.Rows * shape.Heads * 2);
        _partial = new((long)slots * Batch.TileRows * GroupHeads * shape.Latent);
        _partialStates = new((long)slots * Batch.TileRows * GroupHeads * 2);
        _laneScratch = 2L * Block * shape.CacheRow + GroupHeads * Block;
        _scratch = new(crew.Lanes * _laneScratch);
    }

    /// <summary>A tile of rows, a group of heads, a span of positions.</summary>
    readonly record struct Item(int Tile, int Group, int Span);

    int Groups => (_shape.Heads + GroupHeads - 1) / GroupHeads;

    /// <summary>What a head of a row mixed out of the latents: c numbers.</summary>
    public float* Context(int row, int head) => _contexts.Start + ((long)row * _shape.Heads + head) * _shape.Latent;

    /// <summary>Attends for all rows of the batch. <paramref name="queries"/> is [T, H, c + r].</summary>
    public void Run(int layer, float* queries)
    {
        _layer = layer;
        _queries = queries;
        Item next = default;
        while (next.Tile < _batch.TileCount)
        {
            (_itemCount, _runCount) = (0, 0);
            while (_itemCount < _items.Length && next.Tile < _batch.TileCount) next = Push(next);
            _crew.Run(_itemCount, _attend);
            _crew.Run(_runCount * GroupHeads, _join);
        }
    }

    Item Push(Item item)
    {
        if (item.Span == 0 || _itemCount == 0) _runs[_runCount++] = (_itemCount, 0);
        _runs[_runCount - 1].Count++;
        _items[_itemCount++] = item;
        if (item.Span < LastSpan(item.Tile)) return item with { Span = item.Span + 1 };
        return item.Group + 1 < Groups ? new(item.Tile, item.Group + 1, 0) : new(item.Tile + 1, 0, 0);
    }

    int LastSpan(int tile)
    {
        var (first, count) = _batch.Tiles[tile];
        return _batch.Positions[first + count - 1] / SpanPositions;
    }

    float* Partial(int slot, int row, int head) => _partial.Start + (((long)slot * Batch.TileRows + row) * GroupHeads + head) * _shape.Latent;

    float* PartialState(int slot, int row, int head) => _partialStates.Start + (((long)slot * Batch.TileRows + row) * GroupHeads + head) * 2;

    void Attend(int slot, int lane)
    {
        Item item = _items[slot];
        var (first, rows) = _batch.Tiles[item.Tile];
        int firstHead = item.Group * GroupHeads, heads = Math.Min(GroupHeads, _shape.Heads - firstHead);
        int start = item.Span * SpanPositions, last = Math.Min(start + SpanPositions, _batch.Positions[first + rows - 1] + 1);
        float* block = _scratch.Start + lane * _laneScratch, turned = block + (long)Block * _shape.CacheRow, scores = turned + (long)Block * _shape.CacheRow;
        new Span<float>(Partial(slot, 0, 0), rows * GroupHeads * _shape.Latent).Clear();
        for (int i = 0; i < rows * GroupHeads; i++) (PartialState(slot, 0, i)[0], PartialState(slot, 0, i)[1]) = (float.NegativeInfinity, 0);
        for (int position = start; position < last; position += Block)
        {
            byte* cached = _pool.Block(_batch.Lines[first].PageOf(position), _layer);
            if (_pool.Precision == CachePrecision.Brain16) _kernels.Widen((ushort*)cached, _shape.CacheRow, block, turned);
            else _kernels.Widen((float*)cached, _shape.CacheRow, block, turned);
            for (int row = 0; row < rows; row++)
            {
                int visible = Math.Min(Block, _batch.Positions[first + row] - position + 1);
                if (visible <= 0) continue;
                float* query = _queries + ((long)(first + row) * _shape.Heads + firstHead) * _shape.CacheRow;
                new Span<float>(scores, heads * Block).Clear();
                _kernels.Accumulate(query, _shape.CacheRow, turned, Block, scores, Block, heads, _shape.CacheRow, Block);
                for (int head = 0; head < heads; head++) Soften(scores + head * Block, visible, PartialState(slot, row, head), Partial(slot, row, head));
                _kernels.Accumulate(scores, Block, block, _shape.CacheRow, Partial(slot, row, 0), _shape.Latent, heads, Block, _shape.Latent);
            }
        }
    }

    /// <summary>Turns a block's scores of one head into weights under the largest score so far, and what was mixed before with them.</summary>
    void Soften(float* scores, int visible, float* state, float* mixed)
    {
        Elementwise.Scale(_shape.ScoreScale, scores, Block);
        for (int i = visible; i < Block; i++) scores[i] = float.NegativeInfinity;
        float most = Elementwise.Most(scores, Block);
        if (most > state[0])
        {
            float by = MathF.Exp(state[0] - most);
            if (by != 0) Elementwise.Scale(by, mixed, _shape.Latent);
            (state[0], state[1]) = (most, state[1] * by);
        }
        state[1] += Elementwise.Exponentials(scores, state[0], Block);
    }

    /// <summary>Joins what the items of a run mixed for one head with what earlier rounds did.</summary>
    void Join(int part, int lane)
    {
        var (from, count) = _runs[part / GroupHeads];
        Item item = _items[from];
        int inGroup = part % GroupHeads, head = item.Group * GroupHeads + inGroup;
        if (head >= _shape.Heads) return;
        var (first, rows) = _batch.Tiles[item.Tile];
        for (int row = 0; row < rows; row++)
        {
            float* context = Context(first + row, head), state = _states.Start + ((long)(first + row) * _shape.Heads + head) * 2;
            for (int slot = from; slot < from + count; slot++) Add(Partial(slot, row, inGroup), PartialState(slot, row, inGroup), context, state, _items[slot].Span == 0);
            if (_items[from + count - 1].Span == LastSpan(item.Tile)) Elementwise.Scale(1 / state[1], context, _shape.Latent);
        }
    }

    void Add(float* mixed, float* from, float* context, float* state, bool first)
    {
        if (first)
        {
            new ReadOnlySpan<float>(mixed, _shape.Latent).CopyTo(new(context, _shape.Latent));
            (state[0], state[1]) = (from[0], from[1]);
            return;
        }
        float most = MathF.Max(state[0], from[0]), old = MathF.Exp(state[0] - most), now = MathF.Exp(from[0] - most);
        if (old != 1) Elementwise.Scale(old, context, _shape.Latent);
        Elementwise.Add(now, mixed, context, _shape.Latent);
        (state[0], state[1]) = (most, state[1] * old + from[1] * now);
    }

    public void Dispose()
    {
        foreach (Native<float> one in (Native<float>[])[_contexts, _states, _partial, _partialStates, _scratch]) one.Dispose();
    }
}
