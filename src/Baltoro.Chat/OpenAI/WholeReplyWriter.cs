// A whole reply as one `chat.completion` body; it refuses to know that it ever was a stream.

using System.Buffers;
using System.Text.Json;

namespace Baltoro.Chat.OpenAI;

/// <summary>Writes what the stream of <see cref="ReplyWriter"/> adds up to.</summary>
public static class WholeReplyWriter
{
    /// <param name="id">This reply's id, such as <c>chatcmpl-…</c>.</param>
    /// <param name="model">The model's name as the client is to see it.</param>
    /// <param name="created">Unix time in seconds.</param>
    public static byte[] Write(Reply reply, string id, string model, long created)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArrayBufferWriter<byte> body = new(4096);
        using (Utf8JsonWriter json = new(body, Lines.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("object"u8, "chat.completion"u8);
            json.WriteNumber("created"u8, created);
            json.WriteString("model"u8, model);
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            Message(json, reply, id);
            json.WriteString("finish_reason"u8, Finish.Write(reply.Reason, reply.Blocks.Any(block => block is Block.ToolCall)));
            json.WriteEndObject();
            json.WriteEndArray();
            Tally.Write(json, reply.Usage);
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }

    static void Message(Utf8JsonWriter json, Reply reply, string id)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        string[] texts = [.. reply.Blocks.OfType<Block.Text>().Select(block => block.Content)];
        if (texts.Length > 0) json.WriteString("content"u8, string.Concat(texts));
        else json.WriteNull("content"u8);
        Thinking(json, reply);
        Block.ToolCall[] calls = [.. reply.Blocks.OfType<Block.ToolCall>()];
        if (calls.Length > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            for (int i = 0; i < calls.Length; i++)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, calls[i].Id.Length > 0 ? calls[i].Id : $"call_{id}_{i}");
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, calls[i].Name);
                json.WriteString("arguments"u8, calls[i].Arguments);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    static void Thinking(Utf8JsonWriter json, Reply reply)
    {
        Block[] blocks = [.. reply.Blocks.Where(block => block is Block.Thinking or Block.RedactedThinking)];
        string text = string.Concat(blocks.OfType<Block.Thinking>().Select(block => block.Content));
        if (text.Length > 0) json.WriteString("reasoning_content"u8, text);
        if (blocks.All(block => block is Block.Thinking { Seal: null })) return;
        json.WriteStartArray("reasoning_details"u8);
        int index = 0, start = 0;
        foreach (Block block in blocks)
        {
            if (block is Block.RedactedThinking redacted)
            {
                Provenance.Write(json, redacted, index++);
            }
            else if (block is Block.Thinking thinking)
            {
                // As in the stream: what stands before the first seal needs no entry.
                if (thinking.Seal is not null || index > 0 && thinking.Content.Length > 0) Provenance.Write(json, thinking.Seal, index++, start);
                start += thinking.Content.Length;
            }
        }
        json.WriteEndArray();
    }
}
