// What one schema says by itself, read from its keywords. Knows no other schema and no grammar.

using System.Text.Json;
using Baltoro.Engine.Constraint.Automata;

namespace Baltoro.Engine.Constraint.Schemas;

[Flags]
enum JsonTypes
{
    None = 0, Null = 1, Boolean = 2, Integer = 4, Number = 8 | Integer, String = 16, Array = 32, Object = 64, All = 127,
}

/// <summary>
/// Draft 2020-12, with the older spellings of tuples and of exclusive bounds. Whatever restricts and is not read here is refused by name; what only describes, and
/// what no draft knows, is passed over. Schemas are meant by their numbers in the document.
/// </summary>
sealed record Facts
{
    /// <summary>Keywords that restrict, in ways that no grammar of this kind can hold to.</summary>
    static readonly string[] Refused =
    [
        "not", "contains", "minContains", "maxContains", "dependentSchemas", "dependencies", "unevaluatedItems", "$dynamicRef", "$recursiveRef", "extends", "disallow",
    ];

    public required string Pointer { get; init; }
    public bool Nothing { get; private set; }
    public JsonTypes Types { get; private set; } = JsonTypes.All;
    public IReadOnlyList<JsonElement>? OneOfThese { get; private set; }
    public int? Reference { get; private set; }
    public int[] AllOf { get; private set; } = [];
    public int[] AnyOf { get; private set; } = [];
    public int[] OneOf { get; private set; } = [];
    public int? If { get; private set; }
    public int? Then { get; private set; }
    public Bound? Minimum { get; private set; }
    public Bound? Maximum { get; private set; }
    public Exact? MultipleOf { get; private set; }
    public long MinLength { get; private set; }
    public long MaxLength { get; private set; } = long.MaxValue;
    public string? Pattern { get; private set; }
    public string? Format { get; private set; }
    public IReadOnlyDictionary<string, int> Properties { get; private set; } = new Dictionary<string, int>();
    public bool HasProperties { get; private set; }
    public (Expression Name, int Schema)[] PatternProperties { get; private set; } = [];
    public int? Additional { get; private set; }
    public int? Unevaluated { get; private set; }
    public int? PropertyNames { get; private set; }
    public string[] Required { get; private set; } = [];
    public (string Name, string[] Needs)[] Dependent { get; private set; } = [];
    public long MinProperties { get; private set; }
    public long MaxProperties { get; private set; } = long.MaxValue;
    public int[] Prefix { get; private set; } = [];
    public int? Items { get; private set; }
    public long MinItems { get; private set; }
    public long MaxItems { get; private set; } = long.MaxValue;
    public bool Unique { get; private set; }

