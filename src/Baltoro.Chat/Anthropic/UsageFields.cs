// The usage object of the Messages format; it refuses to know what a token costs.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Total input = <c>input_tokens</c> + <c>cache_creation_input_tokens</c> + <c>cache_read_input_tokens</c>.
/// Numbers in a stream are cumulative and may come more than once; the last of each wins.
/// </summary>
static class UsageFields
{
    /// <summary>The counts of <paramref name="before"/>, replaced where <paramref name="json"/> names them.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="unknown">Members that are not counted here, such as <c>server_tool_use</c>, are added to it; later ones replace earlier ones.</param>
    public static Usage Read(ReadOnlySpan<byte> json, Usage before, List<Field> unknown)
    {
        long? input = null, output = null, cacheRead = null, written = null, fiveMinutes = null, hour = null, reasoning = null;
        Utf8JsonReader reader = new(json, StreamEvent.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return before;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8)) input = Count(ref reader);
            else if (reader.ValueTextEquals("output_tokens"u8)) output = Count(ref reader);
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8)) cacheRead = Count(ref reader);
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8)) written = Count(ref reader);
            else if (reader.ValueTextEquals("cache_creation"u8)) (fiveMinutes, hour) = Pair(ref reader, "ephemeral_5m_input_tokens"u8, "ephemeral_1h_input_tokens"u8);
            else if (reader.ValueTextEquals("output_tokens_details"u8)) (reasoning, _) = Pair(ref reader, "thinking_tokens"u8, default);
            else Keep(json, ref reader, unknown);
        }

        if (written is null && (fiveMinutes ?? hour) is not null) written = (fiveMinutes ?? 0) + (hour ?? 0);
        // Some vendors repeat the input as zeros at the end. No prompt is empty, so the earlier numbers stand.
        if ((input ?? 0) + (cacheRead ?? 0) + (written ?? 0) == 0) (input, cacheRead, written) = (null, null, null);
        return before with
        {
            Input = input ?? before.Input,
            CacheRead = cacheRead ?? before.CacheRead,
            CacheWrite = written is null ? before.CacheWrite : Math.Max(0, written.Value - (hour ?? 0)),
            CacheWriteHour = written is null ? before.CacheWriteHour : Math.Min(hour ?? 0, written.Value),
            Output = output ?? before.Output,
            Reasoning = reasoning ?? before.Reasoning,
        };
    }

    /// <param name="unknown">An object whose members are written beside the counts; null for none.</param>
    public static void Write(Utf8JsonWriter json, Usage usage, RawJson? unknown)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.Input);
        json.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrite + usage.CacheWriteHour);
        json.WriteNumber("cache_read_input_tokens"u8, usage.CacheRead);
        json.WriteStartObject("cache_creation"u8);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWrite);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, usage.CacheWriteHour);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.Output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("thinking_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        RawMembers.Write(json, unknown);
        json.WriteEndObject();
    }

    /// <summary>Null for what is no count: a null, a negative number, a string.</summary>
    static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
        {
            reader.Skip();
            return null;
        }
        if (reader.TryGetInt64(out long whole)) return whole >= 0 ? whole : null;
        return reader.TryGetDouble(out double number) && number is >= 0 and < 1e15 ? (long)number : null;
    }

    static (long? First, long? Second) Pair(ref Utf8JsonReader reader, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        long? one = null, two = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return (null, null);
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(first)) one = Count(ref reader);
            else if (!second.IsEmpty && reader.ValueTextEquals(second)) two = Count(ref reader);
            else reader.Skip();
        }
        return (one, two);
    }

    static void Keep(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, List<Field> unknown)
    {
        string name = Text.Of(ref reader);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        unknown.RemoveAll(field => field.Name == name);
        unknown.Add(new(name, new(StreamEvent.Value(json, ref reader).ToArray())));
    }
}
