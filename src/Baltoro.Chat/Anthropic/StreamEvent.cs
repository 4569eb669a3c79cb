// One event of a Messages stream, taken apart without building a document; it refuses to know what came before it.

using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

enum EventKind
{
    Unknown,
    MessageStart,
    BlockStart,
    BlockDelta,
    BlockStop,
    MessageDelta,
    MessageStop,
    Ping,
    Error,
}

/// <summary>
/// The members of an event as slices of its data. The kind comes from the data's own <c>type</c>, and members may stand in any order.
/// </summary>
ref struct StreamEvent
{
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    /// <summary>Stands for an index that was not given.</summary>
    public const int NoIndex = -1;

    public EventKind Kind;
    public int Index;

    /// <summary>The member <c>delta</c>, <c>content_block</c> or <c>message</c>; empty when there is none.</summary>
    public ReadOnlySpan<byte> Body;
    public ReadOnlySpan<byte> Usage;
    public ReadOnlySpan<byte> Error;

    /// <exception cref="JsonException">The data is not one JSON object.</exception>
    public static StreamEvent Parse(ReadOnlySpan<byte> data)
    {
        StreamEvent parsed = new() { Index = NoIndex };
        Utf8JsonReader reader = new(data, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                parsed.Kind = KindOf(ref reader);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int index) && index >= 0) parsed.Index = index;
                else reader.Skip();
            }
            else if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("content_block"u8) || reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                ReadOnlySpan<byte> value = Value(data, ref reader);
                if (value[0] == '{') parsed.Body = value;
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                ReadOnlySpan<byte> value = Value(data, ref reader);
                if (value[0] == '{') parsed.Usage = value;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                ReadOnlySpan<byte> value = Value(data, ref reader);
                if (reader.TokenType != JsonTokenType.Null) parsed.Error = value;
            }
            else
            {
                reader.Skip();
            }
        }
        // Whatever follows the object is garbage.
        if (reader.Read()) throw new JsonException("expected the end");
        return parsed;
    }

    /// <summary>The bytes of the value that the reader stands on; the reader moves to its end.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> data, scoped ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return data[start..(int)reader.BytesConsumed];
    }

    static EventKind KindOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return EventKind.Unknown;
        }
        if (reader.ValueTextEquals("content_block_delta"u8)) return EventKind.BlockDelta;
        if (reader.ValueTextEquals("content_block_start"u8)) return EventKind.BlockStart;
        if (reader.ValueTextEquals("content_block_stop"u8)) return EventKind.BlockStop;
        if (reader.ValueTextEquals("message_start"u8)) return EventKind.MessageStart;
        if (reader.ValueTextEquals("message_delta"u8)) return EventKind.MessageDelta;
        if (reader.ValueTextEquals("message_stop"u8)) return EventKind.MessageStop;
        if (reader.ValueTextEquals("ping"u8)) return EventKind.Ping;
        return reader.ValueTextEquals("error"u8) ? EventKind.Error : EventKind.Unknown;
    }
}
