// What one reply costs whoever asked for it, read off the events that were really sent. It does not know the reply that was planned.

using System.Text;
using System.Text.Json;

namespace Baltoro.ScriptedUpstream;

/// <summary>
/// The books of a vendor that charges what it told, and after that what it sent, four bytes a token as everywhere in <see cref="Usage"/>. Of a
/// reply that broke off before a count was told, the prompt is not known here: <see cref="HasCount"/> is false then.
/// </summary>
public sealed class Bill
{
    const int BytesPerToken = 4;

    static readonly string[] Texts = ["content", "reasoning_content", "reasoning", "text", "thinking", "partial_json"];

    long _output, _since;

    /// <summary>True once a usage was sent.</summary>
    public bool HasCount { get; private set; }

    /// <summary>True once anything was sent.</summary>
    public bool HasBegun { get; private set; }

    public long Input { get; private set; }

    public long CacheRead { get; private set; }

    public long CacheWritten { get; private set; }

    public long Output => _output + (_since + BytesPerToken - 1) / BytesPerToken;

    /// <summary>US dollars, where the vendor tells what it charges.</summary>
    public decimal Cost { get; private set; }

    /// <param name="sent">One whole server-sent event.</param>
    internal void Add(string sent)
    {
        int start = sent.IndexOf("data: {", StringComparison.Ordinal);
        if (start < 0) return;
        using JsonDocument document = JsonDocument.Parse(sent[(start + 6)..]);
        JsonElement data = document.RootElement;
        if (data.Text("type") == "ping") return;
        HasBegun = true;
        if (data.Items("choices").Cast<JsonElement?>().FirstOrDefault() is { } choice)
        {
            if (choice.Member("delta") is { } delta) Text(delta);
            if (choice.Member("usage") is { } inside) Tell(inside);
        }
        if (data.Text("type") == "content_block_delta" && data.Member("delta") is { } piece) Text(piece);
        if (data.Member("message")?.Member("usage") is { } first) Tell(first);
        if (data.Member("usage") is { } usage) Tell(usage);
    }

    void Text(JsonElement delta)
    {
        foreach (string name in Texts) _since += Encoding.UTF8.GetByteCount(delta.Text(name) ?? "");
        foreach (JsonElement call in delta.Items("tool_calls")) _since += Encoding.UTF8.GetByteCount(call.Member("function")?.Text("arguments") ?? "");
    }

    void Tell(JsonElement usage)
    {
        (HasCount, _since) = (true, 0);
        CacheRead = usage.Number("cached_tokens") ?? usage.Number("prompt_cache_hit_tokens") ?? usage.Number("cache_read_input_tokens")
            ?? usage.Member("prompt_tokens_details")?.Number("cached_tokens") ?? 0;
        CacheWritten = usage.Number("cache_creation_input_tokens") ?? 0;
        Input = usage.Number("input_tokens") ?? (usage.Number("prompt_tokens") ?? 0) - CacheRead;
        _output = usage.Number("output_tokens") ?? usage.Number("completion_tokens") ?? 0;
        Cost = usage.Member("cost") is { ValueKind: JsonValueKind.Number } cost ? cost.GetDecimal() : 0;
    }
}
