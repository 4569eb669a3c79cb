// What a user can decide about a model that is opened. Knows no file.

using Baltoro.Engine.Cache;

namespace Baltoro.Engine;

/// <summary>How a model is run.</summary>
public sealed record ModelOptions
{
    /// <summary>Threads that compute, the caller's among them.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes that the caches of all sessions together may take.</summary>
    public long CacheMemory { get; init; } = 4L << 30;

    public CachePrecision CachePrecision { get; init; } = CachePrecision.Rounded16;

    /// <summary>The longest session, in tokens; null for what the model was made for.</summary>
    public int? Context { get; init; }

    /// <summary>Whether <see cref="Context"/> may be more than the model was made for. It will not understand what stands there.</summary>
    public bool BeyondContext { get; init; }

    /// <summary>Tokens that are computed together at most.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>A file to keep the packed weights in, so that the next start only maps it; null to pack in memory each time. It is as large as the model.</summary>
    public string? PanelFile { get; init; }

    /// <summary>Where the beginnings of texts are kept for later; null for nowhere.</summary>
    public KeptPrefixes? Prefixes { get; init; }

    /// <summary>The kernels: avx512, avxvnni, avx2, vector128 or scalar; null for what <c>BALTORO_SIMD</c> says, or else the best that runs here.</summary>
    public string? Simd { get; init; } = Environment.GetEnvironmentVariable("BALTORO_SIMD");
}
