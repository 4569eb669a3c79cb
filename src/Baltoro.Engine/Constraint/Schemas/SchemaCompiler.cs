// Turns a JSON schema into nodes of a grammar whose every text satisfies it. Knows no tokens.

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>
/// <para>A node stands for some schemas that hold together, so references, allOf and recursion need nothing of their own. What cannot be said exactly is said more
/// narrowly: every text that the grammar allows satisfies the schema, and some that would are not allowed:</para>
/// <para>an object that declares members has no others unless it says that it may; names that are not declared have no escapes; members that must fit patterns,
/// besides declared ones, are left out; <c>if</c> is always made true; what must be unique is at most one; the smallest and largest count of members are met with declared ones.</para>
/// </summary>
sealed class SchemaCompiler
{
    readonly GrammarBuilder _grammar;
    readonly SchemaDocument _document;
    readonly Alternatives _alternatives;
    readonly Admission _admission;
    readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    readonly IReadOnlyDictionary<string, Leaf> _spans;
    readonly ScalarCompiler _scalars;
    int? _anything;

    /// <param name="spans">For members of the outermost object that are plain strings: what they are limited to.</param>
    public SchemaCompiler(GrammarBuilder grammar, JsonElement schema, IReadOnlyDictionary<string, Leaf> spans)
    {
        (_grammar, _document, _spans) = (grammar, new(schema), spans);
        _alternatives = new Disjoint(_document).Alternatives;
        _admission = new(_document, _alternatives);
        _scalars = new(grammar.Trie);
    }

    /// <exception cref="SchemaException">It cannot be held to.</exception>
    public int Compile() => Compile([_document.Root], outermost: true);

    /// <summary>The schema at a pointer; strings as they are, without quotes and escapes, which those with limits of their own then do not have.</summary>
    /// <exception cref="SchemaException">It cannot be held to.</exception>
    public int CompileBare(string pointer)
    {
        int schema = _document.Resolve("", $"#{pointer}"), node = Compile([schema]);
        // Who reads the text knows that it is none of JSON only where the schema says so itself.
        if (_document[schema].Types != JsonTypes.String || _grammar[node] is not Node.Choice { Options: var options }) return node;
        return _grammar.AddNode(new Node.Choice([.. options.Select(option => _grammar[option] is Node.Scalar scalar ? _grammar.AddLeaf(BareLeaf.Of(scalar.Leaf, _grammar.Trie)) : option)]));
    }

    int Compile(IEnumerable<int> schemas, bool outermost = false)
    {
        int[] together = [.. schemas.Distinct().Order()];
        if (together.Length == 0) return _anything ??= Anything();
        string key = string.Join(',', together) + (outermost ? "!" : "");
        if (_known.TryGetValue(key, out int known)) return known;
        int node = _grammar.Reserve();
        _known.Add(key, node);
        List<int> options = [];
        foreach (ImmutableSortedSet<int> alternative in _alternatives.Of(together)) Add(alternative, options, outermost);
        _grammar.Set(node, new Node.Choice([.. options.Distinct()]));
        return node;
    }

    void Add(ImmutableSortedSet<int> schemas, List<int> options, bool outermost)
    {
        Facts[] facts = [.. schemas.Select(schema => _document[schema])];
        JsonTypes types = facts.Aggregate(JsonTypes.All, (all, one) => all & one.Types);
        if (Array.Find(facts, one => one.OneOfThese is not null) is { } listing)
        {
            byte[][] values = [.. listing.OneOfThese!.Where(value => _admission.Holds(schemas, value)).Select(Write).DistinctBy(Convert.ToHexString)];
            if (values.Length > 0) options.Add(_grammar.AddLeaf(DfaLeaf.Literals(_grammar.Trie, values, _ => 0)));
            return;
        }
        if ((types & JsonTypes.Object) != 0) options.Add(_grammar.AddNode(Object(facts, outermost)));
        if ((types & JsonTypes.Array) != 0) options.Add(_grammar.AddNode(Items(facts)));
        foreach (Leaf leaf in _scalars.Compile(facts, types)) options.Add(_grammar.AddLeaf(leaf));
    }

    Node Object(Facts[] facts, bool outermost)
    {
        List<string> names = [.. facts.SelectMany(one => one.Properties.Keys).Concat(facts.SelectMany(one => one.Required)).Distinct(StringComparer.Ordinal)];
        Facts first = facts[0];
        if (names.Count > 120) throw new SchemaException(first.Pointer, "properties", $"it has {names.Count} members; at most 120 were expected");
        HashSet<string> required = [.. facts.SelectMany(one => one.Required)];
        foreach (var (name, needs) in facts.SelectMany(one => one.Dependent))
            if (required.Contains(name)) required.UnionWith(needs);
            else if (!needs.All(required.Contains)) names.Remove(name);
        foreach (string needed in required.Where(name => !names.Contains(name))) names.Add(needed);
        int[] values = [.. names.Select(name => Value(facts, name, outermost))];
        long least = facts.Max(one => one.MinProperties), most = facts.Min(one => one.MaxProperties);
        foreach (string name in names.Where(name => !required.Contains(name)).ToArray())
            if (required.Count < least) required.Add(name);
        int others = Others(facts);
        if (required.Count < least && others >= 0) throw new SchemaException(first.Pointer, "minProperties", "only members that are declared can make up the number");
        if (required.Count < least || required.Count > most) return new Node.Choice([]);
        if (most < names.Count || most < long.MaxValue && others >= 0)
        {
            others = -1;
            string[] kept = [.. required, .. names.Where(name => !required.Contains(name)).Take((int)most - required.Count)];
            for (int i = 0; i < values.Length; i++)
                if (!kept.Contains(names[i])) values[i] = -1;
        }
        UInt128 bits = 0;
        for (int i = 0; i < names.Count; i++)
            if (required.Contains(names[i])) bits |= UInt128.One << i;
        return new Node.Members([.. names.Select(Automata.JsonText.Quote)], values, bits, others);
    }

