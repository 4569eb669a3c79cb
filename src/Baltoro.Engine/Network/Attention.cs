// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1) in its absorbed form. Knows no residuals and no experts.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Threads;

namespace Baltoro.Engine.Network;

/// <summary>
/// Keys are not made out of the cached latents; the projection that would make them is applied to the query, so that each cached position is read once for
/// all heads, as it is. T rows of a batch, H heads, widths n, r, v of a head's plain, rotary and value part, latents of rank c.
/// </summary>
sealed unsafe class Attention : IDisposable
{
    readonly Shape _shape;
    readonly Crew _crew;
    readonly Products _products;
    readonly Batch _batch;
    readonly Angles _angles;
    readonly PagePool _pool;
    readonly Scores _scores;

    readonly Native<float> _down;       // [T, query rank], compressed queries
    readonly Native<float> _latents;    // [T, c + r]
    readonly Native<float> _queries;    // [T, H, n + r]
    readonly Native<float> _wide;       // [T, H, c + r], queries among the latents
    readonly Native<float> _values;     // [T, H, v]
    readonly OperandRoom _compressed, _plain, _contexts, _joined;
    readonly Action<int, int> _storeLatents, _splitQueries, _cutContexts, _joinValues;
    LayerWeights _weights = null!;
    int _layer;

    public Attention(ModelWeights weights, Shape shape, Batch batch, Angles angles, PagePool pool, KernelSet kernels, Crew crew, Products products)
    {
        (_shape, _batch, _angles, _pool, _crew, _products) = (shape, batch, angles, pool, crew, products);
        int rows = batch.Rows;
        (_storeLatents, _splitQueries, _cutContexts, _joinValues) = (StoreLatents, SplitQueries, CutContexts, JoinValues);
        _down = new((long)rows * shape.QueryRank);
        _latents = new((long)rows * shape.CacheRow);
        _queries = new((long)rows * shape.Heads * shape.Query);
        _wide = new((long)rows * shape.Heads * shape.CacheRow);
        _values = new((long)rows * shape.Heads * shape.Value);
        long rooms = Operand.Rooms(rows) + Operand.Padding;
        _compressed = OperandRoom.For(rooms, Math.Max(shape.QueryRank, Operand.Group), weights.Layers.Select(layer => layer.QueryUp));
        _plain = OperandRoom.For(rooms * shape.Heads, shape.Plain, weights.Layers.Select(layer => layer.KeyUp));
        _contexts = OperandRoom.For(rooms * shape.Heads, shape.Latent, weights.Layers.Select(layer => layer.ValueUp));
        _joined = OperandRoom.For(rooms, shape.Heads * shape.Value, weights.Layers.Select(layer => layer.Output));
        _scores = new(shape, batch, pool, kernels, crew);
    }

    public Tap? Tap { get; set; }

    /// <summary>Attends for every row of the batch, and puts their keys in the cache. <paramref name="x"/> is what the attention's norm gave; <paramref name="output"/> is [T, hidden].</summary>
    public void Run(int layer, LayerWeights weights, in Operand x, float* output)
    {
        (_layer, _weights) = (layer, weights);
        int rows = _batch.Count, heads = _shape.Heads;
        float* first = weights.QueryUp is null ? _queries.Start : _down.Start;
        _products.Add(weights.QueryDown[0], x, first, weights.QueryDown.Rows);
        _products.Add(weights.LatentDown[0], x, _latents.Start, _shape.CacheRow);
        _products.Run();
        _crew.Each(rows, _shape.CacheRow, _storeLatents);
        if (weights.QueryUp is { } up)
        {
            _products.Add(up[0], _compressed.Cut(0, rows, _shape.QueryRank), _queries.Start, up.Rows);
            _products.Run();
        }
        _crew.Each(rows * heads, _shape.Query, _splitQueries);
        for (int head = 0; head < heads; head++)
            _products.Add(weights.KeyUp[head], HeadOperand(_plain, head, _shape.Plain), _wide.Start + head * _shape.CacheRow, heads * _shape.CacheRow);
        _products.Run();
        _scores.Run(layer, _wide.Start);
        _crew.Each(rows * heads, _shape.Latent, _cutContexts);
        for (int head = 0; head < heads; head++)
            _products.Add(weights.ValueUp[head], HeadOperand(_contexts, head, _shape.Latent), _values.Start + head * _shape.Value, heads * _shape.Value);
        _products.Run();
        Tap?.Invoke("kqv_out", layer, _values.Start, heads * _shape.Value, heads * _shape.Value);
        _crew.Each(rows, heads * _shape.Value, _joinValues);
        _products.Add(weights.Output[0], _joined.Cut(0, rows, heads * _shape.Value), output, _shape.Hidden);
        _products.Run();
    }

