// The feed-forward half of a layer: one network, or experts chosen for each token. Knows no attention and no residuals.

using Baltoro.Engine.Kernels;
using Baltoro.Engine.Threads;

namespace Baltoro.Engine.Network;

/// <summary>
/// T rows of a batch, k experts for each. Rows are sorted by expert, so that an expert's weights are read once for all of its rows; a slot is one row in one
/// expert. A row's experts are summed in the order in which they were chosen, whatever the batch.
/// </summary>
sealed unsafe class Feed : IDisposable
{
    readonly Shape _shape;
    readonly Routing? _routing;
    readonly Crew _crew;
    readonly Products _products;
    readonly Batch _batch;
    readonly int _chosen;
    readonly int _paddedExperts;

    readonly Native<float> _dense;      // [T, 2, width]: gate and up of the network that all rows pass through
    readonly Native<float> _logits;     // [T, experts padded]
    readonly Native<float> _sorting;    // [T, experts]
    readonly Native<float> _inner;      // [slots, 2, width]
    readonly Native<float> _outputs;    // [slots, hidden]
    readonly OperandRoom _denseInner, _inputs, _slotInner;
    readonly int[] _experts, _slots, _starts, _counts;
    readonly long[] _rooms;
    readonly float[] _shares;
    readonly Action<int, int> _gateDense, _choose, _gather, _gateSlots, _combine;

    FeedForward.Experts _weights = null!;
    float* _x;
    float* _output;
    int _denseWidth;
    Operand _normed;
    bool _alone;

    public Feed(ModelWeights weights, Shape shape, Batch batch, Crew crew, Products products)
    {
        (_shape, _routing, _batch, _crew, _products) = (shape, shape.Routing, batch, crew, products);
        (_gateDense, _choose, _gather, _gateSlots, _combine) = (GateDense, Choose, Gather, GateSlots, Combine);
        FeedForward.Experts[] experts = [.. weights.Layers.Select(layer => layer.Feed).OfType<FeedForward.Experts>()];
        FeedForward.Dense[] dense = [.. weights.Layers.Select(layer => layer.Feed).OfType<FeedForward.Dense>(), .. experts.Select(one => one.Shared).OfType<FeedForward.Dense>()];
        int rows = batch.Rows, widest = dense.Select(one => one.Gate.Rows).Append(Operand.Group).Max();
        long rooms = Operand.Rooms(rows) + Operand.Padding;
        _dense = new(2L * rows * widest);
        _denseInner = OperandRoom.For(rooms, widest, dense.Select(one => one.Down));

        int expertCount = _routing?.Experts ?? 0, width = _routing?.Width ?? Operand.Group;
        _chosen = _routing?.Chosen ?? 0;
        _paddedExperts = (expertCount + PanelKernel.Rows - 1) / PanelKernel.Rows * PanelKernel.Rows;
        int slots = rows * _chosen;
        // A tile may have up to three empty places.
        long slotRooms = slots + 3L * Math.Min(expertCount, slots) + Operand.Padding;
        _logits = new((long)rows * _paddedExperts);
        _sorting = new((long)rows * expertCount);
        _inner = new(2L * slots * width);
        _outputs = new((long)slots * shape.Hidden);
        _inputs = OperandRoom.For(slotRooms, shape.Hidden, experts.Select(one => one.Gate).Concat(experts.Select(one => one.Up)));
        _slotInner = OperandRoom.For(slotRooms, width, experts.Select(one => one.Down));
        (_experts, _slots, _shares) = (new int[slots], new int[slots], new float[slots]);
        (_starts, _counts, _rooms) = (new int[expertCount], new int[expertCount], new long[expertCount]);
    }

    public Tap? Tap { get; set; }

    /// <summary>Experts of the last layer that had any: [T, k], best first.</summary>
    public ReadOnlySpan<int> Chosen => _experts.AsSpan(0, _batch.Count * _chosen);

    /// <summary>Bytes of the experts that were read, each once, since it was last set to 0.</summary>
    public long BytesRead { get; set; }

    /// <param name="weights">The layer's networks.</param>
    /// <param name="x">[T, hidden], what the norm gave; <paramref name="normed"/> is the same as an operand.</param>
    /// <param name="output">[T, hidden]</param>
    public void Run(int layer, FeedForward weights, float* x, in Operand normed, float* output)
    {
        switch (weights)
        {
            case FeedForward.Dense dense:
                Widen(dense, normed);
                _products.Run();
                _crew.Each(_batch.Count, _denseWidth, _gateDense);
                Narrow(dense, output);
                _products.Run();
                break;
            case FeedForward.Experts experts:
                RunExperts(layer, experts, x, normed, output);
                break;
            default:
                throw new InvalidOperationException($"{weights.GetType().Name} is no feed-forward network.");
        }
    }

    void Widen(FeedForward.Dense dense, in Operand normed)
    {
        _denseWidth = dense.Gate.Rows;
        _products.Add(dense.Gate[0], normed, _dense.Start, 2 * _denseWidth);
        _products.Add(dense.Up[0], normed, _dense.Start + _denseWidth, 2 * _denseWidth);
    }

