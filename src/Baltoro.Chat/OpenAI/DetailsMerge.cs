// OpenRouter's `reasoning_details` put together from the fragments of a stream; it refuses to know what they are good for.

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Fragments of one type and index are one entry: its <c>text</c>, <c>summary</c> or <c>data</c> is joined, of every other member the last value that is
/// not null stands. Without an index a fragment belongs to the last entry, if that has its type. Another id is another entry.
/// </summary>
sealed class DetailsMerge
{
    sealed class Entry(string type, int? index, string? id)
    {
        public string Type { get; } = type;
        public int? Index { get; } = index;
        public string? Id = id;
        public string? Joined;
        public readonly StringBuilder Text = new();

        /// <summary>In the order of their arrival; the joined one has no value here.</summary>
        public readonly List<(string Name, RawJson? Value)> Members = [];
    }

    readonly List<Entry> _entries = [];
    readonly StringBuilder _fresh = new();

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The words that came since the last call, for streams that say their reasoning here alone.</summary>
    public string TakeFresh()
    {
        string fresh = _fresh.ToString();
        _fresh.Clear();
        return fresh;
    }

    public void DropFresh() => _fresh.Clear();

    /// <summary>Reads the array behind the member's name; true when it held a fragment.</summary>
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
            Fragment(ref json, EntryOf(json));
            any = true;
        }
        return any;
    }

    // The reader is a copy: the names come in any order.
    Entry EntryOf(Utf8JsonReader json)
    {
        string type = "";
        string? id = null;
        int? index = null;
        while (Chunk.Member(ref json))
        {
            if (json.ValueTextEquals("type"u8)) type = TypeHere(ref json);
            else if (json.ValueTextEquals("id"u8)) id = Chunk.Word(ref json);
            else if (json.ValueTextEquals("index"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int number)) index = number;
                else json.Skip();
            }
            else json.Skip();
        }
        for (int i = _entries.Count - 1; i >= 0 && (index is not null || i == _entries.Count - 1); i--)
        {
            Entry entry = _entries[i];
            if (entry.Type != type || index is not null && entry.Index != index || id is not null && entry.Id is not null && entry.Id != id) continue;
            entry.Id ??= id;
            return entry;
        }
        Entry added = new(type, index, id);
        _entries.Add(added);
        return added;
    }

    static string TypeHere(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return "";
        }
        return json.ValueTextEquals("reasoning.text"u8) ? "reasoning.text" : Text.Of(ref json);
    }

    void Fragment(ref Utf8JsonReader json, Entry entry)
    {
        while (Chunk.Member(ref json))
        {
            string? joined = json.ValueTextEquals("text"u8) ? "text" : json.ValueTextEquals("summary"u8) ? "summary" : json.ValueTextEquals("data"u8) ? "data" : null;
            string name = joined ?? Name(ref json);
            json.Read();
            if (joined is not null && json.TokenType == JsonTokenType.String && (entry.Joined ?? joined) == joined) Join(ref json, entry, joined);
            else Keep(ref json, entry, name);
        }
    }

    static string Name(ref Utf8JsonReader json) =>
        json.ValueTextEquals("type"u8) ? "type" : json.ValueTextEquals("index"u8) ? "index" : json.ValueTextEquals("format"u8) ? "format" : json.GetString()!;

    void Join(ref Utf8JsonReader json, Entry entry, string name)
    {
        if (entry.Joined is null)
        {
            entry.Joined = name;
            entry.Members.RemoveAll(member => member.Name == name);
            entry.Members.Add((name, null));
        }
        char[] piece = ArrayPool<char>.Shared.Rent(json.ValueSpan.Length + 1);
        ReadOnlySpan<char> text;
        try
        {
            text = piece.AsSpan(0, json.CopyString(piece));
        }
        catch (InvalidOperationException)
        {
            text = Text.Of(ref json);
        }
        entry.Text.Append(text);
        if (name != "data") _fresh.Append(text);
        ArrayPool<char>.Shared.Return(piece);
    }

    static void Keep(ref Utf8JsonReader json, Entry entry, string name)
    {
        if (json.TokenType == JsonTokenType.Null && entry.Members.Exists(member => member.Name == name)) return;
        int at = entry.Members.FindIndex(member => member.Name == name);
        // Type, format and index come with every fragment and never change.
        if (at >= 0 && entry.Members[at].Value is { } same && json.TokenType is JsonTokenType.String or JsonTokenType.Number && IsSame(ref json, same)) return;
        RawJson value = RawJson.Of(JsonElement.ParseValue(ref json));
        if (at < 0) entry.Members.Add((name, value));
        else if (name != entry.Joined) entry.Members[at] = (name, value);
    }

    static bool IsSame(ref Utf8JsonReader json, RawJson value)
    {
        ReadOnlySpan<byte> raw = value.Utf8.Span;
        return json.ValueSpan.SequenceEqual(json.TokenType == JsonTokenType.String && raw.Length > 1 ? raw[1..^1] : raw);
    }

    /// <summary>Takes out the entries as one array.</summary>
    public RawJson Take()
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, Lines.Options))
        {
            writer.WriteStartArray();
            foreach (Entry entry in CollectionsMarshal.AsSpan(_entries))
            {
                writer.WriteStartObject();
                foreach ((string name, RawJson? value) in entry.Members)
                {
                    writer.WritePropertyName(name);
                    if (value is { } raw) raw.WriteTo(writer);
                    else writer.WriteStringValue(entry.Text.ToString());
                }
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        _entries.Clear();
        return new(json.ToArray());
    }
}
