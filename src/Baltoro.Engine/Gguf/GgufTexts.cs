// An array of texts inside a mapped file, walked without copies. Knows no key.

using System.Buffers.Binary;

namespace Baltoro.Engine.Gguf;

/// <summary>The texts of an array as UTF-8 bytes, in order. Valid as long as the file is open.</summary>
public readonly unsafe ref struct GgufTexts
{
    readonly byte* _first;

    internal GgufTexts(byte* first, long count)
    {
        _first = first;
        Count = count;
    }

    /// <summary>How many texts there are.</summary>
    public long Count { get; }

    public Enumerator GetEnumerator() => new(_first, Count);

    internal static ReadOnlySpan<byte> TextAt(byte* at) => new(at + 8, checked((int)BinaryPrimitives.ReadUInt64LittleEndian(new(at, 8))));

    /// <summary>Stands on one text after another.</summary>
    public ref struct Enumerator
    {
        byte* _next;
        byte* _current;
        long _left;

        internal Enumerator(byte* first, long count)
        {
            _next = first;
            _left = count;
        }

        public readonly ReadOnlySpan<byte> Current => TextAt(_current);

        public bool MoveNext()
        {
            if (_left-- <= 0) return false;
            _current = _next;
            _next += 8 + Current.Length;
            return true;
        }
    }
}
