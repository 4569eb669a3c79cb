// The delta of a content block, taken apart without building a document.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

enum DeltaKind
{
    Unknown,
    Text,
    Thinking,
    Input,
    Signature,
    Citations,
    Compaction,
}

/// <summary>What a delta adds.</summary>
readonly ref struct BlockDelta
{
    public DeltaKind Kind { get; private init; }

    /// <summary>The text added; empty for kinds that add none.</summary>
    public string Text { get; private init; }

    public static BlockDelta Parse(ReadOnlySpan<byte> json)
    {
        DeltaKind kind = DeltaKind.Unknown;
        string text = "";
        Utf8JsonReader reader = new(json, StreamEvent.Options);
        if (!json.IsEmpty) reader.Read();
        while (!json.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                kind = KindOf(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8)
                || reader.ValueTextEquals("partial_json"u8) || reader.ValueTextEquals("signature"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) text = Wire.Text.Of(ref reader);
                else reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }
        return new() { Kind = kind, Text = text };
    }

    static DeltaKind KindOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return DeltaKind.Unknown;
        }
        if (reader.ValueTextEquals("text_delta"u8)) return DeltaKind.Text;
        if (reader.ValueTextEquals("thinking_delta"u8)) return DeltaKind.Thinking;
        if (reader.ValueTextEquals("input_json_delta"u8)) return DeltaKind.Input;
        if (reader.ValueTextEquals("signature_delta"u8)) return DeltaKind.Signature;
        if (reader.ValueTextEquals("citations_delta"u8)) return DeltaKind.Citations;
        return reader.ValueTextEquals("compaction_delta"u8) ? DeltaKind.Compaction : DeltaKind.Unknown;
    }
}
