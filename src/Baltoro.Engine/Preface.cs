// What a model's files say besides sizes and weights: vocabulary, chat template, window. Knows no format of files.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Checkpoints;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Engine;

/// <summary>Valid as long as what it was read from is open. Safe from any thread.</summary>
public abstract class Preface
{
    private protected Preface() { }

    /// <summary>What the model calls itself; empty when it does not.</summary>
    public abstract string Name { get; }

    /// <summary>The longest text that the model was made for, in tokens.</summary>
    /// <exception cref="ModelFileException">It is not said.</exception>
    public abstract int Context { get; }

    /// <summary>Bytes that a position takes in the cache of a model that is served, over all layers; 0 where it is not said.</summary>
    public abstract long CacheBytes { get; }

    private protected static long BytesOf(int layers, long cacheRow) => cacheRow == 0 ? 0 : layers * LatentKernel.BlockBytes(cacheRow) / PagePool.Positions;

    /// <summary>The chat template; null where there is none.</summary>
    public abstract string? Template { get; }

    /// <summary>The control tokens by name, without reading the rest of the vocabulary.</summary>
    /// <exception cref="ModelFileException">They are missing or contradict each other.</exception>
    public abstract IReadOnlyDictionary<string, int> Controls { get; }

    /// <summary>The token that begins a text and the one that ends it, by the model's own word; null where it has none.</summary>
    public abstract (int? Begin, int? End) Bounds { get; }

    /// <summary>A text that this project's own models carry under a key; null where there is none.</summary>
    public abstract string? Own(string key);

    /// <exception cref="ModelFileException">There is no vocabulary, or one of a kind that is not read.</exception>
    /// <exception cref="IOException">A file of it cannot be read.</exception>
    public abstract Tokenizer ReadTokenizer();

    /// <summary>An error about the control tokens.</summary>
    /// <param name="problem">What is wrong with them, in words that can follow the template's place.</param>
    public abstract ModelFileException ControlFault(Func<string, string> problem);

    /// <summary>An error about a key of <see cref="Own"/>.</summary>
    public abstract ModelFileException OwnFault(string key, string problem);

    /// <summary>An error about the number of tokens.</summary>
    public abstract ModelFileException CountFault(string problem);

    /// <summary>Looks into a model without its weights; takes milliseconds, whatever its size.</summary>
    /// <param name="path">A GGUF file, or a checkpoint's folder or any file of it.</param>
    /// <exception cref="ModelFileException">A file is not as its format says.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static T Look<T>(string path, Func<Preface, T> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        if (ModelPath.Folder(path) is { } folder) return look(CheckpointPreface.Read(folder));
        using GgufFile file = GgufFile.Open(path);
        return look(new GgufPreface(file.Metadata));
    }
}
