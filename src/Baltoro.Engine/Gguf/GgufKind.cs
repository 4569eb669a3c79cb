// The kinds of metadata values, by the format's numbers. Knows no file.

namespace Baltoro.Engine.Gguf;

/// <summary>The kind of a metadata value (GGUF v3, <c>gguf_metadata_value_type</c>).</summary>
public enum GgufKind
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}
