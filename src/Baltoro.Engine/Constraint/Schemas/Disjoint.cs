// Whether two schemas can hold for the same value, as far as that is plain to see. Knows no grammar.

using System.Collections.Immutable;
using System.Text.Json;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>Says yes only when it is sure: different types, different constants, or a member that tells objects apart.</summary>
sealed class Disjoint(SchemaDocument document)
{
    const int Deepest = 6;

    /// <summary>Without asking whether they are exclusive: that would be asked here again, and without end where a schema contains itself.</summary>
    readonly Alternatives _alternatives = new(document, null);

    public bool Are(int one, int other) => Are([one], [other], 0);

    bool Are(IEnumerable<int> some, IEnumerable<int> others, int depth)
    {
        if (depth > Deepest) return false;
        List<ImmutableSortedSet<int>> second = _alternatives.Of(others);
        return _alternatives.Of(some).TrueForAll(one => second.TrueForAll(other => Whole(one, other, depth)));
    }

    bool Whole(ImmutableSortedSet<int> one, ImmutableSortedSet<int> other, int depth)
    {
        JsonTypes types = Types(one) & Types(other);
        if (types == JsonTypes.None) return true;
        if (Listed(one) is { } listed)
            return Listed(other) is { } also ? !listed.Any(value => also.Any(same => JsonElement.DeepEquals(value, same))) : !listed.Any(value => Has(types, value));
        if (Listed(other) is { } theirs) return !theirs.Any(value => Has(types, value));
        return types == JsonTypes.Object && Members(one).Union(Members(other)).Any(name =>
            (Required(one, name) || Required(other, name)) && Are(Value(one, name), Value(other, name), depth + 1));
    }

    JsonTypes Types(ImmutableSortedSet<int> schemas) => schemas.Aggregate(JsonTypes.All, (types, schema) => types & document[schema].Types);

    IReadOnlyList<JsonElement>? Listed(ImmutableSortedSet<int> schemas) => schemas.Select(schema => document[schema].OneOfThese).FirstOrDefault(listed => listed is not null);

    IEnumerable<string> Members(ImmutableSortedSet<int> schemas) => schemas.SelectMany(schema => document[schema].Properties.Keys.Concat(document[schema].Required)).Distinct();

    bool Required(ImmutableSortedSet<int> schemas, string name) => schemas.Any(schema => document[schema].Required.Contains(name));

    IEnumerable<int> Value(ImmutableSortedSet<int> schemas, string name)
    {
        foreach (Facts facts in schemas.Select(schema => document[schema]))
            if (facts.Properties.TryGetValue(name, out int value)) yield return value;
            else if (facts.Additional is { } additional && facts.PatternProperties.Length == 0) yield return additional;
    }

    public static bool Has(JsonTypes types, JsonElement value) => (types & value.ValueKind switch
    {
        JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.Object => JsonTypes.Object,
        _ => Automata.Exact.Parse(value.GetRawText()).Decimals == 0 ? JsonTypes.Integer : (JsonTypes)8,
    }) != 0;
}
