// Tool calls put together from their pieces; it refuses to know whether a tool of that name exists.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Collects the <c>tool_calls</c> of a reply until they are whole. OpenAI names a call by its <c>index</c> and gives id and name in the first
/// piece only; others repeat them, leave out the index or the id, use one index for several calls, or send a call twice.
/// </summary>
sealed class CallCollector
{
    sealed class Call(int index)
    {
        public int Index { get; } = index;
        public string Id = "";
        public string Name = "";
        public readonly StringBuilder Arguments = new();

        public bool IsComplete => IsJsonObject(Arguments.ToString());
    }

    readonly List<Call> _calls = [];

    /// <summary>True when a call has been taken out.</summary>
    public bool Any { get; private set; }

    /// <summary>True when the arguments of every call taken out were whole.</summary>
    public bool AllComplete { get; private set; } = true;

    /// <summary>Bytes of UTF-8 in the arguments that were collected and not taken out.</summary>
    public long Held { get; private set; }

    /// <summary>Reads the array behind the member's name; true when it held a piece of a call.</summary>
    public bool Read(ref Utf8JsonReader json)
    {
        if (!Chunk.Enter(ref json, JsonTokenType.StartArray)) return false;
        bool any = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }
            Piece(ref json);
            any = true;
        }
        return any;
    }

    /// <summary>Reads <c>function_call</c>, the form before tools: one call at most, without an id.</summary>
    public bool ReadLegacy(ref Utf8JsonReader json)
    {
        if (!Chunk.Enter(ref json, JsonTokenType.StartObject)) return false;
        (string? name, string? arguments) = Function(ref json);
        Add(0, null, name, arguments);
        return true;
    }

    void Piece(ref Utf8JsonReader json)
    {
        int? index = null;
        string? id = null, name = null, arguments = null;
        while (Chunk.Member(ref json))
        {
            if (json.ValueTextEquals("id"u8)) id = Chunk.Word(ref json);
            else if (json.ValueTextEquals("function"u8))
            {
                if (Chunk.Enter(ref json, JsonTokenType.StartObject)) (name, arguments) = Function(ref json);
            }
            else if (json.ValueTextEquals("index"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int number)) index = number;
                else json.Skip();
            }
            else json.Skip();
        }
        Add(index, id, name, arguments);
    }

    static (string? Name, string? Arguments) Function(ref Utf8JsonReader json)
    {
        string? name = null, arguments = null;
        while (Chunk.Member(ref json))
        {
            if (json.ValueTextEquals("name"u8)) name = Chunk.Word(ref json);
            else if (json.ValueTextEquals("arguments"u8))
            {
                json.Read();
                // A string by the format; an object from servers that parse what the model wrote.
                if (json.TokenType == JsonTokenType.String) arguments = Text.Of(ref json);
                else if (json.TokenType == JsonTokenType.StartObject) arguments = JsonElement.ParseValue(ref json).GetRawText();
                else json.Skip();
            }
            else json.Skip();
        }
        return (name, arguments);
    }

    void Add(int? index, string? id, string? name, string? arguments)
    {
        Call? current = index is null && id is not null
            ? _calls.FindLast(call => call.Id == id) ?? _calls.LastOrDefault()
            : index is null ? _calls.LastOrDefault() : _calls.FindLast(call => call.Index == index);
        if (current is null || StartsAnother(current, id, name, arguments))
        {
            current = new(index ?? (_calls.Count == 0 ? 0 : _calls.Max(call => call.Index) + 1));
            _calls.Add(current);
        }
        if (current.Id.Length == 0) current.Id = id ?? "";
        if (current.Name.Length == 0) current.Name = name ?? "";
        if (arguments is null || arguments.Length > 1 && current.Arguments.Length == arguments.Length && current.IsComplete && current.Arguments.Equals(arguments)) return;
        current.Arguments.Append(arguments);
        if (arguments is not null) Held += Encoding.UTF8.GetByteCount(arguments);
    }

    /// <summary>Under a place already taken: a new id or name means a new call, unless it is only a server's way of counting pieces.</summary>
    static bool StartsAnother(Call current, string? id, string? name, string? arguments)
    {
        bool otherId = id is not null && current.Id.Length > 0 && id != current.Id;
        bool otherName = name is not null && current.Name.Length > 0 && name != current.Name;
        // A fresh id on every piece, without a name: what could be called so has no name, so it goes on with the one before.
        if (otherId) return name is not null || string.IsNullOrEmpty(arguments) || current.IsComplete;
        if (otherName) return true;
        // The same tool again, without ids to tell: the call before must have been whole.
        return name is not null && id is null && current.Name.Length > 0 && arguments.AsSpan().TrimStart() is ['{', ..] && current.IsComplete
            && !current.Arguments.Equals(arguments);
    }

    /// <summary>Takes out what was collected, each call whole and after the one before.</summary>
    public void Emit(List<ReplyEvent> into)
    {
        foreach (Call call in _calls.OrderBy(call => call.Index))
        {
            if (call.Name.Length == 0 && call.Arguments.Length == 0) continue;
            Any = true;
            string arguments = call.Arguments.ToString();
            AllComplete &= IsJsonObject(arguments);
            into.Add(new ReplyEvent.Opened(new BlockHead.ToolCall(call.Id, call.Name)));
            if (arguments.Length > 0) into.Add(arguments);
            into.Add(ReplyEvent.Closed.Plain);
        }
        _calls.Clear();
        Held = 0;
    }

    static bool IsJsonObject(string text)
    {
        // Cheap answers first: this is asked of every piece of an unusual stream.
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        if (trimmed is not ['{', .., '}']) return false;
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(trimmed.Length));
        try
        {
            Utf8JsonReader json = new(utf8.AsSpan(0, Encoding.UTF8.GetBytes(trimmed, utf8)), new JsonReaderOptions { MaxDepth = 512 });
            while (json.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }
}
