// The forward pass: from a batch's tokens to logits, layer by layer, in the paper's order. Knows no sessions and no sampling.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Threads;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Network;

/// <summary>Is shown intermediate values, for comparison with reference numbers: rows of <paramref name="columns"/> floats, <paramref name="stride"/> apart.</summary>
unsafe delegate void Tap(string name, int layer, float* values, int columns, long stride);

/// <summary>
/// Memory for one batch at a time, allocated once; a pass allocates nothing. One caller at a time. A row's result is the same to the bit whatever else is
/// in the batch and however many threads work.
/// </summary>
sealed unsafe class Forward : IDisposable
{
    readonly ModelWeights _weights;
    readonly Shape _shape;
    readonly Crew _crew;
    readonly Products _products;
    readonly Angles _angles;
    readonly Attention _attention;
    readonly Feed _feed;

    readonly Native<float> _x;          // [T, hidden], the residual stream
    readonly Native<float> _normed;     // [T, hidden]
    readonly Native<float> _sum;        // [T, hidden], what the last half of a layer adds
    readonly Native<float> _logits;     // [wanted, vocabulary padded]
    readonly OperandRoom _operand;
    readonly Action<int, int> _embed, _begin, _end;
    float* _norm;
    bool _adds;

    /// <param name="batch">The only batch that it will run.</param>
    public Forward(ModelWeights weights, Shape shape, Batch batch, PagePool pool, KernelSet kernels, Crew crew)
    {
        (_weights, _shape, Batch, _crew) = (weights, shape, batch, crew);
        (_embed, _begin, _end) = (Embed, Begin, End);
        _products = new(crew, Math.Max(shape.Heads, 2 * (shape.Routing?.Experts ?? 0) + 3) + 2);
        _angles = new(shape.Rope, batch);
        _attention = new(weights, shape, batch, _angles, pool, kernels, crew, _products);
        _feed = new(weights, shape, batch, crew, _products);
        _x = new((long)batch.Rows * shape.Hidden);
        _normed = new((long)batch.Rows * shape.Hidden);
        _sum = new((long)batch.Rows * shape.Hidden);
        LogitStride = (shape.Vocabulary + PanelKernel.Rows - 1) / PanelKernel.Rows * PanelKernel.Rows;
        _logits = new((long)batch.WantedRows.Length * LogitStride);
        _operand = OperandRoom.For(Operand.Rooms(batch.Rows) + Operand.Padding, shape.Hidden, Readers(weights));
    }

    public Batch Batch { get; }

    public int LogitStride { get; }

    public Tap? Tap { get; set; }

    /// <summary>The experts of the last layer: [T, chosen], best first.</summary>
    public ReadOnlySpan<int> Chosen => _feed.Chosen;

    /// <summary>Bytes of the experts that the last pass read, each once.</summary>
    public long ExpertBytes => _feed.BytesRead;

    /// <summary>Logits of the <paramref name="wanted"/>-th of the rows that wanted them; valid until the next pass.</summary>
    public Span<float> Logits(int wanted) => new(_logits.Start + (long)wanted * LogitStride, _shape.Vocabulary);

    /// <summary>
    /// Runs the batch: its keys go into the timelines' pages, logits of wanted rows to <see cref="Logits"/>. The timelines' lengths are left to
    /// <see cref="Batch.Finish"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">Between two layers; the timelines are as before.</exception>
    public void Run(CancellationToken cancellation)
    {
        (_attention.Tap, _feed.Tap) = (Tap, Tap);
        int rows = Batch.Count;
        _angles.Prepare();
        _crew.Each(rows, _shape.Hidden, _embed);
        _adds = false;
        _feed.BytesRead = 0;
        for (int i = 0; i < _weights.Layers.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            LayerWeights layer = _weights.Layers[i];
            Operand operand = _operand.Cut(0, rows, _shape.Hidden);
            _norm = layer.AttentionNorm.Start;
            _crew.Each(rows, _shape.Hidden, _begin);
            if (i > 0) Tap?.Invoke("l_out", i - 1, _x.Start, _shape.Hidden, _shape.Hidden);
            Tap?.Invoke("attn_norm", i, _normed.Start, _shape.Hidden, _shape.Hidden);
            _attention.Run(i, layer, operand, _sum.Start);
            _adds = true;
            _norm = layer.FeedNorm.Start;
            _crew.Each(rows, _shape.Hidden, _begin);
            Tap?.Invoke("ffn_inp", i, _x.Start, _shape.Hidden, _shape.Hidden);
            Tap?.Invoke("ffn_norm", i, _normed.Start, _shape.Hidden, _shape.Hidden);
            _feed.Run(i, layer.Feed, _normed.Start, operand, _sum.Start);
            Tap?.Invoke("ffn_out", i, _sum.Start, _shape.Hidden, _shape.Hidden);
        }
        if (Batch.WantedCount == 0) return;
        _norm = _weights.Norm.Start;
        _crew.Each(Batch.WantedCount, _shape.Hidden, _end);
        // Rows that want no logits are not finished, and nobody looks at them.
        Tap?.Invoke("l_out", _weights.Layers.Length - 1, _x.Start, _shape.Hidden, _shape.Hidden);
        _products.Add(_weights.Head[0], _operand.Cut(0, Batch.WantedCount, _shape.Hidden), _logits.Start, LogitStride);
        _products.Run();
    }

    /// <summary>Everything that reads what a norm over the residual stream gave.</summary>
    static IEnumerable<Matrices?> Readers(ModelWeights weights) => weights.Layers.SelectMany(layer => (Matrices?[])
    [
        layer.QueryDown, layer.LatentDown,
        .. layer.Feed switch
        {
            FeedForward.Dense dense => (Matrices?[])[dense.Gate, dense.Up],
            FeedForward.Experts experts => [experts.Router, experts.Shared?.Gate, experts.Shared?.Up],
            _ => [],
        },
    ]).Append(weights.Head);

    void Embed(int row, int lane) => _weights.Embedding.Decode(0, Batch.Tokens[row], X(row));

    float* X(int row) => _x.Start + (long)row * _shape.Hidden;

    void Begin(int row, int lane) => Begin(row, row, Batch.Count);

    void End(int wanted, int lane) => Begin(Batch.WantedRows[wanted], wanted, Batch.WantedCount);

    /// <summary>Adds what the half of a layer before gave, and prepares the next product's operand.</summary>
    void Begin(int row, int token, int tokens)
    {
        float* normed = _normed.Start + (long)row * _shape.Hidden;
        if (_adds) Elementwise.Add(_sum.Start + (long)row * _shape.Hidden, X(row), _shape.Hidden);
        Elementwise.Norm(X(row), _norm, normed, _shape.Hidden, _shape.Epsilon);
        _operand.Cut(0, tokens, _shape.Hidden).Fill(token, 0, normed, _shape.Hidden);
    }

    public void Dispose()
    {
        foreach (IDisposable one in (IDisposable[])[_angles, _attention, _feed, _x, _normed, _sum, _logits, _operand]) one.Dispose();
    }
}
