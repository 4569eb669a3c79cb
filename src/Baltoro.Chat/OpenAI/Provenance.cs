// How seals travel through a Chat Completions client: as entries of `reasoning_details`, beside the text and never with it.

using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Clients that return <c>reasoning_details</c> return them unchanged and in order, so one entry a thinking block carries its envelope:
/// <c>{"type":"reasoning.text","signature":envelope,"format":"baltoro-1","index":n}</c>, and
/// <c>{"type":"reasoning.encrypted","data":envelope,"format":"baltoro-1","index":n}</c> for redacted thinking. The text stands in
/// <c>reasoning_content</c> alone, all blocks joined; an entry after the first says with <c>"id":"at-N"</c> at which UTF-16 unit of it its block begins.
/// </summary>
static class Provenance
{
    const string Format = "baltoro-1", Start = "at-";

    /// <summary>
    /// Written behind thinking that came to nothing, because many clients keep the text of <c>reasoning_content</c> and nothing else: a person
    /// sees why it begins anew, and on its way back all in front of it is known as abandoned.
    /// </summary>
    public const string Abandoned = "\n\n[The reply broke off here, and the model begins anew.]\n\n";

    /// <param name="index">How many entries the reply had before.</param>
    /// <param name="start">How many UTF-16 units of thinking the reply had before this block.</param>
    public static void Write(Utf8JsonWriter writer, Seal? seal, int index, int start)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "reasoning.text"u8);
        if (seal is not null) writer.WriteString("signature"u8, Envelope.Pack(seal));
        if (start > 0) writer.WriteString("id"u8, string.Create(CultureInfo.InvariantCulture, $"{Start}{start}"));
        End(writer, index);
    }

    public static void Write(Utf8JsonWriter writer, Block.RedactedThinking redacted, int index)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "reasoning.encrypted"u8);
        writer.WriteString("data"u8, Envelope.Pack(redacted));
        End(writer, index);
    }

    static void End(Utf8JsonWriter writer, int index)
    {
        writer.WriteString("format"u8, Format);
        writer.WriteNumber("index"u8, index);
        writer.WriteEndObject();
    }

    /// <summary>The thinking of one assistant message.</summary>
    /// <param name="text">What stood in <c>reasoning_content</c> or <c>reasoning</c>; null for neither.</param>
    /// <param name="details">The array <c>reasoning_details</c>.</param>
    public static IEnumerable<Block> Read(string? text, JsonElement? details)
    {
        JsonElement[] entries = [.. details?.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object) ?? []];
        JsonElement[] own = [.. entries.Where(IsOwn)];
        if (own.Length > 0) return Own(text, own);
        text ??= string.Concat(entries.Select(entry => Word(entry, "text") ?? Word(entry, "summary") ?? ""));
        // Someone else's structure: goes back to its issuer as it came, should it be the one that is asked.
        if (entries.Length > 0) return [new Block.Thinking(text, new(null, null, RawJson.Of(details!.Value)))];
        int anew = text.LastIndexOf(Abandoned, StringComparison.Ordinal) is >= 0 and int at ? at + Abandoned.Length : 0;
        return
        [
            .. anew > 0 ? (Block[])[new Block.Thinking(text[..anew], new(null) { IsAbandoned = true })] : [],
            .. text.Length > anew ? (Block[])[new Block.Thinking(text[anew..])] : [],
        ];
    }

    // Some clients keep the fields that they know and drop the format.
    static bool IsOwn(JsonElement entry) =>
        Word(entry, "format") == Format
        || Envelope.Unpack(Word(entry, "signature")) is { Origin: not null }
        || Word(entry, "data") is { } data && Envelope.UnpackRedacted(data) is { Origin: not null };

    static List<Block> Own(string? text, JsonElement[] entries)
    {
        StringBuilder own = new();
        List<(int Start, Block Block)> marks = [];
        foreach (JsonElement entry in entries)
        {
            int start = text is null ? own.Length : StartOf(entry);
            own.Append(Word(entry, "text"));
            if (Word(entry, "data") is { } data) marks.Add((-1, Envelope.UnpackRedacted(data)));
            else marks.Add((start, new Block.Thinking("", Envelope.Unpack(Word(entry, "signature")))));
        }
        return Cut(text ?? own.ToString(), marks);
    }

    static List<Block> Cut(string text, List<(int Start, Block Block)> marks)
    {
        List<Block> blocks = [];
        int first = marks.FindIndex(mark => mark.Block is Block.Thinking);
        if (first < 0 && text.Length > 0) blocks.Add(new Block.Thinking(text));
        for (int i = 0, reached = 0; i < marks.Count; i++)
        {
            if (marks[i].Block is not Block.Thinking thinking)
            {
                blocks.Add(marks[i].Block);
                continue;
            }
            int start = marks[i].Start, next = marks.FindIndex(i + 1, mark => mark.Block is Block.Thinking);
            // A client that changed the text made the places worthless: the first seal then has it all, the others have nothing to seal.
            if (i == first ? start < 0 || start > text.Length : start != reached) continue;
            if (i == first && start > 0) blocks.Add(new Block.Thinking(text[..start]));
            int end = next >= 0 && marks[next].Start >= start && marks[next].Start <= text.Length ? marks[next].Start : text.Length;
            blocks.Add(thinking with { Content = text[start..end] });
            reached = end;
        }
        return blocks;
    }

    static int StartOf(JsonElement entry) =>
        Word(entry, "id") is { } id && id.StartsWith(Start, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(Start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int start) ? start : 0;

    static string? Word(JsonElement entry, string name) => Json.Optional(entry, name) is { ValueKind: JsonValueKind.String } value ? Text.Of(value) : null;
}
