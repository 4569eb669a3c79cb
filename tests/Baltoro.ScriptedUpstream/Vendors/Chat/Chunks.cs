// The frame that all chunks of one reply share. It does not know what stands in a delta.

using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

/// <param name="extra">Members that a vendor adds to each chunk.</param>
sealed class Chunks(string id, string model, params (string Name, string Value)[] extra)
{
    const long Created = 1_764_000_000;

    public JsonObject Envelope(string kind)
    {
        var envelope = new JsonObject { ["id"] = id, ["object"] = kind, ["created"] = Created, ["model"] = model };
        foreach (var (name, value) in extra) envelope[name] = value;
        return envelope;
    }

    public JsonObject Delta(JsonObject delta, string? reason = null)
    {
        var chunk = Envelope("chat.completion.chunk");
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = reason });
        return chunk;
    }

    public JsonObject UsageOnly(JsonObject usage)
    {
        var chunk = Envelope("chat.completion.chunk");
        chunk["choices"] = new JsonArray();
        chunk["usage"] = usage;
        return chunk;
    }
}
