// A request as the body that one vendor takes; it refuses to know what had to be changed so that the conversation fits the model.

using System.Buffers;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Writes the body of <c>POST …/chat/completions</c> for a request that was fitted to the card before. Only the names of fields are decided
/// here. Always asks for a stream with its usage. What grows, the messages, comes last, so that a longer conversation begins with the same bytes.
/// </summary>
public static class RequestWriter
{
    /// <returns>In pieces that must not be changed: where the request brings a <see cref="Groundwork"/>, other bodies of the conversation share them.</returns>
    public static ReadOnlySequence<byte> Write(ChatRequest request, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(card);
        ArrayBufferWriter<byte> body = new(16_384);
        using Utf8JsonWriter writer = new(body, Lines.Options);
        writer.WriteStartObject();
        writer.WriteString("model"u8, card.Origin.Model);
        writer.WriteBoolean("stream"u8, true);
        if (card.CountsStreams)
        {
            writer.WriteStartObject("stream_options"u8);
            writer.WriteBoolean("include_usage"u8, true);
            writer.WriteEndObject();
        }
        if (card.Dialect == Dialect.Glm && !request.Tools.IsEmpty) writer.WriteBoolean("tool_stream"u8, true);
        Limits(writer, request, card);
        Sampling(writer, request.Sampling, card);
        ThinkingFields.Write(writer, request, card);
        Format(writer, request, card);
        Names(writer, request, card);
        if (Fields.GoThrough(card)) Fields.Write(writer, request.Extra, card.Dialect == Dialect.SelfHosted ? "chat_template_kwargs" : "");
        // Else the template closes the turn that is to be continued.
        if (card.Dialect == Dialect.SelfHosted && MessageWriter.Continues(request))
        {
            writer.WriteBoolean("continue_final_message"u8, true);
            writer.WriteBoolean("add_generation_prompt"u8, false);
        }
        Tools.Write(writer, request, card);
        MessageWriter.Begin(writer, request, card);
        bool continues = MessageWriter.Continues(request);
        return WrittenBeginning.End(writer, body, request.System.IsEmpty, request, card, (json, turn, isLast) => MessageWriter.Write(json, turn, card, isLast && continues));
    }

    static void Limits(Utf8JsonWriter writer, ChatRequest request, ModelCard card)
    {
        if (request.OutputLimit is { } limit)
        {
            bool old = card.Dialect == Dialect.Glm || card.OutputField == OutputField.MaxTokens;
            writer.WriteNumber(old ? "max_tokens"u8 : "max_completion_tokens"u8, limit);
        }
        if (request.StopSequences.IsEmpty) return;
        writer.WriteStartArray("stop"u8);
        // Z.ai takes one.
        foreach (string stop in request.StopSequences.Take(card.Dialect == Dialect.Glm ? 1 : int.MaxValue)) writer.WriteStringValue(stop);
        writer.WriteEndArray();
    }

    static void Sampling(Utf8JsonWriter writer, Sampling sampling, ModelCard card)
    {
        if (sampling.Temperature is { } temperature) writer.WriteNumber("temperature"u8, temperature);
        if (sampling.TopP is { } topP) writer.WriteNumber("top_p"u8, topP);
        // OpenAI itself refuses these; the vendors' own endpoints do not document them.
        if (card.Dialect is Dialect.OpenRouter or Dialect.SelfHosted)
        {
            if (sampling.TopK is { } topK) writer.WriteNumber("top_k"u8, topK);
            if (sampling.MinP is { } minP) writer.WriteNumber("min_p"u8, minP);
            if (sampling.RepetitionPenalty is { } repetition) writer.WriteNumber("repetition_penalty"u8, repetition);
        }
        if (card.Dialect == Dialect.Glm) return;
        if (sampling.FrequencyPenalty is { } frequency) writer.WriteNumber("frequency_penalty"u8, frequency);
        if (sampling.PresencePenalty is { } presence) writer.WriteNumber("presence_penalty"u8, presence);
        if (sampling.Seed is { } seed && Fields.GoThrough(card)) writer.WriteNumber("seed"u8, seed);
    }

    static void Format(Utf8JsonWriter writer, ChatRequest request, ModelCard card)
    {
        if (request.ResponseFormat is not { } format) return;
        writer.WriteStartObject("response_format"u8);
        // Z.ai and DeepSeek know JSON without a schema only.
        if (format is ResponseFormat.JsonSchema schema && card.Dialect is not (Dialect.Glm or Dialect.DeepSeek))
        {
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteStartObject("json_schema"u8);
            writer.WriteString("name"u8, schema.Name);
            writer.WritePropertyName("schema"u8);
            schema.Schema.WriteTo(writer);
            if (schema.Strict is { } strict) writer.WriteBoolean("strict"u8, strict);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("type"u8, "json_object"u8);
        }
        writer.WriteEndObject();
    }

    static void Names(Utf8JsonWriter writer, ChatRequest request, ModelCard card)
    {
        if (request.User is { } user && Fields.GoThrough(card)) writer.WriteString("user"u8, user);
        // Keeps a conversation on the machine that has its prefix cached.
        if (request.SessionKey is { } key && card.Dialect == Dialect.Kimi) writer.WriteString("prompt_cache_key"u8, key);
    }
}
