// The keys of a GGUF file and what they hold, read on demand out of the mapped bytes. Knows no tensors and no model.

using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Baltoro.Engine.Gguf;

/// <summary>
/// The metadata of a file. A key that is missing, or holds another kind than asked for, is a <see cref="ModelFileException"/> that names it.
/// Valid as long as its <see cref="GgufFile"/> is open. Safe from any thread.
/// </summary>
public sealed unsafe class GgufMetadata
{
    /// <summary>Bytes of a text that <see cref="Describe"/> shows at most.</summary>
    const int Shown = 120;

    /// <summary>Far above any vocabulary, and few enough to be counted with 32 bits.</summary>
    const int LongestArray = 1 << 28;

    readonly string _file;
    readonly byte* _start;
    readonly long _end;
    readonly Dictionary<string, Entry> _entries;

    internal GgufMetadata(string file, byte* start, int count, ref GgufCursor at)
    {
        _file = file;
        _start = start;
        _entries = new(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string key = at.Name("metadata key", i);
            long offset = at.Offset;
            var kind = (GgufKind)at.UInt32(key);
            if (!_entries.TryAdd(key, Read(key, kind, ref at))) throw new ModelFileException(file, offset, $"{key}: stands in the file twice");
        }
        _end = at.Offset;
    }

    /// <summary>The file that they are from.</summary>
    public string Path => _file;

    /// <summary>A value: where it begins and how many elements it has (1 unless it is an array).</summary>
    readonly record struct Entry(GgufKind Kind, GgufKind Element, long Offset, long Count);

    /// <summary>The keys, in the order of the file.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>The kind of a key's value and, for an array, of its elements and their number.</summary>
    public (GgufKind Kind, GgufKind Element, long Count) KindOf(string key) => Find(key) is var entry ? (entry.Kind, entry.Element, entry.Count) : default;

    /// <summary>An integer of any width, 0 to 2^31-1.</summary>
    public int Integer(string key)
    {
        Entry entry = Find(key);
        long value = Whole(key, entry);
        return value is >= 0 and <= int.MaxValue ? (int)value : throw new ModelFileException(_file, entry.Offset, $"{key}: is {value}; 0 to {int.MaxValue} was expected");
    }

    long Whole(string key, Entry entry) => entry.Kind switch
    {
        GgufKind.UInt8 or GgufKind.Bool => _start[entry.Offset],
        GgufKind.Int8 => (sbyte)_start[entry.Offset],
        GgufKind.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(At(entry, 2)),
        GgufKind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(At(entry, 2)),
        GgufKind.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(At(entry, 4)),
        GgufKind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(At(entry, 4)),
        GgufKind.UInt64 or GgufKind.Int64 => BinaryPrimitives.ReadInt64LittleEndian(At(entry, 8)),
        _ => throw Wrong(key, entry, "an integer"),
    };

    public int Integer(string key, int absent) => Has(key) ? Integer(key) : absent;

    /// <summary>A finite number.</summary>
    public float Number(string key)
    {
        Entry entry = Find(key);
        double value = entry.Kind switch
        {
            GgufKind.Float32 => BinaryPrimitives.ReadSingleLittleEndian(At(entry, 4)),
            GgufKind.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(At(entry, 8)),
            _ => throw Wrong(key, entry, "a number with a fraction"),
        };
        return double.IsFinite((float)value) ? (float)value : throw new ModelFileException(_file, entry.Offset, $"{key}: is {value}; a finite number was expected");
    }

    public float Number(string key, float absent) => Has(key) ? Number(key) : absent;

    public bool Flag(string key, bool absent)
    {
        if (!Has(key)) return absent;
        Entry entry = Find(key);
        return entry.Kind == GgufKind.Bool ? _start[entry.Offset] != 0 : throw Wrong(key, entry, "true or false");
    }

    /// <summary>A text; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Text(string key)
    {
        Entry entry = Find(key);
        return entry.Kind == GgufKind.String ? Encoding.UTF8.GetString(Utf8At(entry.Offset)) : throw Wrong(key, entry, "a text");
    }

    public string Text(string key, string absent) => Has(key) ? Text(key) : absent;

    /// <summary>The bytes of each text of an array, in order: the vocabulary, for one. Nothing is allocated for an element.</summary>
    public GgufTexts Texts(string key)
    {
        Entry entry = Find(key);
        return entry is { Kind: GgufKind.Array, Element: GgufKind.String } ? new(_start + entry.Offset, entry.Count) : throw Wrong(key, entry, "an array of texts");
    }

