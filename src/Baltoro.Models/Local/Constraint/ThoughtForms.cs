// Reads the forms of thoughts that a model's file declares. Knows no thought.

using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// A JSON object: <c>{"edit {path:path}: {old:said} to {new:said}": {"Edit": {"file_path": "{path}", "old_string": "{old}", "new_string": ["{new}", "{new}\n"]}}, "done": {}}</c>. Forms are in order: the
/// first that fits a thought counts. Behind the colon of a place stands <c>said</c>, <c>asked</c>, <c>path</c>, <c>line</c>, <c>number</c>, or how a word is quoted from a numbered line:
/// <c>{next:@ path}</c>, <c>{value:found word}</c>, <c>{value:found word behind kind}</c>; without it, it is any text.
/// </summary>
static partial class ThoughtForms
{
    /// <exception cref="FormatException">It is something else; the message says what.</exception>
    public static Sequence<ThoughtForm> Parse(string forms)
    {
        if (forms.Length == 0) return [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(forms);
            return Members(document.RootElement, "the whole").Select(form => Form(form.Name, form.Value)).ToSequence();
        }
        catch (JsonException e)
        {
            throw new FormatException($"no JSON: {e.Message}");
        }
    }

    static ThoughtForm Form(string form, JsonElement calls)
    {
        List<ThoughtPiece> pieces = [];
        List<string> names = [], said = [];
        int at = 0;
        foreach (Match place in Places().Matches(form))
        {
            if (place.Index > at) pieces.Add(new ThoughtPiece.Text(form[at..place.Index]));
            string name = place.Groups[1].Value;
            pieces.Add(new ThoughtPiece.Place(name, Slot(form, place.Groups[2].Value, said)));
            if (name.Length > 0 && (names.Contains(name) || name is ThoughtForm.Line or ThoughtForm.Said or ThoughtForm.Asked)) throw new FormatException($"\"{form}\" has {{{name}}} twice, or as a name of its own");
            names.Add(name);
            if (pieces[^1] is ThoughtPiece.Place { Slot: ThoughtSlot.Said }) said.Add(name);
            at = place.Index + place.Length;
        }
        if (at < form.Length) pieces.Add(new ThoughtPiece.Text(form[at..]));
        return new([.. pieces], Members(calls, form).ToDictionary(call => call.Name, IReadOnlyDictionary<string, Sequence<Spelling>> (call) => Members(call.Value, $"{form}, {call.Name}")
            .ToDictionary(argument => argument.Name, argument => Spellings(argument.Value, $"{form}, {call.Name}.{argument.Name}", names))));
    }

    static ThoughtSlot Slot(string form, string kind, List<string> said) => kind.Split(' ') switch
    {
        [""] => new ThoughtSlot.Free(),
        ["said"] => new ThoughtSlot.Said(),
        ["asked"] => new ThoughtSlot.Asked(),
        ["path"] => new ThoughtSlot.Path(),
        ["line"] => new ThoughtSlot.Line(),
        ["number"] => new ThoughtSlot.Number(),
        [var sign, "path"] => new ThoughtSlot.Quote(sign, IsPath: true, null),
        [var sign, "word"] => new ThoughtSlot.Quote(sign, IsPath: false, null),
        [var sign, "path", "behind", var name] when said.Contains(name) => new ThoughtSlot.Quote(sign, IsPath: true, name),
        [var sign, "word", "behind", var name] when said.Contains(name) => new ThoughtSlot.Quote(sign, IsPath: false, name),
        _ => throw new FormatException($"\"{form}\" has {{:{kind}}}; said, asked, path, line, number, SIGN path or SIGN word [behind NAME, of a said place] was expected"),
    };

    static Sequence<Spelling> Spellings(JsonElement value, string place, List<string> names)
    {
        JsonElement[] all = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (all.Length == 0 || Array.Exists(all, one => one.ValueKind != JsonValueKind.String)) throw new FormatException($"{place} is {value.ValueKind}; a text or texts were expected");
        return [.. all.Select(one => Spelled(one.GetString()!, place, names))];
    }

    static Spelling Spelled(string text, string place, List<string> names)
    {
        List<(string, bool)> parts = [];
        int at = 0;
        foreach (Match name in Places().Matches(text))
        {
            string named = name.Groups[1].Value;
            if (name.Groups[2].Length > 0 || named.Length == 0 || named is not (ThoughtForm.Line or ThoughtForm.Said or ThoughtForm.Asked) && !names.Contains(named)) throw new FormatException($"{place} has {name.Value}, which the form does not name");
            parts.AddRange((text[at..name.Index], false), (named, true));
            at = name.Index + name.Length;
        }
        return new([.. parts, (text[at..], false)]);
    }

    static JsonElement.ObjectEnumerator Members(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw new FormatException($"{place} is {value.ValueKind}; an object was expected");

    [GeneratedRegex(@"\{([a-z]*)(?::([^{}]+))?\}")]
    private static partial Regex Places();
}
