// A schema document and the schemas in it, found by their pointers. Knows no keyword but those that name places.

using System.Globalization;
using System.Text.Json;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>Every schema that was asked for has a number. They are read one behind the other and never one inside the other, so that no document is too deep for the stack.</summary>
sealed class SchemaDocument
{
    public const int Root = 0;

    readonly JsonElement _root;
    readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    readonly List<(string Pointer, JsonElement Schema)> _places = [];
    readonly List<Facts> _facts = [];

    /// <summary>By pointer of an object that references lead through: to look each up in the text would take ever longer.</summary>
    readonly Dictionary<string, Dictionary<string, JsonElement>> _members = new(StringComparer.Ordinal);

    /// <exception cref="SchemaException">Something in it cannot be held to.</exception>
    public SchemaDocument(JsonElement root)
    {
        _root = root;
        Add("", root);
        for (int i = 0; i < _places.Count; i++) _facts.Add(Facts.Read(this, _places[i].Pointer, _places[i].Schema));
    }

    public Facts this[int schema] => _facts[schema];

    /// <summary>The number of the schema at a pointer, which is read later.</summary>
    public int Add(string pointer, JsonElement schema)
    {
        if (_numbers.TryGetValue(pointer, out int known)) return known;
        _numbers.Add(pointer, _places.Count);
        _places.Add((pointer, schema));
        return _places.Count - 1;
    }

    /// <summary>The number of what a reference means.</summary>
    public int Resolve(string from, string reference)
    {
        string fragment = reference;
        if (!reference.StartsWith('#'))
        {
            string? id = _root.ValueKind == JsonValueKind.Object && _root.TryGetProperty("$id"u8, out JsonElement own) && own.ValueKind == JsonValueKind.String ? own.GetString() : null;
            if (id is null || !reference.StartsWith(id, StringComparison.Ordinal)) throw new SchemaException(from, "$ref", $"\"{reference}\" is not in this document");
            fragment = reference[id.Length..];
        }
        if (fragment is "" or "#") return Root;
        if (!fragment.StartsWith("#/", StringComparison.Ordinal)) throw new SchemaException(from, "$ref", $"\"{reference}\" is no JSON pointer");
        JsonElement at = _root;
        string pointer = "";
        foreach (string part in fragment[2..].Split('/'))
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Object && Members(pointer, at).TryGetValue(name, out JsonElement member)) at = member;
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int place) && place < at.GetArrayLength()) at = at[place];
            else throw new SchemaException(from, "$ref", $"there is no \"{reference}\" in this document");
            pointer = Under(pointer, name);
        }
        return Add(pointer, at);
    }

    Dictionary<string, JsonElement> Members(string pointer, JsonElement at)
    {
        if (_members.TryGetValue(pointer, out var known)) return known;
        known = new(StringComparer.Ordinal);
        // Of two with one name the later one counts.
        foreach (JsonProperty member in at.EnumerateObject()) known[member.Name] = member.Value;
        return _members[pointer] = known;
    }

    public static string Under(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
