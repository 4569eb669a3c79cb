// A whole reply as one message object, for clients that asked for no stream.

using System.Buffers;
using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Writes the body that answers <c>"stream": false</c>. Arguments that are no JSON object are wrapped as <see cref="Arguments"/> says, so that
/// the client can show the model what it wrote.
/// </summary>
public static class WholeReplyWriter
{
    /// <param name="id">The reply's id, <c>msg_…</c>.</param>
    /// <param name="model">The model's name to report.</param>
    public static void Write(Reply reply, string id, string model, IBufferWriter<byte> into)
    {
        ArgumentNullException.ThrowIfNull(reply);
        using Utf8JsonWriter json = new(into, RawMembers.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, model);
        json.WritePropertyName("content"u8);
        new BlockWriter(json, thinking => thinking.Seal is { } seal ? Envelope.Pack(seal) : "", Envelope.Pack, unknownFields: true)
            .Write(reply.Blocks.Map(block => block is Block.ToolCall ? block with { Extra = Caller.Stated(block.Extra) } : block));
        Ending.WriteReason(json, reply.Reason, reply.StopSequence, SeenIn(reply), reply.Extra);
        Ending.WriteInside(json, reply.Extra);
        Ending.WriteBeside(json, reply.Extra);
        UsageFields.Write(json, reply.Usage, Ending.UsageOf(reply.Extra));
        json.WriteEndObject();
    }

    static Seen SeenIn(Reply reply)
    {
        Seen seen = Seen.Nothing;
        foreach (Block block in reply.Blocks)
            seen |= block switch
            {
                Block.ToolCall => Seen.ToolCall,
                Block.Opaque => Seen.Opaque,
                _ => Seen.Nothing,
            };
        return seen;
    }
}
