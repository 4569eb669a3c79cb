// The part of attention that reads the cache: which rows meet which positions, on which thread, and how pieces are joined. Knows no weights.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Threads;

namespace Baltoro.Engine.Network;

/// <summary>
/// <para>Work is cut in items: a tile of rows, a group of heads, a span of positions. An item walks over its span block by block
/// (<see cref="BlockAttention"/>); items of one tile and group are joined in the order of their spans. Spans are fixed by position, so a row's result depends on nothing
/// but its own past: not on the batch, not on the number of threads.</para>
/// <para>Items run in rounds of as many as there are slots, so that memory does not grow with the context.</para>
/// </summary>
sealed unsafe class Scores : IDisposable
{
    const int SpanPositions = 256;
    const int GroupHeads = LatentKernel.Heads;
    const int Block = KernelSet.Block;

    readonly Shape _shape;
    readonly Batch _batch;
    readonly PagePool _pool;
    readonly BlockAttention _blocks;
    readonly Crew _crew;
    readonly Item[] _items;
    readonly Item?[] _inHand;           // of each lane: whose queries it has taken over
    readonly (int First, int Count)[] _runs;
    readonly Action<int, int> _attend, _join;

    readonly Native<float> _contexts;   // [T, H, c]
    readonly Native<float> _states;     // [T, H, 2]: largest score, sum
    readonly Native<float> _partial;    // [slots, tile rows, group heads, c]
    readonly Native<float> _partialStates; // [slots, tile rows, group heads, 2]
    float* _queries;
    int _layer;
    int _itemCount;
    int _runCount;

    public Scores(Shape shape, Batch batch, PagePool pool, KernelSet kernels, Crew crew)
    {
        (_shape, _batch, _pool, _crew) = (shape, batch, pool, crew);
        _blocks = pool.Precision == CachePrecision.Rounded16 ? new RoundedBlocks(shape, kernels.Latents, crew.Lanes, Batch.TileRows) : new FloatBlocks(shape, crew.Lanes);
        (_attend, _join) = (Attend, Join);
        int slots = Math.Max(16, 8 * crew.Lanes);
        _items = new Item[slots];
        _inHand = new Item?[crew.Lanes];
        _runs = new (int, int)[slots];
        _contexts = new((long)batch.Rows * shape.Heads * shape.Latent);
        _states = new((long)batch.Rows * shape.Heads * 2);
        _partial = new((long)slots * Batch.TileRows * GroupHeads * shape.Latent);
        _partialStates = new((long)slots * Batch.TileRows * GroupHeads * 2);
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
        Array.Clear(_inHand);
        Item next = default;
        while (next.Tile < _batch.TileCount)
        {
            (_itemCount, _runCount) = (0, 0);
            while (_itemCount < _items.Length && next.Tile < _batch.TileCount) next = Push(next);
            _crew.Run(_itemCount, _attend);
            _crew.Each(_runCount * Math.Min(GroupHeads, _shape.Heads), _shape.Latent * Batch.TileRows, _join);
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
        new Span<float>(Partial(slot, 0, 0), rows * GroupHeads * _shape.Latent).Clear();
        for (int i = 0; i < rows * GroupHeads; i++) (PartialState(slot, 0, i)[0], PartialState(slot, 0, i)[1]) = (float.NegativeInfinity, 0);
        if (_inHand[lane] != item with { Span = 0 }) _blocks.Begin(lane, _queries + ((long)first * _shape.Heads + firstHead) * _shape.CacheRow, rows, heads);
        _inHand[lane] = item with { Span = 0 };
        for (int position = start; position < last; position += Block)
        {
            byte* block = At(position, first);
            _blocks.Load(lane, block, position + Block < last ? At(position + Block, first) : block);
            for (int row = 0; row < rows; row++)
                if (Math.Min(Block, _batch.Positions[first + row] - position + 1) is > 0 and var visible) _blocks.Attend(lane, row, visible, PartialState(slot, row, 0), Partial(slot, row, 0));
        }
    }

    byte* At(int position, int row) => _pool.Block(_batch.Lines[row].PageOf(position), _layer);

    /// <summary>Joins what the items of a run mixed for one head with what earlier rounds did.</summary>
    void Join(int part, int lane)
    {
        int groupHeads = Math.Min(GroupHeads, _shape.Heads);
        var (from, count) = _runs[part / groupHeads];
        Item item = _items[from];
        int inGroup = part % groupHeads, head = item.Group * GroupHeads + inGroup;
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
        foreach (IDisposable one in (IDisposable[])[_contexts, _states, _partial, _partialStates, _blocks]) one.Dispose();
    }
}
