// A model that is ready to run: weights in memory, threads, and the cache that its sessions share. Knows no text.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Network;
using Baltoro.Engine.Threads;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine;

/// <summary>
/// Loaded weights and what computes with them. Safe from any thread: passes are run one after another. Sessions must be disposed of before it.
/// </summary>
public sealed unsafe class Model : IDisposable
{
    readonly GgufFile _file;
    readonly ModelWeights _weights;
    readonly Native<byte> _panels;
    readonly Crew _crew;
    readonly Forward _forward;
    readonly Lock _lock = new();

    Model(GgufFile file, ModelOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        KernelSet kernels = KernelChoice.Make(options.Simd);
        _file = file;
        (Shape, Simd) = (ShapeReader.Read(file), kernels.Name);
        Context = Math.Min(options.Context ?? Shape.Context, Shape.Context);
        _weights = new WeightReader(file, Shape, kernels).Read();
        _crew = new(options.Threads);
        try
        {
            _panels = new(PanelMemory.Bytes(_weights.All));
            PanelMemory.Pack(_weights.All, _panels.Start, _crew, progress, cancellation);
            PanelMemory.Place(_weights.All, _panels.Start);
            Pool = new(Shape.Layers, Shape.CacheRow, options.CachePrecision, options.CacheMemory);
            _forward = new(_weights, Shape, new(options.BatchTokens, Math.Min(options.BatchTokens, LogitRows)), Pool, kernels, _crew);
        }
        catch
        {
            _crew.Dispose();
            throw;
        }
    }

    /// <summary>Rows of a batch that can have logits.</summary>
    const int LogitRows = 32;

    public Shape Shape { get; }

    /// <summary>What the file says besides: the tokenizer, the chat template.</summary>
    public GgufMetadata Metadata => _file.Metadata;

    /// <summary>The longest session, in tokens.</summary>
    public int Context { get; }

    /// <summary>The kernels that run: avx512, avx2 or scalar.</summary>
    public string Simd { get; }

    public int Threads => _crew.Lanes;

    internal PagePool Pool { get; }

    internal Forward Forward => _forward;

    internal Crew Crew => _crew;

    /// <summary>Opens a GGUF file and packs its weights in the order in which the kernels read them.</summary>
    /// <param name="progress">Is told the share that is done, 0 to 1.</param>
    /// <exception cref="ModelFileException">The file is damaged or of a kind that is not run.</exception>
    /// <exception cref="ArgumentException">An option makes no sense on this machine.</exception>
    /// <exception cref="OperationCanceledException"></exception>
    public static Model Open(string path, ModelOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            return new(file, options ?? new(), progress, cancellation);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>An empty session.</summary>
    public Session Begin() => new(this, new Timeline(Pool, Context));

    /// <summary>Runs one pass over what <paramref name="fill"/> puts into the batch; <paramref name="read"/> sees the logits, until it returns.</summary>
    internal void Run<T>(T state, Action<Batch, T> fill, Action<Forward, T>? read, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Batch batch = _forward.Batch;
            batch.Clear();
            fill(batch, state);
            _forward.Run(cancellation);
            batch.Finish();
            read?.Invoke(_forward, state);
        }
    }

    public void Dispose()
    {
        _forward.Dispose();
        _crew.Dispose();
        Pool.Dispose();
        _panels.Dispose();
        _file.Dispose();
    }
}
