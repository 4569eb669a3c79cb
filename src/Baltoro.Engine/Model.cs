// A model that is ready to run: weights in memory, threads, and the cache that its sessions share. Knows no text.

using System.Security.Cryptography;
using Baltoro.Engine.Cache;
using Baltoro.Engine.Checkpoints;
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
    readonly ModelFiles _file;
    readonly ModelWeights _weights;
    readonly IDisposable _panels;
    byte* _firstPanel;
    readonly Crew _crew;
    readonly Forward _forward;
    readonly PrefixFolder? _kept;
    readonly Lock _lock = new();

    Model(ModelFiles file, ModelOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        KernelSet kernels = KernelChoice.Make(options.Simd);
        _file = file;
        (Shape, Simd) = (file.ReadShape(), kernels.Name);
        Context = options.BeyondContext ? options.Context ?? Shape.Context : Math.Min(options.Context ?? Shape.Context, Shape.Context);
        _weights = new WeightReader(file, Shape, kernels).Read();
        _crew = new(options.Threads);
        try
        {
            WeightBytes = PanelMemory.Bytes(_weights.All);
            _panels = Pack(options.PanelFile, progress, cancellation);
            Pool = PoolOf(Shape, options);
            Known = new(Pool);
            Pool.Spare = Known.GiveUpOne;
            if (options.Prefixes is { } prefixes) _kept = new(prefixes, Pool, SHA256.HashData([(byte)Pool.Precision, .. file.Sample()]));
            _forward = new(_weights, Shape, new(options.BatchTokens, Math.Min(options.BatchTokens, MostTogether)), Pool, kernels, _crew);
        }
        catch
        {
            _kept?.Dispose();
            _crew.Dispose();
            throw;
        }
    }

    /// <summary>The most sessions whose next token comes of one pass, which has room for so many rows of logits; fewer where <see cref="ModelOptions.BatchTokens"/> is less.</summary>
    public const int MostTogether = 32;

    public Shape Shape { get; }

    /// <summary>What its files say besides: the vocabulary, the chat template.</summary>
    /// <exception cref="ModelFileException">A checkpoint lacks them.</exception>
    public Preface Preface => _file.Preface;

    /// <summary>The longest session, in tokens.</summary>
    public int Context { get; }

    /// <summary>The kernels that run: avx512, avxvnni, avx2, vector128 or scalar.</summary>
    public string Simd { get; }

    public int Threads => _crew.Lanes;

    /// <summary>Bytes of all weights, as the kernels read them.</summary>
    public long WeightBytes { get; }

    /// <summary>Why the packed weights are not in the file that was asked for, but in memory; null when they are, or none was asked for.</summary>
    public string? NoPanelFile { get; private set; }

    /// <summary>Bytes of weights that one token by itself reads.</summary>
    public long WeightBytesOfToken => (long)_weights.All.Sum(one => one.Bytes * Share(one));

    /// <summary>Bytes of weights that the last pass read, each once however many tokens it was for; no logits left out.</summary>
    public long WeightBytesOfLastPass => _weights.All.Where(one => Share(one) == 1).Sum(one => one.Bytes) + _forward.ExpertBytes;

    /// <summary>Multiplications and additions with weights for one token, without attention's own.</summary>
    public double OperationsOfToken => _weights.All.Sum(one => 2.0 * one.Count * one.Rows * one.Columns * Share(one));

    /// <summary>Bytes that a position takes in the cache.</summary>
    public long CacheBytesOfToken => Pool.PageBytes / PagePool.Positions;

    /// <summary>Positions that there is memory for, in all sessions together.</summary>
    public long CacheTokens => (long)Pool.Capacity * PagePool.Positions;

    internal PagePool Pool { get; }

    internal PrefixIndex Known { get; }

    internal Forward Forward => _forward;

    internal Crew Crew => _crew;

    /// <summary>Opens a GGUF file, or the folder (or any file) of a safetensors checkpoint, and packs its weights in the order in which the kernels read them.</summary>
    /// <param name="progress">Is told the share that is done, 0 to 1.</param>
    /// <exception cref="ModelFileException">The file is damaged or of a kind that is not run.</exception>
    /// <exception cref="ArgumentException">An option makes no sense on this machine.</exception>
    /// <exception cref="OperationCanceledException"></exception>
    public static Model Open(string path, ModelOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ModelFiles file = Files(path);
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

    /// <summary>Positions that all sessions of a model together would have memory for, without opening it; takes milliseconds, whatever its size.</summary>
    /// <exception cref="ModelFileException">A file is damaged or of a kind that is not run.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static long CacheTokensOf(string path, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using ModelFiles file = Files(path);
        using PagePool pool = PoolOf(file.ReadShape(), options);
        return (long)pool.Capacity * PagePool.Positions;
    }

    static ModelFiles Files(string path) => ModelPath.Folder(path) is { } folder ? new CheckpointModel(folder) : new GgufModel(GgufFile.Open(path));

    static PagePool PoolOf(Shape shape, ModelOptions options) => new(shape.Layers, shape.CacheRow, options.CachePrecision, options.CacheMemory);

    /// <summary>Reads weights with all threads and nothing else, and returns the bytes per second: what no decoding can be faster than.</summary>
    /// <param name="most">Bytes to read at most.</param>
    public double MeasureReading(long most = 2L << 30)
    {
        lock (_lock) return ReadBandwidth.Measure(_crew, _firstPanel, Math.Min(most, WeightBytes));
    }

    /// <summary>The part of a layer's experts that a token is sent to.</summary>
    double Share(Matrices matrices) => Shape.Routing is { } routing && matrices.Count == routing.Experts && matrices.Stored.Name.Contains("_exps", StringComparison.Ordinal)
        ? (double)routing.Chosen / routing.Experts : 1;

    /// <summary>An empty session.</summary>
    public Session Begin() => new(this, new Timeline(Pool, Context));

    /// <summary>
    /// A session that has seen as much of <paramref name="prompt"/> as earlier sessions left in the cache, in steps of 32 tokens, or on disk, in steps of 256, but not its last token.
    /// </summary>
    public Session Begin(ReadOnlySpan<int> prompt)
    {
        Timeline line = new(Pool, Context);
        if (prompt.Length > Context) prompt = prompt[..Context];
        Known.Begin(line, prompt);
        if (_kept?.Extend(line, prompt) == true) Known.Remember(line);
        return new(this, line);
    }

    /// <summary>Leaves the full pages of a timeline to sessions that begin with the same tokens.</summary>
    internal void Remember(Timeline line)
    {
        Known.Remember(line);
        _kept?.Keep(line);
    }

    IDisposable Pack(string? path, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (path is not null)
            try
            {
                byte[] identity = PanelFile.Identity(_file.Files, _weights.All);
                MappedFile? found = PanelFile.Find(path, identity, WeightBytes);
                if (found is null)
                {
                    PanelFile.Write(path, identity, _weights.All, _crew, progress, cancellation);
                    found = PanelFile.Find(path, identity, WeightBytes) ?? throw new IOException($"{path}: was written and is gone.");
                }
                Place(PanelFile.Panels(found));
                return found;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                NoPanelFile = e.Message;
            }
        Native<byte> memory = new(WeightBytes);
        PanelMemory.Pack(_weights.All, memory.Start, _crew, progress, cancellation);
        Place(memory.Start);
        return memory;
    }

    void Place(byte* first)
    {
        _firstPanel = first;
        PanelMemory.Place(_weights.All, first);
    }

    /// <summary>
    /// A session that takes its first <paramref name="depth"/> positions for seen, with numbers that mean nothing: for measuring the speed at a depth, which does not depend
    /// on what stands there.
    /// </summary>
    /// <exception cref="CacheFullException">There is no memory for so many.</exception>
    public Session BeginAt(int depth)
    {
        Session session = Begin();
        session.Pretend(depth);
        return session;
    }

    /// <summary>One more token for each of several sessions, in one pass: the weights are read once for all of them. Allocates nothing.</summary>
    /// <param name="sessions">Different sessions of this model, none of them in use elsewhere; <see cref="MostTogether"/> at most where logits are wanted.</param>
    /// <param name="tokens">One for each.</param>
    /// <param name="logits">[sessions, vocabulary]; empty when nobody wants them.</param>
    /// <exception cref="ArgumentException">There are more sessions than one pass has room for; nothing is changed.</exception>
    /// <exception cref="CacheFullException">A session has no room; nothing is changed.</exception>
    public void Step(ReadOnlySpan<Session> sessions, ReadOnlySpan<int> tokens, Span<float> logits)
    {
        int most = logits.IsEmpty ? _forward.Batch.Rows : _forward.Batch.WantedRows.Length;
        if (sessions.Length > most) throw new ArgumentException($"There are {sessions.Length} sessions; {most} at most were expected, for so many rows one pass has room.", nameof(sessions));
        for (int i = 0; i < sessions.Length; i++) sessions[i].Check(tokens.Slice(i, 1));
        lock (_lock)
        {
            Batch batch = _forward.Batch;
            batch.Clear();
            for (int i = 0; i < sessions.Length; i++) batch.Add(sessions[i].Line, tokens.Slice(i, 1), logits.IsEmpty ? Wanted.None : Wanted.Last);
            _forward.Run(CancellationToken.None);
            batch.Finish();
            if (logits.IsEmpty) return;
            for (int i = 0; i < sessions.Length; i++) _forward.Logits(i).CopyTo(logits[(i * Shape.Vocabulary)..]);
        }
    }

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

    /// <summary>Waits until what is to be kept on disk is written.</summary>
    public void Dispose()
    {
        _kept?.Dispose();
        _forward.Dispose();
        _crew.Dispose();
        Pool.Dispose();
        _panels.Dispose();
        _file.Dispose();
    }
}
