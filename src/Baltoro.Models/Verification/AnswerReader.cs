// Reads a vendor's stream into an answer without mending anything. It refuses to know what a good answer is.

using System.Text;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Chat.Wire;

namespace Baltoro.Models.Verification;

/// <summary>
/// Stands where the product's own readers stand, which look past a vendor's mistakes. Never throws on what is sent. For one reply; not thread-safe.
/// </summary>
abstract class AnswerReader : IReplyReader
{
    readonly StringBuilder _thinking = new(), _text = new();
    readonly List<Written> _calls = [];

    protected string? Finish { get; set; }

    protected bool HasEnd { get; set; }

    protected AnsweredTokens? Tokens { get; set; }

    bool _merged;
    Failure? _failure;

    public static AnswerReader For(WireFormat format) => format == WireFormat.Anthropic ? new OfMessages() : new OfChat();

    public long Held => 0;

    public Answer Answer(Failure? failure) => new()
    {
        Thinking = _thinking.ToString(), Text = _text.ToString(), Finish = Finish, HasEnd = HasEnd, IsMerged = _merged, Tokens = Tokens,
        Calls = _calls.Select(call => new AnsweredCall(call.Id, call.Name, call.Arguments.ToString())).ToSequence(),
        Failure = _failure ?? failure,
    };

    public bool Read(ReadOnlySpan<byte> data, List<ReplyEvent> into)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            HasEnd = true;
            return true;
        }
        try
        {
            using JsonDocument json = JsonDocument.Parse(data.ToArray());
            Take(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            _failure ??= new Failure.Garbled("an event of the stream is not what its format says");
        }
        return true;
    }

    public void End(List<ReplyEvent> into) => into.Add(new ReplyEvent.Finished(StopReason.EndTurn));

    public void ReadWhole(ReadOnlyMemory<byte> body, List<ReplyEvent> into) =>
        into.Add(new ReplyEvent.Failed(new Failure.Garbled("the answer came in one piece, although a stream was asked for")));

    protected abstract void Take(JsonElement data);

    protected static JsonElement? Member(JsonElement obj, string name) =>
        obj.ValueKind == JsonValueKind.Object && obj.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    protected static string? Word(JsonElement obj, string name) => Member(obj, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    protected static long? Count(JsonElement? obj, string name) =>
        obj is { } given && Member(given, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value) ? value : null;

    void Fail(JsonElement error) => _failure ??= new Failure.UpstreamError(Word(error, "message") ?? "the stream told of an error");

    sealed class Written(int index, string? id, string name)
    {
        public int Index => index;
        public string? Id => id;
        public string Name => name;
        public StringBuilder Arguments { get; } = new();
    }

    sealed class OfChat : AnswerReader
    {
        protected override void Take(JsonElement data)
        {
            if (Member(data, "error") is { } error) Fail(error);
            if (Member(data, "usage") is { } usage) Count(usage);
            if (Member(data, "choices") is not { ValueKind: JsonValueKind.Array } choices) return;
            foreach (JsonElement choice in choices.EnumerateArray())
            {
                if (Member(choice, "usage") is { } inside) Count(inside);
                Finish = Word(choice, "finish_reason") ?? Finish;
                if (Member(choice, "delta") is not { } delta) continue;
                _thinking.Append(Word(delta, "reasoning_content") ?? Word(delta, "reasoning"));
                _text.Append(Word(delta, "content"));
                if (Member(delta, "tool_calls") is { ValueKind: JsonValueKind.Array } calls)
                    foreach (JsonElement call in calls.EnumerateArray()) Call(call);
            }
        }

        void Call(JsonElement call)
        {
            int index = (int)(Count(call, "index") ?? _calls.Count);
            string? id = Word(call, "id") is { Length: > 0 } given ? given : null;
            JsonElement function = Member(call, "function") ?? default;
            string? name = Word(function, "name") is { Length: > 0 } said ? said : null;
            Written? open = _calls.FindLast(written => written.Index == index);
            bool isNext = open is not null && name is not null && id != open.Id;
            _merged |= isNext;
            if (open is null || isNext) _calls.Add(open = new(index, id, name ?? ""));
            open.Arguments.Append(Word(function, "arguments"));
        }

        void Count(JsonElement usage)
        {
            if (Count(usage, "prompt_tokens") is not { } prompt) return;
            Tokens = new(prompt, Count(usage, "completion_tokens") ?? 0,
                Count(usage, "cached_tokens") ?? Count(Member(usage, "prompt_tokens_details"), "cached_tokens") ?? Count(usage, "prompt_cache_hit_tokens"),
                Count(Member(usage, "completion_tokens_details"), "reasoning_tokens"));
        }
    }

    sealed class OfMessages : AnswerReader
    {
        protected override void Take(JsonElement data)
        {
            switch (Word(data, "type"))
            {
                case "message_start": Count(Member(Member(data, "message") ?? default, "usage")); break;
                case "content_block_start": Open((int)(Count(data, "index") ?? 0), Member(data, "content_block") ?? default); break;
                case "content_block_delta": Grow((int)(Count(data, "index") ?? 0), Member(data, "delta") ?? default); break;
                case "message_delta":
                    Finish = Word(Member(data, "delta") ?? default, "stop_reason") ?? Finish;
                    Count(Member(data, "usage"));
                    break;
                case "message_stop": HasEnd = true; break;
                case "error": Fail(Member(data, "error") ?? default); break;
                default: break;
            }
        }

        void Open(int index, JsonElement block)
        {
            switch (Word(block, "type"))
            {
                case "tool_use": _calls.Add(new(index, Word(block, "id") is { Length: > 0 } id ? id : null, Word(block, "name") ?? "")); break;
                case "text": _text.Append(Word(block, "text")); break;
                case "thinking": _thinking.Append(Word(block, "thinking")); break;
                default: break;
            }
        }

        void Grow(int index, JsonElement delta)
        {
            _text.Append(Word(delta, "text"));
            _thinking.Append(Word(delta, "thinking"));
            if (Word(delta, "partial_json") is { } piece) _calls.FindLast(call => call.Index == index)?.Arguments.Append(piece);
        }

        /// <summary>Told twice; what the second leaves out, the first has said.</summary>
        void Count(JsonElement? usage)
        {
            if (usage is null) return;
            long? read = Count(usage, "cache_read_input_tokens"), written = Count(usage, "cache_creation_input_tokens");
            long? input = Count(usage, "input_tokens") is { } fresh ? fresh + (read ?? 0) + (written ?? 0) : null;
            Tokens = new(input ?? Tokens?.Prompt ?? 0, Count(usage, "output_tokens") ?? Tokens?.Output ?? 0, read ?? Tokens?.Cached, null);
        }
    }
}
