// A piece of JSON kept as the bytes it arrived in; it refuses to know what they say.

using System.Text;
using System.Text.Json;
using System.Runtime.InteropServices;

namespace Baltoro.Chat;

/// <summary>
/// One JSON value as UTF-8 text, never re-serialised. Equality is equality of bytes.
/// The bytes are owned by this value: no one may change them afterwards.
/// </summary>
public readonly struct RawJson(ReadOnlyMemory<byte> utf8) : IEquatable<RawJson>
{
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <summary>Copies the bytes of <paramref name="element"/> out of its document.</summary>
    public static RawJson Of(JsonElement element) => new(JsonMarshal.GetRawUtf8Value(element).ToArray());

    /// <summary>Takes text that is known to be one JSON value.</summary>
    public static RawJson Of(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <summary>Writes the bytes as they are. They were parsed once on the way in, so they are not checked again.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(Utf8.Span, skipInputValidation: true);
    }

    /// <summary>The caller disposes the document.</summary>
    public JsonDocument Parse() => JsonDocument.Parse(Utf8, Wire.Json.Options);

    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override bool Equals(object? obj) => obj is RawJson other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = new();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    public static bool operator ==(RawJson left, RawJson right) => left.Equals(right);

    public static bool operator !=(RawJson left, RawJson right) => !left.Equals(right);
}

/// <summary>A named JSON value that this product has no word for.</summary>
public sealed record Field(string Name, RawJson Value);

/// <summary>The wire formats, each with a folder of its own.</summary>
public enum WireFormat
{
    Anthropic,
    OpenAI,
}

/// <summary>Fields of an object that were not understood, kept for an upstream that speaks the same format.</summary>
public sealed record Extra(WireFormat Format, Sequence<Field> Fields)
{
    /// <summary>These fields without the one called <paramref name="name"/>; null when none is left.</summary>
    public Extra? Without(string name) => Fields.Where(field => field.Name != name).ToSequence() switch
    {
        { IsEmpty: true } => null,
        var kept when kept.Count == Fields.Count => this,
        var kept => this with { Fields = kept },
    };

    /// <summary>The fields of both; of two with one name, the one in <paramref name="later"/>.</summary>
    public static Extra? Merge(Extra? earlier, Extra? later) => (earlier, later) switch
    {
        (null, _) => later,
        (_, null) => earlier,
        _ => later with { Fields = [.. earlier.Fields.Where(field => later[field.Name] is null), .. later.Fields] },
    };

    public RawJson? this[string name]
    {
        get
        {
            foreach (Field field in Fields)
                if (field.Name == name) return field.Value;
            return null;
        }
    }
}
