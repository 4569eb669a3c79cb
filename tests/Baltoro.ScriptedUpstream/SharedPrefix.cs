// How much of one request a later request of the same conversation repeats: what a prefix cache can reuse.

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream;

/// <param name="Messages">How many leading messages are equal.</param>
/// <param name="OfMessages">How many messages the earlier request had.</param>
/// <param name="Bytes">How many leading bytes of the two <c>messages</c> arrays are equal, brackets not counted.</param>
/// <param name="SameTools">Whether <c>tools</c> and <c>system</c> are equal.</param>
public sealed record SharedPrefix(int Messages, int OfMessages, int Bytes, bool SameTools)
{
    /// <summary>Whether the later request only appends.</summary>
    public bool Whole => SameTools && Messages == OfMessages;

    /// <summary>Compares byte for byte.</summary>
    public static SharedPrefix Between(RecordedRequest earlier, RecordedRequest later) => Between(earlier.Parse(), later.Parse());

    /// <summary>
    /// Compares what reaches the model: cache marks do not, and a text is the same whether it stands alone or as the only block.
    /// </summary>
    public static SharedPrefix InMeaningBetween(RecordedRequest earlier, RecordedRequest later) =>
        Between(Meaning(earlier.Parse()), Meaning(later.Parse()));

    static SharedPrefix Between(JsonElement earlier, JsonElement later)
    {
        var before = earlier.Items("messages").ToList();
        var equal = before.Zip(later.Items("messages")).TakeWhile(pair => Raw(pair.First).SequenceEqual(Raw(pair.Second))).Count();
        var bytes = Raw(earlier.GetProperty("messages"))[1..^1].CommonPrefixLength(Raw(later.GetProperty("messages"))[1..]);
        return new SharedPrefix(equal, before.Count, bytes, Same(earlier, later, "tools") && Same(earlier, later, "system"));
    }

    static bool Same(JsonElement a, JsonElement b, string name) => (a.Member(name), b.Member(name)) switch
    {
        (null, null) => true,
        ({ } x, { } y) => Raw(x).SequenceEqual(Raw(y)),
        _ => false,
    };

    static ReadOnlySpan<byte> Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);

    static JsonElement Meaning(JsonElement body)
    {
        var node = JsonNode.Parse(Encoding.UTF8.GetString(Raw(body)))!;
        Simplify(node);
        return JsonSerializer.SerializeToElement(node);
    }

    static void Simplify(JsonNode? node)
    {
        if (node is JsonObject holder)
        {
            holder.Remove("cache_control");
            if (holder["content"] is JsonValue text) holder["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text.DeepClone() });
            foreach (var (_, member) in holder) Simplify(member);
        }
        if (node is JsonArray array)
            foreach (var item in array) Simplify(item);
    }
}
