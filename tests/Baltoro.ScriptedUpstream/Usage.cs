// The tokens of one request, by a rule simple enough to compute by hand in a test. It knows no tokenizer: a token is four
// bytes of UTF-8, begun tokens count.

using System.Text;
using System.Text.Json;

namespace Baltoro.ScriptedUpstream;

/// <param name="Prompt">The raw JSON of <c>system</c>, <c>tools</c> and <c>messages</c>, as received.</param>
/// <param name="Cached">
/// What the request before must have left in a prefix cache: everything before the last assistant message, in whole blocks
/// of 64 tokens; 0 in a conversation without an assistant message.
/// </param>
/// <param name="Reasoning">The reply's thinking; part of <paramref name="Output"/>.</param>
/// <param name="Output">The reply's thinking, text and tool arguments.</param>
public sealed record Usage(int Prompt, int Cached, int Reasoning, int Output)
{
    const int CacheBlock = 64;

    public static Usage Of(JsonElement body, Reply reply)
    {
        var fixedPart = RawBytes(body.Member("system")) + RawBytes(body.Member("tools"));
        long all = fixedPart, beforeLastAssistant = 0;
        foreach (var message in body.Items("messages"))
        {
            if (message.Text("role") == "assistant") beforeLastAssistant = all;
            all += RawBytes(message);
        }
        var thinking = reply.Parts.OfType<Part.Think>().Sum(p => Tokens(p.Text));
        var rest = reply.Parts.Sum(p => p switch
        {
            Part.Say say => Tokens(say.Text),
            Part.Call call => Tokens(call.Arguments),
            _ => 0,
        });
        return new Usage(Tokens(all), Tokens(beforeLastAssistant) / CacheBlock * CacheBlock, thinking, thinking + rest);
    }

    public static int Tokens(string text) => Tokens(Encoding.UTF8.GetByteCount(text));

    static int Tokens(long bytes) => (int)((bytes + 3) / 4);

    static long RawBytes(JsonElement? element) => element is { } e ? JsonMarshalBytes(e) : 0;

    static int JsonMarshalBytes(JsonElement element) =>
        System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element).Length;
}

/// <summary>What a vendor says of a request's tokens, given what they are.</summary>
public delegate Usage Claim(Usage usage, Conversation conversation);
