// The answer to a request that only asks how long it is.

using System.Buffers;
using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>The body of an answer to <c>POST /v1/messages/count_tokens</c>.</summary>
public static class TokenCount
{
    public static void Write(long tokens, IBufferWriter<byte> into)
    {
        using Utf8JsonWriter json = new(into, RawMembers.Options);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, tokens);
        json.WriteEndObject();
    }
}
