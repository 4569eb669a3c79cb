// The token counts of Chat Completions servers as one usage; it refuses to know what a token costs.

using System.Text.Json;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Adds up what one <c>usage</c> object says. OpenAI's <c>prompt_tokens</c> include what was read from and written to a cache; the product's
/// <see cref="Usage.Input"/> does not. Names beyond OpenAI's: DeepSeek's <c>prompt_cache_hit_tokens</c>, Moonshot's <c>cached_tokens</c> at
/// the top, OpenRouter's <c>cache_write_tokens</c> and <c>cost</c>, LiteLLM's <c>cache_read_input_tokens</c> and <c>cache_creation_input_tokens</c>.
/// </summary>
struct Tally
{
    /// <summary>More than any window there is: a count beyond it is a server's mistake, and none is better than a wrong one.</summary>
    const long Absurd = 20_000_000;

    long _prompt, _output, _total, _read, _written, _reasoning;
    decimal? _cost;

    /// <summary>True once an object with counts was read.</summary>
    public bool Seen { get; private set; }

    public void Read(ref Utf8JsonReader json)
    {
        if (!Chunk.Enter(ref json, JsonTokenType.StartObject)) return;
        while (Chunk.Member(ref json))
        {
            if (json.ValueTextEquals("prompt_tokens"u8) || json.ValueTextEquals("input_tokens"u8)) Count(ref json, ref _prompt);
            else if (json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8)) Count(ref json, ref _output);
            else if (json.ValueTextEquals("total_tokens"u8)) Count(ref json, ref _total);
            else if (json.ValueTextEquals("cached_tokens"u8) || json.ValueTextEquals("prompt_cache_hit_tokens"u8) || json.ValueTextEquals("cache_read_input_tokens"u8))
                Count(ref json, ref _read);
            else if (json.ValueTextEquals("cache_write_tokens"u8) || json.ValueTextEquals("cache_creation_input_tokens"u8)) Count(ref json, ref _written);
            else if (json.ValueTextEquals("reasoning_tokens"u8)) Count(ref json, ref _reasoning);
            else if (json.ValueTextEquals("cost"u8)) Cost(ref json);
            else if (json.ValueTextEquals("prompt_tokens_details"u8) || json.ValueTextEquals("completion_tokens_details"u8)
                || json.ValueTextEquals("input_tokens_details"u8) || json.ValueTextEquals("output_tokens_details"u8)) Read(ref json);
            else json.Skip();
        }
    }

    // Two places for one count: the larger is the one that was filled in.
    void Count(ref Utf8JsonReader json, ref long count)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
        {
            double number = json.TryGetInt64(out long whole) ? whole : json.TryGetDouble(out double fraction) ? fraction : 0;
            count = Math.Max(count, (long)Math.Clamp(number, 0, Absurd * 2));
            Seen = true;
        }
        else
        {
            json.Skip();
        }
    }

    void Cost(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetDecimal(out decimal cost) && cost >= 0) _cost = cost;
        else json.Skip();
    }

    /// <summary>The usage where it is news: <paramref name="before"/> itself when nothing changed, nothing was said, or nonsense was.</summary>
    public readonly Usage? Since(Usage? before)
    {
        if (!Seen || _prompt > Absurd || _output > Absurd || _read > Absurd || _written > Absurd) return before;
        // xAI and some gateways do not count reasoning into the completion; the total tells.
        long output = _reasoning > 0 && _total == _prompt + _output + _reasoning ? _output + _reasoning : _output;
        long reasoning = Math.Min(_reasoning, output);
        long input = Math.Max(0, _prompt - _read - _written);
        if (before is not null && before.Input == input && before.CacheRead == _read && before.CacheWrite == _written
            && before.Output == output && before.Reasoning == reasoning && before.Cost == _cost) return before;
        return new() { Input = input, CacheRead = _read, CacheWrite = _written, Output = output, Reasoning = reasoning, Cost = _cost };
    }

    public static void Write(Utf8JsonWriter writer, Usage usage)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("prompt_tokens"u8, usage.TotalInput);
        writer.WriteNumber("completion_tokens"u8, usage.Output);
        writer.WriteNumber("total_tokens"u8, usage.TotalInput + usage.Output);
        writer.WriteStartObject("prompt_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, usage.CacheRead);
        if (usage.CacheWrite + usage.CacheWriteHour is > 0 and long written) writer.WriteNumber("cache_write_tokens"u8, written);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        writer.WriteEndObject();
        if (usage.Cost is { } cost) writer.WriteNumber("cost"u8, cost);
        writer.WriteEndObject();
    }
}