    int Value(Facts[] facts, string name, bool outermost)
    {
        List<int> schemas = [];
        foreach (Facts one in facts)
        {
            bool named = one.Properties.TryGetValue(name, out int value);
            if (named) schemas.Add(value);
            int[] fitting = [.. one.PatternProperties.Where(pattern => pattern.Name.IsMatch(name)).Select(pattern => pattern.Schema)];
            schemas.AddRange(fitting);
            if (!named && fitting.Length == 0 && one.Additional is { } additional) schemas.Add(additional);
            using JsonDocument text = JsonDocument.Parse(Automata.JsonText.Quote(name));
            if (one.PropertyNames is { } names && !_admission.Admits([names], text.RootElement)) return -1;
        }
        if (outermost && _spans.TryGetValue(name, out Leaf? span) && IsPlainText(schemas)) return _grammar.AddLeaf(span);
        return Compile(schemas);
    }

    bool IsPlainText(List<int> schemas) => _alternatives.Of(schemas) is [var one] && one.All(schema => _document[schema] is
    {
        OneOfThese: null, MinLength: <= 1, MaxLength: long.MaxValue, Pattern: null, Format: null,
    }) && one.Aggregate(JsonTypes.All, (types, schema) => types & _document[schema].Types) == JsonTypes.String;

    /// <summary>The value of members that are not declared, or -1.</summary>
    int Others(Facts[] facts)
    {
        if (facts.Any(one => one.PatternProperties.Length > 0 || one.PropertyNames is not null)) return -1;
        int[] said = [.. facts.SelectMany(one => (int?[])[one.Additional, one.Unevaluated]).OfType<int>()];
        return said.Length == 0 && facts.Any(one => one.HasProperties) ? -1 : Compile(said);
    }

    Node Items(Facts[] facts)
    {
        int tuple = facts.Max(one => one.Prefix.Length);
        long least = facts.Max(one => one.MinItems), most = facts.Min(one => one.MaxItems);
        if (facts.Any(one => one.Unique)) most = Math.Min(most, 1);
        if (least > Cost.Most) throw new SchemaException(Array.Find(facts, one => one.MinItems == least)!.Pointer, "minItems", $"{least} items are more than any text has room for");
        if (most < least) return new Node.Choice([]);
        if (tuple > 1000) throw new SchemaException(facts[0].Pointer, "prefixItems", "it has over 1000 items");
        int[] first = [.. Enumerable.Range(0, (int)Math.Min(tuple, most)).Select(place =>
            Compile(facts.Select(one => place < one.Prefix.Length ? one.Prefix[place] : one.Items).OfType<int>()))];
        // A tuple that does not speak of further items allows anything there; nobody means that.
        bool closed = tuple > 0 && facts.All(one => one.Items is null) && least <= tuple;
        int rest = closed || most <= tuple ? -1 : Compile(facts.Select(one => one.Items).OfType<int>());
        return new Node.Items(first, rest, (int)least, most > Cost.Most ? int.MaxValue : (int)most);
    }

    int Anything()
    {
        int any = _grammar.Reserve();
        _grammar.Set(any, new Node.Choice(
        [
            .. _scalars.Compile([new Facts { Pointer = "" }], JsonTypes.All).Select(_grammar.AddLeaf),
            _grammar.AddNode(new Node.Members([], [], 0, any)), _grammar.AddNode(new Node.Items([], any, 0, int.MaxValue)),
        ]));
        return any;
    }

    /// <summary>A listed value in the one spelling of constrained texts.</summary>
    byte[] Write(JsonElement value)
    {
        bool wide = _grammar.Spacing == JsonSpacing.Blanks;
        return value.ValueKind switch
        {
            JsonValueKind.String => Automata.JsonText.Quote(value.GetString()!),
            JsonValueKind.Array => [.. Join(value.EnumerateArray().Select(Write), "["u8, "]"u8)],
            JsonValueKind.Object => [.. Join(value.EnumerateObject().Select(member => (byte[])[.. Automata.JsonText.Quote(member.Name), .. wide ? ": "u8 : ":"u8, .. Write(member.Value)]), "{"u8, "}"u8)],
            _ => Encoding.UTF8.GetBytes(value.GetRawText()),
        };

        List<byte> Join(IEnumerable<byte[]> parts, ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end)
        {
            List<byte> joined = [.. begin];
            foreach (byte[] part in parts)
            {
                if (joined.Count > 1) joined.AddRange(wide ? ", "u8 : ","u8);
                joined.AddRange(part);
            }
            joined.AddRange(end);
            return joined;
        }
    }
}
