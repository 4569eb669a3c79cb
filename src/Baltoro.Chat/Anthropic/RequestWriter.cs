// A request for an upstream that speaks the Messages format; it refuses to know the history rules that made it fit.

using System.Buffers;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Writes a request that already fits its card as the body of <c>POST /v1/messages</c>, always asking for a stream.
/// Anthropic itself (<see cref="Dialect.Claude"/>) gets back every unknown field of its format in the bytes it came in;
/// other vendors (<see cref="Dialect.Messages"/>), who refuse what they do not know, get what is understood and nothing else.
/// The messages come last and equal parts give equal bytes, so that a growing conversation keeps its prefix.
/// </summary>
public static class RequestWriter
{
    /// <returns>In pieces that must not be changed: where the request brings a <see cref="Groundwork"/>, other bodies of the conversation share them.</returns>
    public static ReadOnlySequence<byte> Write(ChatRequest request, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(card);
        ArrayBufferWriter<byte> body = new(16_384);
        bool unknownFields = card.Dialect == Dialect.Claude;
        int limit = request.OutputLimit ?? card.OutputLimit;
        using Utf8JsonWriter json = new(body, RawMembers.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, card.Origin.Model);
        json.WriteBoolean("stream"u8, true);
        json.WriteNumber("max_tokens"u8, limit);
        ThinkingWriter.Write(json, request.Thinking, card, limit);
        WriteOutputConfig(json, request, card);
        WriteSampling(json, request);
        WriteMetadata(json, request, unknownFields);
        if (unknownFields) RawMembers.Write(json, request.Extra, "output_config", "metadata");
        WriteTools(json, request, unknownFields);
        if (!request.System.IsEmpty)
        {
            json.WritePropertyName("system"u8);
            Blocks(json, unknownFields).Write(request.System);
        }
        json.WriteStartArray("messages"u8);
        return WrittenBeginning.End(json, body, isEmpty: true, request, card, (json, turn, _) => WriteTurn(json, turn, unknownFields));
    }

    /// <summary>
    /// The headers that go with the body: to Anthropic the client's own and what our fields need;
    /// to others none, because a beta that they do not know is refused.
    /// </summary>
    public static Sequence<Header> Headers(ChatRequest request, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(card);
        const string Beta = "anthropic-beta", EffortBeta = "effort-2025-11-24";
        if (card.Dialect != Dialect.Claude) return [];
        if (EffortOf(request, card) is null || request.Headers.Any(header => header.Name == Beta && header.Value.Contains(EffortBeta, StringComparison.Ordinal)))
            return request.Headers;
        Header? betas = request.Headers.FirstOrDefault(header => header.Name == Beta);
        return betas is null
            ? [.. request.Headers, new Header(Beta, EffortBeta)]
            : request.Headers.Map(header => ReferenceEquals(header, betas) ? header with { Value = $"{header.Value},{EffortBeta}" } : header);
    }

    static BlockWriter Blocks(Utf8JsonWriter json, bool unknownFields) =>
        new(json, static thinking => thinking.Seal?.Signature ?? "", static redacted => redacted.Data, unknownFields);

    static void WriteTurn(Utf8JsonWriter json, Turn turn, bool unknownFields)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, turn switch
        {
            Turn.User => "user"u8,
            Turn.Assistant => "assistant"u8,
            Turn.System => "system"u8,
            _ => throw new InvalidOperationException($"Unknown turn {turn.GetType().Name}."),
        });
        json.WritePropertyName("content"u8);
        Blocks(json, unknownFields).Write(turn.Blocks);
        if (unknownFields && turn is Turn.System { UntilNextUserTurn: true }) json.WriteString("clear_at"u8, "next_user_message"u8);
        if (unknownFields) RawMembers.Write(json, turn.Extra);
        json.WriteEndObject();
    }

    static Effort? EffortOf(ChatRequest request, ModelCard card) =>
        request.Thinking.Effort is { } effort && card.Efforts.Contains(effort) ? effort : null;

    static void WriteOutputConfig(Utf8JsonWriter json, ChatRequest request, ModelCard card)
    {
        Effort? effort = EffortOf(request, card);
        ResponseFormat.JsonSchema? format = request.ResponseFormat as ResponseFormat.JsonSchema;
        RawJson? rest = card.Dialect == Dialect.Claude ? Unknown(request, "output_config") : null;
        if (effort is null && format is null && rest is null) return;
        json.WriteStartObject("output_config"u8);
        if (effort is not null) json.WriteString("effort"u8, effort.Value.Name);
        if (format is not null)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WritePropertyName("schema"u8);
            format.Schema.WriteTo(json);
            json.WriteEndObject();
        }
        RawMembers.Write(json, rest);
        json.WriteEndObject();
    }

    static void WriteSampling(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Sampling.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (request.Sampling.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (request.Sampling.TopK is { } topK) json.WriteNumber("top_k"u8, topK);
        if (request.StopSequences.IsEmpty) return;
        json.WriteStartArray("stop_sequences"u8);
        foreach (string stop in request.StopSequences) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    static void WriteMetadata(Utf8JsonWriter json, ChatRequest request, bool unknownFields)
    {
        RawJson? rest = unknownFields ? Unknown(request, "metadata") : null;
        if (request.User is null && rest is null) return;
        json.WriteStartObject("metadata"u8);
        if (request.User is not null) json.WriteString("user_id"u8, request.User);
        RawMembers.Write(json, rest);
        json.WriteEndObject();
    }

    static void WriteTools(Utf8JsonWriter json, ChatRequest request, bool unknownFields)
    {
        if (request.Tools.IsEmpty) return;
        if (request.ToolChoice is { } choice) ToolWriter.WriteChoice(json, choice);
        json.WriteStartArray("tools"u8);
        foreach (ToolSpec tool in request.Tools) ToolWriter.Write(json, tool, unknownFields);
        json.WriteEndArray();
    }

    static RawJson? Unknown(ChatRequest request, string name) =>
        request.Extra is { Format: WireFormat.Anthropic } extra ? extra[name] : null;
}
