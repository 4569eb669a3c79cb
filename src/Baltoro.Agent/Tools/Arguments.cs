// Reads the arguments of a call. It trusts that they satisfy the tool's schema.

using System.Text.Json;

namespace Baltoro.Agent.Tools;

/// <summary>The arguments of one call, by name.</summary>
/// <exception cref="ArgumentException">From any member: the arguments break the schema, which the caller promised they would not.</exception>
readonly struct Arguments(JsonElement json)
{
    public string Text(string name) => TextOrNull(name) ?? throw new ArgumentException($"{name}: a string was expected, and there is none.");

    public string? TextOrNull(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new ArgumentException($"{name}: a string was expected, not {value.ValueKind}.");

    /// <summary>Numbers beyond the range of int come back as its ends.</summary>
    public int? Number(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number) throw new ArgumentException($"{name}: a number was expected, not {value.ValueKind}.");
        return (int)Math.Clamp(value.GetDouble(), int.MinValue, int.MaxValue);
    }

    public bool Flag(string name) => FlagOr(name, false);

    public bool FlagOr(string name, bool otherwise) =>
        Find(name) is not { } value ? otherwise : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new ArgumentException($"{name}: true or false was expected, not {value.ValueKind}."),
        };

    /// <summary>Null where the member is missing or null.</summary>
    JsonElement? Find(string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
