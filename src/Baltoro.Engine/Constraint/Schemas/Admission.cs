// Whether a value that a schema lists satisfies what else is said of it. Knows no grammar.

using System.Collections.Immutable;
using System.Text.Json;
using Baltoro.Engine.Constraint.Automata;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>For the values of <c>enum</c> and <c>const</c>, and for names: all else satisfies its schema by being made after it.</summary>
sealed class Admission(SchemaDocument document, Alternatives alternatives)
{
    /// <summary>By pattern; null for one that is not understood.</summary>
    readonly Dictionary<string, Dfa?> _automata = new(StringComparer.Ordinal);

    public bool Admits(IEnumerable<int> schemas, JsonElement value) => alternatives.Of(schemas).Exists(one => Holds(one, value));

    public bool Holds(ImmutableSortedSet<int> schemas, JsonElement value) => schemas.All(schema => Holds(document[schema], value));

    bool Holds(Facts facts, JsonElement value) =>
        Disjoint.Has(facts.Types, value) && (facts.OneOfThese is not { } listed || listed.Any(one => JsonElement.DeepEquals(one, value))) && value.ValueKind switch
        {
            JsonValueKind.Number => Holds(facts, Exact.Parse(value.GetRawText())),
            JsonValueKind.String => Holds(facts, value.GetString()!),
            JsonValueKind.Array => facts is { Unique: false } && value.GetArrayLength() >= facts.MinItems && value.GetArrayLength() <= facts.MaxItems && value.EnumerateArray().Index().All(item =>
                (item.Index < facts.Prefix.Length ? facts.Prefix[item.Index] : facts.Items) is not { } schema || Admits([schema], item.Item)),
            JsonValueKind.Object => facts is { PatternProperties: [], Unevaluated: null, PropertyNames: null, Dependent: [] }
                && value.EnumerateObject().Count() is var count && count >= facts.MinProperties && count <= facts.MaxProperties
                && facts.Required.All(name => value.TryGetProperty(name, out _))
                && value.EnumerateObject().All(member => (facts.Properties.TryGetValue(member.Name, out int named) ? named : facts.Additional) is not { } schema || Admits([schema], member.Value)),
            _ => true,
        };

    static bool Holds(Facts facts, Exact value)
    {
        if (facts.Minimum is { } least && Exact.Compare(value, least.At) < (least.Excluded ? 1 : 0)) return false;
        if (facts.Maximum is { } most && Exact.Compare(value, most.At) > (most.Excluded ? -1 : 0)) return false;
        if (facts.MultipleOf is not { } step) return true;
        int decimals = Math.Max(step.Decimals, value.Decimals);
        return value.Floor(decimals) % step.Floor(decimals) == 0;
    }

    bool Holds(Facts facts, string value)
    {
        int length = value.EnumerateRunes().Count();
        return length >= facts.MinLength && length <= facts.MaxLength
            && (facts.Pattern is not { } pattern || (Automaton(pattern) is { } dfa ? dfa.Reads(JsonText.Quote(value)) : new Expression(facts.Pointer, "pattern", pattern).Matches(value)));
    }

    /// <summary>What it reads matches, and it never takes longer than the text; only what it cannot say has to be tried out.</summary>
    Dfa? Automaton(string pattern)
    {
        if (_automata.TryGetValue(pattern, out Dfa? known)) return known;
        try
        {
            known = Pattern.Compile(pattern);
        }
        catch (FormatException)
        {
            known = null;
        }
        _automata.Add(pattern, known);
        return known;
    }
}