    void Narrow(FeedForward.Dense dense, float* output) =>
        _products.Add(dense.Down[0], _denseInner.Cut(0, _batch.Count, _denseWidth), output, _shape.Hidden);

    void RunExperts(int layer, FeedForward.Experts weights, float* x, in Operand normed, float* output)
    {
        _weights = weights;
        _x = x;
        _output = output;
        int rows = _batch.Count, width = _routing!.Width;
        _products.Add(weights.Router[0], normed, _logits.Start, _paddedExperts);
        if (weights.Shared is { } shared) Widen(shared, normed);
        _products.Run();
        Tap?.Invoke("ffn_moe_logits", layer, _logits.Start, _routing.Experts, _paddedExperts);
        _crew.Each(rows, _routing.Experts * _chosen, _choose);
        Tap?.Invoke("ffn_moe_probs", layer, _logits.Start, _routing.Experts, _paddedExperts);
        Sort();
        if (weights.Shared is not null) _crew.Each(rows, _denseWidth, _gateDense);
        // The experts of a token by itself all read what the norm gave.
        _alone = rows == 1 && _inputs.Fits(normed);
        if (_alone) _normed = normed;
        else _crew.Each(rows * _chosen, _shape.Hidden, _gather);
        if (weights.Shared is { } alsoShared) Narrow(alsoShared, output);
        for (int e = 0; e < _counts.Length; e++)
        {
            if (_counts[e] > 0) BytesRead += weights.Gate.MatrixBytes + weights.Up.MatrixBytes + weights.Down.MatrixBytes;
            _products.Add(weights.Gate[e], Inputs(e), _inner.Start + 2L * _starts[e] * width, 2 * width);
            _products.Add(weights.Up[e], Inputs(e), _inner.Start + (2L * _starts[e] + 1) * width, 2 * width);
        }
        _products.Run();
        if (weights.Shared is not null) Tap?.Invoke("ffn_shexp", layer, output, _shape.Hidden, _shape.Hidden);
        _crew.Each(rows * _chosen, width, _gateSlots);
        for (int e = 0; e < _counts.Length; e++)
            _products.Add(weights.Down[e], Inner(e), _outputs.Start + (long)_starts[e] * _shape.Hidden, _shape.Hidden);
        _products.Run();
        _crew.Each(rows, _chosen * _shape.Hidden, _combine);
    }

    Operand Inputs(int expert) => _alone && _counts[expert] > 0 ? _normed : _inputs.Cut(_rooms[expert], _counts[expert], _shape.Hidden);

    Operand Inner(int expert) => _slotInner.Cut(_rooms[expert], _counts[expert], _routing!.Width);

    void GateDense(int row, int lane)
    {
        float* gate = _dense.Start + 2L * row * _denseWidth;
        Elementwise.Gate(gate, gate + _denseWidth, gate, _denseWidth);
        _denseInner.Cut(0, _batch.Count, _denseWidth).Fill(row, 0, gate, _denseWidth);
    }

    void Choose(int row, int lane)
    {
        int experts = _routing!.Experts;
        Router.Choose(_routing, new(_logits.Start + (long)row * _paddedExperts, experts), _weights.Bias is { } bias ? bias.Span : default,
            new(_sorting.Start + (long)row * experts, experts), _experts.AsSpan(row * _chosen, _chosen), _shares.AsSpan(row * _chosen, _chosen));
    }

    /// <summary>Gives each expert the slots of its rows.</summary>
    void Sort()
    {
        Array.Clear(_counts);
        ReadOnlySpan<int> chosen = Chosen;
        foreach (int expert in chosen) _counts[expert]++;
        int start = 0;
        long room = 0;
        for (int e = 0; e < _counts.Length; e++)
        {
            (_starts[e], _rooms[e]) = (start, room);
            start += _counts[e];
            room += Operand.Rooms(_counts[e]);
            _counts[e] = 0;
        }
        for (int i = 0; i < chosen.Length; i++) _slots[i] = _starts[chosen[i]] + _counts[chosen[i]]++;
    }

    void Gather(int choice, int lane) =>
        Inputs(_experts[choice]).Fill(_slots[choice] - _starts[_experts[choice]], 0, _x + (long)(choice / _chosen) * _shape.Hidden, _shape.Hidden);

    void GateSlots(int choice, int lane)
    {
        int width = _routing!.Width;
        float* gate = _inner.Start + 2L * _slots[choice] * width;
        Elementwise.Gate(gate, gate + width, gate, width);
        Inner(_experts[choice]).Fill(_slots[choice] - _starts[_experts[choice]], 0, gate, width);
    }

    void Combine(int row, int lane)
    {
        float* output = _output + (long)row * _shape.Hidden;
        if (_weights.Shared is null) new Span<float>(output, _shape.Hidden).Clear();
        for (int i = row * _chosen; i < (row + 1) * _chosen; i++)
            Elementwise.Add(_shares[i], _outputs.Start + (long)_slots[i] * _shape.Hidden, output, _shape.Hidden);
    }

    public void Dispose()
    {
        foreach (IDisposable one in (IDisposable[])[_dense, _logits, _sorting, _inner, _outputs, _denseInner, _inputs, _slotInner]) one.Dispose();
    }
}
