// A GGUF model on disk, in one file or split in several, mapped. Knows no architecture.

using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Baltoro.Engine.Gguf;

/// <summary>An open model file. Tensors and metadata are views into the mapping and end with <see cref="Dispose"/>.</summary>
public sealed unsafe partial class GgufFile : IDisposable
{
    readonly List<MappedFile> _files = [];
    readonly Dictionary<string, GgufTensor> _tensors = new(StringComparer.Ordinal);

    GgufFile(string path) => Path = path;

    /// <summary>The path it was opened by; of a split model, its first part.</summary>
    public string Path { get; }

    /// <summary>The paths of all parts, in order.</summary>
    public IEnumerable<string> Files => _files.Select(file => file.Path);

    /// <summary>The metadata of the first part.</summary>
    public GgufMetadata Metadata { get; private set; } = null!;

    /// <summary>All tensors by name, of all parts.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors => _tensors;

    /// <summary>The bytes of all parts together.</summary>
    public long Length => _files.Sum(file => file.Length);

    /// <summary>Opens a model; of a split one, any part may be named (<c>NAME-00001-of-00004.gguf</c>).</summary>
    /// <exception cref="ModelFileException">A part is not as the format says.</exception>
    /// <exception cref="IOException">A part cannot be opened.</exception>
    public static GgufFile Open(string path)
    {
        string[] parts = Parts(path);
        GgufFile opened = new(parts[0]);
        try
        {
            foreach (string part in parts) opened.Add(part, parts.Length);
            int count = opened.Metadata.Integer("split.tensors.count", opened._tensors.Count);
            return count == opened._tensors.Count ? opened : throw opened.Metadata.Fault("split.tensors.count", $"is {count}, and all parts together have {opened._tensors.Count}");
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>A hash over each part's length and its first and last mebibyte: enough to tell models from each other without reading all of them.</summary>
    internal byte[] Sample()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (MappedFile file in _files)
        {
            int some = (int)Math.Min(file.Length, 1 << 20);
            hash.AppendData(BitConverter.GetBytes(file.Length));
            hash.AppendData(new ReadOnlySpan<byte>(file.Start, some));
            hash.AppendData(new ReadOnlySpan<byte>(file.Start + file.Length - some, some));
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="ModelFileException">There is none.</exception>
    public GgufTensor Tensor(string name) =>
        _tensors.TryGetValue(name, out GgufTensor? tensor) ? tensor : throw new ModelFileException(Path, _files[0].Length, $"{name}: the tensor is missing");

    public void Dispose() => _files.ForEach(file => file.Dispose());

    void Add(string path, int parts)
    {
        MappedFile file = new(path);
        _files.Add(file);
        GgufHeader header = GgufHeader.Read(path, file.Start, file.Length);
        if (_files.Count == 1) Metadata = header.Metadata;
        int count = header.Metadata.Integer("split.count", 1);
        if (Math.Max(count, 1) != parts) throw header.Metadata.Fault("split.count", $"is {count}, and by the file's name there are {parts} parts");
        if (parts > 1 && header.Metadata.Integer("split.no") is var number && number != _files.Count - 1) throw header.Metadata.Fault("split.no", $"is {number}; {_files.Count - 1} was expected");
        _tensors.EnsureCapacity(_tensors.Count + header.Tensors.Count);
        foreach (GgufTensor tensor in header.Tensors)
            if (!_tensors.TryAdd(tensor.Name, tensor)) throw tensor.Fault("stands in two parts of the model");
    }

    static string[] Parts(string path)
    {
        if (SplitName().Match(path) is not { Success: true } match) return [path];
        int count = int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        return count < 1 ? [path] : [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{match.Groups["name"].Value}-{i:00000}-of-{count:00000}.gguf"))];
    }

    [GeneratedRegex("^(?<name>.*)-[0-9]{5}-of-(?<count>[0-9]{5})\\.gguf$", RegexOptions.Singleline)]
    private static partial Regex SplitName();
}