    Operand HeadOperand(OperandRoom room, int head, int columns) => room.Cut((long)head * Operand.Rooms(_batch.Count), _batch.Count, columns);

    /// <summary>A row's latents through their norm, its key turned to its position, both into the cache; its compressed query through its norm.</summary>
    void StoreLatents(int row, int lane)
    {
        float* latents = _latents.Start + (long)row * _shape.CacheRow;
        Elementwise.Norm(latents, _weights.LatentNorm.Start, latents, _shape.Latent, _shape.InnerEpsilon);
        Elementwise.Rotate(latents + _shape.Latent, _angles.Cosines(row), _angles.Sines(row), _shape.Rotary);
        int position = _batch.Positions[row];
        byte* block = _pool.Block(_batch.Lines[row].PageOf(position), _layer);
        int inPage = position % PagePool.Positions;
        if (_pool.Precision == CachePrecision.Rounded16) LatentKernel.RoundPosition(latents, _shape.Latent, _shape.Rotary, block, inPage);
        else new ReadOnlySpan<float>(latents, _shape.CacheRow).CopyTo(new((float*)block + (long)inPage * _shape.CacheRow, _shape.CacheRow));
        if (_weights.QueryNorm is not { } norm) return;
        float* query = _down.Start + (long)row * _shape.QueryRank;
        Elementwise.Norm(query, norm.Start, query, _shape.QueryRank, _shape.InnerEpsilon);
        _compressed.Cut(0, _batch.Count, _shape.QueryRank).Fill(row, 0, query, _shape.QueryRank);
    }

    /// <summary>The rotary part of a row's query of one head turned and put behind the place of their image among the latents; the plain part made ready for that product.</summary>
    void SplitQueries(int rowAndHead, int lane)
    {
        var (row, head) = Math.DivRem(rowAndHead, _shape.Heads);
        float* query = _queries.Start + (long)rowAndHead * _shape.Query;
        float* turned = _wide.Start + (long)rowAndHead * _shape.CacheRow + _shape.Latent;
        new ReadOnlySpan<float>(query + _shape.Plain, _shape.Rotary).CopyTo(new(turned, _shape.Rotary));
        Elementwise.Rotate(turned, _angles.Cosines(row), _angles.Sines(row), _shape.Rotary);
        HeadOperand(_plain, head, _shape.Plain).Fill(row, 0, query, _shape.Plain);
    }

    void CutContexts(int rowAndHead, int lane)
    {
        var (row, head) = Math.DivRem(rowAndHead, _shape.Heads);
        HeadOperand(_contexts, head, _shape.Latent).Fill(row, 0, _scores.Context(row, head), _shape.Latent);
    }

    void JoinValues(int row, int lane)
    {
        int width = _shape.Heads * _shape.Value;
        _joined.Cut(0, _batch.Count, width).Fill(row, 0, _values.Start + (long)row * width, width);
    }

    public void Dispose()
    {
        foreach (IDisposable one in (IDisposable[])[_down, _latents, _queries, _wide, _values, _compressed, _plain, _contexts, _joined, _scores]) one.Dispose();
    }
}
