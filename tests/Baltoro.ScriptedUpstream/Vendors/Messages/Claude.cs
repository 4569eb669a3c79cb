// Claude at Anthropic: signs its thinking and takes back only what it signed itself, for exactly the text it showed. It does
// not know any other model's thinking.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Baltoro.ScriptedUpstream.Vendors.Messages;

public sealed class Claude : MessagesVendor
{
    // A signature carries a seal over the shown text and the whole thought, then the thought, so that a thought whose text
    // was left out of the reply (display: omitted) still comes back to the model.
    const int SealBytes = 32;
    static readonly byte[] Key = "the vendor's own key"u8.ToArray();

    public override string Name => "claude";

    public override string Sign(string shown, string thought)
    {
        var hidden = Encoding.UTF8.GetBytes(thought);
        return Convert.ToBase64String([.. Seal(shown, hidden), .. hidden]);
    }

    public override string? Unsign(string shown, string signature)
    {
        var bytes = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, bytes, out var length) || length < SealBytes) return null;
        var hidden = bytes.AsSpan(SealBytes, length - SealBytes);
        return bytes.AsSpan(0, SealBytes).SequenceEqual(Seal(shown, hidden)) ? Encoding.UTF8.GetString(hidden) : null;
    }

    private protected override string Shown(JsonElement body, Part.Think think) =>
        body.Member("thinking")?.Text("display") == "omitted" ? "" : think.Text;

    internal override IEnumerable<Finding> Check(RecordedRequest request, JsonElement body) =>
    [
        .. ClaudeRules.Headers(request), .. ClaudeRules.Fields(request, body), .. ClaudeRules.Thinking(body),
        .. ClaudeRules.Tools(body), .. ClaudeRules.CacheControl(body), .. ClaudeHistoryRules.Blocks(body),
        .. ClaudeHistoryRules.Signatures(body, this), .. ClaudeHistoryRules.Pairs(body), .. ClaudeHistoryRules.LastTurn(body),
        .. Begun(body) is null
            ? Array.Empty<Finding>()
            : [new Finding.Refused("This model does not support assistant message prefill. The conversation must end with a user message.")],
    ];

    static byte[] Seal(string shown, ReadOnlySpan<byte> hidden) =>
        HMACSHA256.HashData(Key, (byte[])[.. Encoding.UTF8.GetBytes(shown), 0, .. hidden]);
}
