using System.Runtime.InteropServices;
using System.Text.Json;

namespace Baltoro.ScriptedUpstream;

/// <summary>
/// How much of one request a later request of the same conversation repeats byte for byte: what a prefix cache can reuse.
/// </summary>
/// <param name="Messages">How many leading messages are equal, byte for byte.</param>
/// <param name="OfMessages">How many messages the earlier request had.</param>
/// <param name="Bytes">How many leading bytes of the two <c>messages</c> arrays are equal, brackets not counted.</param>
/// <param name="SameTools">Whether <c>tools</c> and <c>system</c> are equal, byte for byte.</param>
public sealed record SharedPrefix(int Messages, int OfMessages, int Bytes, bool SameTools)
{
    /// <summary>Whether the later request only appends.</summary>
    public bool Whole => SameTools && Messages == OfMessages;

    public static SharedPrefix Between(RecordedRequest earlier, RecordedRequest later)
    {
        JsonElement a = earlier.Parse(), b = later.Parse();
        var before = a.Items("messages").ToList();
        var equal = before.Zip(b.Items("messages")).TakeWhile(pair => Raw(pair.First).SequenceEqual(Raw(pair.Second))).Count();
        var inner = Raw(a.GetProperty("messages"))[1..^1];
        return new SharedPrefix(equal, before.Count, inner.CommonPrefixLength(Raw(b.GetProperty("messages"))[1..]),
            Same(a, b, "tools") && Same(a, b, "system"));
    }

    static bool Same(JsonElement a, JsonElement b, string name) => (a.Member(name), b.Member(name)) switch
    {
        (null, null) => true,
        ({ } x, { } y) => Raw(x).SequenceEqual(Raw(y)),
        _ => false,
    };

    static ReadOnlySpan<byte> Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);
}
