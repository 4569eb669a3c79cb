// The number formats that tensors are stored in, by ggml's numbers. Knows no file and no kernel.

namespace Baltoro.Engine.Gguf;

/// <summary>How the elements of a stored tensor are coded; the values are ggml's.</summary>
#pragma warning disable CA1707 // The format's own names.
public enum TensorType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q8_0 = 8,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    BF16 = 30,
}
#pragma warning restore CA1707

/// <summary>Elements are coded in blocks of neighbours along a row.</summary>
public static class TensorTypes
{
    /// <summary>All the types that are read, for messages.</summary>
    public const string Names = "F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K";

    public static bool IsKnown(TensorType type) => Block(type).Elements > 0;

    /// <summary>Elements and bytes of one block; zeros for a type that is not read.</summary>
    public static (int Elements, int Bytes) Block(TensorType type) => type switch
    {
        TensorType.F32 => (1, 4),
        TensorType.F16 or TensorType.BF16 => (1, 2),
        TensorType.Q4_0 => (32, 18),
        TensorType.Q8_0 => (32, 34),
        TensorType.Q4_K => (256, 144),
        TensorType.Q5_K => (256, 176),
        TensorType.Q6_K => (256, 210),
        _ => (0, 0),
    };

    /// <summary>Bytes of a row of <paramref name="elements"/>, which is a multiple of the block.</summary>
    public static long RowBytes(TensorType type, long elements)
    {
        var (perBlock, bytes) = Block(type);
        return elements / perBlock * bytes;
    }
}
