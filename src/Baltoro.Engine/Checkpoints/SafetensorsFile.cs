// Reads the header of one safetensors file, mapped: every entry checked against the file's end and the others. Knows no model.
// The format: github.com/huggingface/safetensors, README, "Format".

using System.Buffers.Binary;
using System.Text.Json;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Checkpoints;

/// <summary>A tensor inside a mapped file.</summary>
/// <param name="Offset">Where its elements begin, in bytes from the start of <paramref name="File"/>.</param>
/// <param name="Elements">The same as an address, valid as long as the file is open.</param>
sealed record SafeTensor(string File, string Name, string Type, long[] Sizes, long Offset, nint Elements, long Bytes)
{
    public ModelFileException Fault(string problem) => new(File, Offset, $"{Name}: {problem}");
}

/// <summary>
/// Eight bytes with the length of a JSON object, the object, and the elements, which the tensors share without gaps and without overlaps. A tensor's entry holds
/// its type, sizes (rows first) and where it begins and ends.
/// </summary>
static unsafe class SafetensorsFile
{
    /// <summary>What the format allows.</summary>
    const long LongestHeader = 100_000_000;

    const int MostDimensions = 8;

    /// <summary>Bytes of an element; 0 for a type that is unknown.</summary>
    public static int BytesOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => 0,
    };

    /// <summary>Reads the header of the <paramref name="length"/> bytes at <paramref name="start"/>.</summary>
    /// <exception cref="ModelFileException">Anything in it is not as the format says; nothing outside of the bytes was read.</exception>
    public static Dictionary<string, SafeTensor> Read(string file, byte* start, long length)
    {
        if (length < 8) throw new ModelFileException(file, 0, $"the header's length: needs 8 bytes, and the file has {length}");
        ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(new(start, 8));
        if (bytes > (ulong)(length - 8) || bytes > LongestHeader) throw new ModelFileException(file, 0, $"the header's length: is {bytes}; at most {Math.Min(length - 8, LongestHeader)} was expected");
        CheckCharacters(file, new(start + 8, (int)bytes));
        Dictionary<string, SafeTensor> tensors = new(StringComparer.Ordinal);
        Utf8JsonReader json = new(new ReadOnlySpan<byte>(start + 8, (int)bytes), new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            Expect(file, ref json, JsonTokenType.StartObject, "the header");
            while (Next(file, ref json) == JsonTokenType.PropertyName)
            {
                long at = 8 + json.TokenStartIndex;
                string name = json.GetString()!;
                if (name == "__metadata__") json.Skip();
                else if (!tensors.TryAdd(name, Entry(file, start, length, 8 + (long)bytes, name, ref json))) throw new ModelFileException(file, at, $"{name}: stands in the file twice");
            }
            if (json.Read()) throw new ModelFileException(file, 8 + json.TokenStartIndex, "the header: something follows its end");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelFileException(file, 8 + json.BytesConsumed, "the header: is no JSON as the format has it");
        }
        CheckOrder(file, tensors.Values, 8 + (long)bytes, length);
        return tensors;
    }

    /// <summary>A header has texts and whole numbers and no other values. The platform's error about another one would quote all that follows it.</summary>
    static void CheckCharacters(string file, ReadOnlySpan<byte> header)
    {
        bool inText = false;
        for (int i = 0; i < header.Length; i++)
            if (inText)
            {
                if (header[i] == '\\') i++;
                else if (header[i] == '"') inText = false;
            }
            else if (header[i] == '"') inText = true;
            else if (!"{}[]:,-0123456789 \t\r\n"u8.Contains(header[i])) throw new ModelFileException(file, 8 + i, $"the header: byte 0x{header[i]:x2} stands outside of a text");
    }

    static JsonTokenType Next(string file, ref Utf8JsonReader json) =>
        json.Read() ? json.TokenType : throw new ModelFileException(file, 8 + json.BytesConsumed, "the header: ends before its object does");

    static void Expect(string file, ref Utf8JsonReader json, JsonTokenType expected, string what)
    {
        if (Next(file, ref json) != expected) throw new ModelFileException(file, 8 + json.TokenStartIndex, $"{what}: {json.TokenType} stands where {expected} was expected");
    }

    static SafeTensor Entry(string file, byte* start, long length, long data, string name, ref Utf8JsonReader json)
    {
        long at = 8 + json.TokenStartIndex;
        string? type = null;
        List<long>? sizes = null, ends = null;
        Expect(file, ref json, JsonTokenType.StartObject, name);
        while (Next(file, ref json) == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("dtype"u8))
            {
                Expect(file, ref json, JsonTokenType.String, name);
                type = json.GetString();
            }
            else if (json.ValueTextEquals("shape"u8)) sizes = Numbers(file, name, ref json);
            else if (json.ValueTextEquals("data_offsets"u8)) ends = Numbers(file, name, ref json);
            else throw new ModelFileException(file, 8 + json.TokenStartIndex, $"{name}: has a property \"{json.GetString()}\"; dtype, shape and data_offsets were expected");
        }
        if (type is null || sizes is null || ends is not [var begin, var end]) throw new ModelFileException(file, at, $"{name}: dtype, shape and two data_offsets were expected");
        if (BytesOf(type) == 0) throw new ModelFileException(file, at, $"{name}: is of type \"{type}\", which is unknown");
        long bytes = BytesOf(type);
        foreach (long size in sizes)
            if (size > 0 && bytes > long.MaxValue / size) throw new ModelFileException(file, at, $"{name}: {Write(sizes)} makes no tensor");
            else bytes *= size;
        if (begin > end || end > length - data) throw new ModelFileException(file, at, $"{name}: bytes {begin} to {end} are not inside of the {length - data} that follow the header");
        if (end - begin != bytes) throw new ModelFileException(file, at, $"{name}: {Write(sizes)} of {type} are {bytes} bytes, and it has {end - begin}");
        return new(file, name, type, [.. sizes], data + begin, (nint)(start + data + begin), bytes);
    }

    static List<long> Numbers(string file, string name, ref Utf8JsonReader json)
    {
        List<long> numbers = [];
        Expect(file, ref json, JsonTokenType.StartArray, name);
        while (Next(file, ref json) != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0 || numbers.Count == MostDimensions)
                throw new ModelFileException(file, 8 + json.TokenStartIndex, $"{name}: up to {MostDimensions} whole numbers from 0 were expected");
            numbers.Add(number);
        }
        return numbers;
    }

    static void CheckOrder(string file, IEnumerable<SafeTensor> tensors, long data, long length)
    {
        long expected = data;
        foreach (SafeTensor tensor in tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Bytes))
        {
            if (tensor.Offset != expected) throw tensor.Fault($"begins at {tensor.Offset}, and the tensor before ends at {expected}");
            expected += tensor.Bytes;
        }
        if (expected != length) throw new ModelFileException(file, expected, $"the last tensor ends here, and the file at {length}");
    }

    internal static string Write(IEnumerable<long> sizes) => $"[{string.Join(", ", sizes)}]";
}