    public static Facts Read(SchemaDocument document, string pointer, JsonElement schema)
    {
        Facts facts = new() { Pointer = pointer };
        if (schema.ValueKind == JsonValueKind.False) facts.Nothing = true;
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return facts;
        if (schema.ValueKind != JsonValueKind.Object) throw new SchemaException(pointer, null, $"it is {schema.ValueKind}; an object or a boolean was expected");
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            string under = SchemaDocument.Under(pointer, keyword.Name);
            try
            {
                facts.Read(document, schema, keyword, under);
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException or OverflowException)
            {
                throw new SchemaException(pointer, keyword.Name, e is FormatException ? e.Message : "it has not the kind of value that it should have");
            }
        }
        return facts;
    }

    void Read(SchemaDocument document, JsonElement schema, JsonProperty keyword, string under)
    {
        JsonElement value = keyword.Value;
        switch (keyword.Name)
        {
            case "type":
                Types = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Aggregate(JsonTypes.None, (types, one) => types | Type(one)) : Type(value);
                break;
            case "enum":
                Understand(value);
                OneOfThese = [.. value.EnumerateArray().Where(one => OneOfThese is null || OneOfThese.Any(other => JsonElement.DeepEquals(one, other)))];
                break;
            case "const":
                Understand(value);
                OneOfThese = OneOfThese is null || OneOfThese.Any(other => JsonElement.DeepEquals(value, other)) ? [value] : [];
                break;
            case "$ref": Reference = document.Resolve(Pointer, Text(value)); break;
            case "allOf": AllOf = Schemas(); break;
            case "anyOf": AnyOf = Some(); break;
            case "oneOf": OneOf = Some(); break;
            case "if": If = document.Add(under, value); break;
            case "then": Then = document.Add(under, value); break;
            case "minimum": Minimum = new(Number(), Minimum is { Excluded: true } || Flag("exclusiveMinimum")); break;
            case "maximum": Maximum = new(Number(), Maximum is { Excluded: true } || Flag("exclusiveMaximum")); break;
            // Draft 4 has flags here, read with the bound; later drafts bounds of their own, of which the tighter one counts.
            case "exclusiveMinimum" when value.ValueKind == JsonValueKind.Number: Minimum = Tighter(Minimum, new(Number(), true), 1); break;
            case "exclusiveMaximum" when value.ValueKind == JsonValueKind.Number: Maximum = Tighter(Maximum, new(Number(), true), -1); break;
            case "exclusiveMinimum" or "exclusiveMaximum": value.GetBoolean(); break;
            case "multipleOf": MultipleOf = Number() is { Digits.Sign: > 0 } step ? step : throw new FormatException("it is not more than 0"); break;
            case "minLength": MinLength = Count(); break;
            case "maxLength": MaxLength = Count(); break;
            case "pattern": Pattern = Text(value); break;
            case "format": Format = value.GetString(); break;
            case "properties":
                Properties = value.EnumerateObject().ToDictionary(one => one.Name, one => document.Add(SchemaDocument.Under(under, one.Name), one.Value), StringComparer.Ordinal);
                HasProperties = true;
                break;
            case "patternProperties":
                PatternProperties = [.. value.EnumerateObject().Select(one => (new Expression(Pointer, "patternProperties", one.Name), document.Add(SchemaDocument.Under(under, one.Name), one.Value)))];
                break;
            case "additionalProperties": Additional = document.Add(under, value); break;
            case "unevaluatedProperties": Unevaluated = document.Add(under, value); break;
            case "propertyNames": PropertyNames = document.Add(under, value); break;
            // Draft 3 has a flag here, which would say something about the schema around this one; it is refused.
            case "required": Required = Names(value); break;
            case "dependentRequired": Dependent = [.. value.EnumerateObject().Select(one => (one.Name, Names(one.Value)))]; break;
            case "minProperties": MinProperties = Count(); break;
            case "maxProperties": MaxProperties = Count(); break;
            case "prefixItems": Prefix = Schemas(); break;
            case "items" when value.ValueKind == JsonValueKind.Array:
                Prefix = Schemas();
                if (schema.TryGetProperty("additionalItems"u8, out JsonElement rest)) Items = document.Add(SchemaDocument.Under(Pointer, "additionalItems"), rest);
                break;
            case "items": Items = document.Add(under, value); break;
            case "minItems": MinItems = Count(); break;
            case "maxItems": MaxItems = Count(); break;
            case "uniqueItems": Unique = value.GetBoolean(); break;
            case var refused when Array.IndexOf(Refused, refused) >= 0: throw new FormatException("no grammar can hold to it");
        }

        int[] Schemas() => [.. value.EnumerateArray().Index().Select(one => document.Add($"{under}/{one.Index}", one.Item))];

        int[] Some() => Schemas() is { Length: > 0 } some ? some : throw new FormatException("it has nothing to choose from");

        Exact Number() => value.ValueKind == JsonValueKind.Number ? Exact.Parse(value.GetRawText()) : throw new FormatException("it is no number");

        long Count() => Number() is { Digits.Sign: >= 0 } count ? (long)System.Numerics.BigInteger.Min(count.Ceiling(0), long.MaxValue) : throw new FormatException("it is less than 0");

        bool Flag(string name) => schema.TryGetProperty(name, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

        static string[] Names(JsonElement array) => [.. array.EnumerateArray().Select(Text)];

        static string Text(JsonElement text) => text.GetString() ?? throw new FormatException("it has null in place of a text");
    }

    /// <summary>Reads all of a listed value, so that what is wrong with it is found here.</summary>
    static void Understand(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number: Exact.Parse(value.GetRawText()); break;
            case JsonValueKind.String: value.GetString(); break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray()) Understand(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    _ = member.Name;
                    Understand(member.Value);
                }
                break;
        }
    }

    /// <param name="side">1 for least numbers, -1 for most.</param>
    public static Bound? Tighter(Bound? a, Bound? b, int side)
    {
        if (a is not { } first || b is not { } second) return a ?? b;
        int order = Exact.Compare(first.At, second.At) * side;
        return order > 0 || order == 0 && first.Excluded ? first : second;
    }

    static JsonTypes Type(JsonElement name) => name.GetString() switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "integer" => JsonTypes.Integer,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        "any" => JsonTypes.All,
        var other => throw new FormatException($"\"{other}\" is no type"),
    };
}
