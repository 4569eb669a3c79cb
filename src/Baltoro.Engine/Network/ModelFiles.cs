// What the engine asks of a model's files, whatever their format. Knows no kernels' arithmetic.

using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Network;

/// <summary>Open files with the weights of one model. Tensors are asked for by the names that llama.cpp's converter gives them, and end with <see cref="Dispose"/>.</summary>
abstract unsafe class ModelFiles : IDisposable
{
    public abstract IEnumerable<string> Files { get; }

    public abstract Preface Preface { get; }

    /// <summary>A hash that tells models from each other without reading all of them.</summary>
    public abstract byte[] Sample();

    /// <exception cref="ModelFileException">Something is missing or says what no model of the family can be.</exception>
    public abstract Shape ReadShape();

    public abstract bool Has(string name);

    /// <summary>Matrices of [rows, columns] each.</summary>
    /// <exception cref="ModelFileException">They are missing, or of other sizes or a type that is not read.</exception>
    public abstract StoredMatrices Stored(string name, int count, int rows, int columns);

    /// <exception cref="ModelFileException">It is missing, of another size, or has numbers that are not finite.</exception>
    public abstract Native<float> Vector(string name, int length);

    public abstract void Dispose();

    /// <summary>Null when a number is not finite.</summary>
    protected static Native<float>? Vector(TensorType type, byte* elements, int length)
    {
        Native<float> vector = new(length);
        StoredBlocks.Decode(type, elements, length, vector.Start);
        foreach (float value in vector.Span)
            if (!float.IsFinite(value)) return null;
        return vector;
    }
}

/// <summary>A GGUF file, or several.</summary>
sealed unsafe class GgufModel(GgufFile file) : ModelFiles
{
    public override IEnumerable<string> Files => file.Files;

    public override Preface Preface { get; } = new GgufPreface(file.Metadata);

    public override byte[] Sample() => file.Sample();

    public override Shape ReadShape() => ShapeReader.Read(file);

    public override bool Has(string name) => file.Tensors.ContainsKey(name);

    public override StoredMatrices Stored(string name, int count, int rows, int columns)
    {
        GgufTensor tensor = file.Tensor(name);
        long[] expected = count > 1 ? [columns, rows, count] : [columns, rows];
        if (!Trim(tensor.Dimensions).SequenceEqual(Trim(expected))) throw tensor.Fault($"is {tensor.Sizes}; {GgufTensor.Write(expected)} was expected");
        long bytes = rows * TensorTypes.RowBytes(tensor.Type, columns);
        nint[] starts = [.. Enumerable.Range(0, count).Select(i => (nint)(tensor.Elements + i * bytes))];
        return new BlockMatrices(tensor.Type, starts) { Name = name, Count = count, Rows = rows, Columns = columns };
    }

    /// <summary>Sizes without the ones at the end, which writers add or leave out as they like.</summary>
    static ReadOnlySpan<long> Trim(ReadOnlySpan<long> sizes)
    {
        while (sizes is [_, .., 1]) sizes = sizes[..^1];
        return sizes;
    }

    public override Native<float> Vector(string name, int length)
    {
        GgufTensor tensor = file.Tensor(name);
        if (tensor.Rows != 1 || tensor.Columns != length) throw tensor.Fault($"is {tensor.Sizes}; [{length}] was expected");
        return Vector(tensor.Type, tensor.Elements, length) ?? throw tensor.Fault("holds a number that is not finite");
    }

    public override void Dispose() => file.Dispose();
}
