// One entry of a GGUF file's tensor directory. Knows no model.

namespace Baltoro.Engine.Gguf;

/// <summary>A tensor of a mapped file, checked to lie inside it.</summary>
public sealed unsafe class GgufTensor
{
    readonly long[] _dimensions;

    internal GgufTensor(string file, string name, TensorType type, long[] dimensions, long offset, byte* elements)
    {
        (File, Name, Type, _dimensions, Offset) = (file, name, type, dimensions, offset);
        Elements = elements;
    }

    public string File { get; }

    public string Name { get; }

    public TensorType Type { get; }

    /// <summary>One to four sizes; the first is the length of a row, whose elements are neighbours in memory.</summary>
    public ReadOnlySpan<long> Dimensions => _dimensions;

    /// <summary>Where the elements begin, in bytes from the start of <see cref="File"/>.</summary>
    public long Offset { get; }

    /// <summary>The elements, as stored.</summary>
    internal byte* Elements { get; }

    /// <summary>Elements of a row.</summary>
    public long Columns => _dimensions[0];

    /// <summary>Rows, over all further dimensions.</summary>
    public long Rows
    {
        get
        {
            long rows = 1;
            foreach (long size in _dimensions.AsSpan(1)) rows *= size;
            return rows;
        }
    }

    public long Bytes => Rows * TensorTypes.RowBytes(Type, Columns);

    /// <summary>The sizes as people write them: <c>[2048, 1408, 64]</c>.</summary>
    public string Sizes => Write(_dimensions);

    internal static string Write(ReadOnlySpan<long> sizes) => $"[{string.Join(", ", sizes.ToArray())}]";

    internal ModelFileException Fault(string problem) => new(File, Offset, $"{Name}: {problem}");
}
