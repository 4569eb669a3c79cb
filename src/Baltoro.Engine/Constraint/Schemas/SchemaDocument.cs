// A schema document and the schemas in it, found by their pointers. Knows no keyword but those that name places.

using System.Globalization;
using System.Text.Json;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>Every schema that was asked for has a number.</summary>
sealed class SchemaDocument(JsonElement root)
{
    readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    readonly List<Facts> _facts = [];

    public Facts this[int schema] => _facts[schema];

    public int Root => Add("", root);

    /// <summary>The number of the schema at a pointer.</summary>
    public int Add(string pointer, JsonElement schema)
    {
        if (_numbers.TryGetValue(pointer, out int known)) return known;
        int number = _facts.Count;
        _numbers.Add(pointer, number);
        _facts.Add(null!);
        _facts[number] = Facts.Read(this, pointer, schema);
        return number;
    }

    /// <summary>The number of what a reference means.</summary>
    public int Resolve(string from, string reference)
    {
        string fragment = reference;
        if (!reference.StartsWith('#'))
        {
            string? id = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("$id"u8, out JsonElement own) && own.ValueKind == JsonValueKind.String ? own.GetString() : null;
            if (id is null || !reference.StartsWith(id, StringComparison.Ordinal)) throw new SchemaException(from, "$ref", $"\"{reference}\" is not in this document");
            fragment = reference[id.Length..];
        }
        if (fragment is "" or "#") return Root;
        if (!fragment.StartsWith("#/", StringComparison.Ordinal)) throw new SchemaException(from, "$ref", $"\"{reference}\" is no JSON pointer");
        JsonElement at = root;
        string pointer = "";
        foreach (string part in fragment[2..].Split('/'))
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out JsonElement member)) at = member;
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int place) && place < at.GetArrayLength()) at = at[place];
            else throw new SchemaException(from, "$ref", $"there is no \"{reference}\" in this document");
            pointer = Under(pointer, name);
        }
        return Add(pointer, at);
    }

    public static string Under(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