    /// <summary>The integers of an array.</summary>
    public int[] Integers(string key)
    {
        Entry entry = Find(key);
        if (entry is not { Kind: GgufKind.Array, Element: GgufKind.Int32 or GgufKind.UInt32 }) throw Wrong(key, entry, "an array of 32-bit integers");
        int[] values = new int[entry.Count];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadInt32LittleEndian(new(_start + entry.Offset + 4L * i, 4));
        return values;
    }

    /// <summary>The numbers of an array (token scores, for one).</summary>
    public float[] Numbers(string key)
    {
        Entry entry = Find(key);
        if (entry is not { Kind: GgufKind.Array, Element: GgufKind.Float32 }) throw Wrong(key, entry, "an array of 32-bit numbers");
        float[] values = new float[entry.Count];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(new(_start + entry.Offset + 4L * i, 4));
        return values;
    }

    /// <summary>A value as people read it: a text in quotes, of an array its kind and size.</summary>
    public string Describe(string key)
    {
        Entry entry = Find(key);
        return entry.Kind switch
        {
            GgufKind.String => Quote(Utf8At(entry.Offset)),
            GgufKind.Array => $"{entry.Count} of {entry.Element}",
            GgufKind.Bool => Flag(key, false) ? "true" : "false",
            GgufKind.Float32 => BinaryPrimitives.ReadSingleLittleEndian(At(entry, 4)).ToString(CultureInfo.InvariantCulture),
            GgufKind.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(At(entry, 8)).ToString(CultureInfo.InvariantCulture),
            _ => Whole(key, entry).ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Short, on one line, and without anything that a terminal would obey.</summary>
    internal static string Quote(ReadOnlySpan<byte> text)
    {
        string line = ModelFileException.Printable(Encoding.UTF8.GetString(text[..Math.Min(text.Length, Shown)]));
        return text.Length > Shown ? $"\"{line}\" and {text.Length - Shown} more bytes" : $"\"{line}\"";
    }

    /// <summary>An error about the value of a key.</summary>
    internal ModelFileException Fault(string key, string problem) =>
        new(_file, _entries.TryGetValue(key, out Entry entry) ? entry.Offset : _end, $"{key}: {problem}");

    static Entry Read(string key, GgufKind kind, ref GgufCursor at)
    {
        if (kind != GgufKind.Array)
        {
            long offset = at.Offset;
            Skip(key, kind, 1, ref at);
            return new(kind, kind, offset, 1);
        }
        var element = (GgufKind)at.UInt32(key);
        if (element == GgufKind.Array) throw at.Fault($"{key}: an array of arrays is not read");
        long count = at.Count(Width(element) is > 0 and var width ? width : 8, key);
        if (count > LongestArray) throw at.Fault($"{key}: an array of {count}; at most {LongestArray} were expected");
        long first = at.Offset;
        Skip(key, element, count, ref at);
        return new(GgufKind.Array, element, first, count);
    }

    static void Skip(string key, GgufKind kind, long count, ref GgufCursor at)
    {
        if (kind == GgufKind.Bool) Truths(key, new(at.Take(count, key), (int)count), at);
        else if (Width(kind) is > 0 and var width) at.Take(width * count, key);
        else if (kind == GgufKind.String)
            for (long i = 0; i < count; i++) at.Take(at.Count(1, key) is <= int.MaxValue and var bytes ? bytes : throw at.Fault($"{key}: a text of more than {int.MaxValue} bytes"), key);
        else throw at.Fault($"{key}: value kind {(uint)kind} is unknown");
    }

    static void Truths(string key, ReadOnlySpan<byte> values, GgufCursor behind)
    {
        if (values.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var wrong)
            throw behind.Fault(wrong - values.Length, $"{key}: a truth of {values[wrong]}; 0 or 1 was expected");
    }

    static int Width(GgufKind kind) => kind switch
    {
        GgufKind.UInt8 or GgufKind.Int8 or GgufKind.Bool => 1,
        GgufKind.UInt16 or GgufKind.Int16 => 2,
        GgufKind.UInt32 or GgufKind.Int32 or GgufKind.Float32 => 4,
        GgufKind.UInt64 or GgufKind.Int64 or GgufKind.Float64 => 8,
        _ => 0,
    };

    Entry Find(string key) => _entries.TryGetValue(key, out Entry entry) ? entry : throw new ModelFileException(_file, _end, $"{key}: is missing from the metadata");

    ModelFileException Wrong(string key, Entry entry, string expected) =>
        new(_file, entry.Offset, $"{key}: holds {(entry.Kind == GgufKind.Array ? $"an array of {entry.Element}" : entry.Kind)}; {expected} was expected");

    ReadOnlySpan<byte> At(Entry entry, int bytes) => new(_start + entry.Offset, bytes);

    ReadOnlySpan<byte> Utf8At(long offset) => GgufTexts.TextAt(_start + offset);
}
