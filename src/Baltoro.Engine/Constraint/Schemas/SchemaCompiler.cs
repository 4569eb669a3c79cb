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
    /// <summary>Schemas that hold together, each some of the document's; there could be very many more of them than of those.</summary>
    const int MostTogether = 10_000;

    readonly GrammarBuilder _grammar;
    readonly SchemaDocument _document;
    readonly Alternatives _alternatives;
    readonly Admission _admission;
    readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    readonly IReadOnlyDictionary<string, Leaf> _spans;
    readonly ScalarCompiler _scalars;
    readonly Queue<(int[] Together, int Node, bool Outermost)> _open = [];
    readonly Dictionary<int, int> _bare = [];
    int? _anything;

    /// <param name="spans">For members of the outermost object that are plain strings: what they are limited to.</param>
    public SchemaCompiler(GrammarBuilder grammar, JsonElement schema, IReadOnlyDictionary<string, Leaf> spans)
    {
        (_grammar, _document, _spans) = (grammar, new(schema), spans);
        _alternatives = new(_document, new Disjoint(_document));
        _admission = new(_document, _alternatives);
        _scalars = new(grammar.Trie);
    }

    /// <exception cref="SchemaException">It cannot be held to.</exception>
    public int Compile()
    {
        int root = Compile([SchemaDocument.Root], outermost: true);
        Finish();
        return root;
    }

    /// <summary>What the members of the outermost object can be: for each alternative those that are declared, in their order.</summary>
    /// <exception cref="SchemaException">It cannot be held to.</exception>
    public IReadOnlyList<(string Name, int Value, bool IsRequired)[]> CompileMembers()
    {
        List<(string, int, bool)[]> ways = [];
        foreach (ImmutableSortedSet<int> alternative in _alternatives.Of([SchemaDocument.Root]))
        {
            Facts[] facts = [.. alternative.Select(schema => _document[schema])];
            if (Array.Find(facts, one => one.OneOfThese is not null) is { } listing)
                ways.AddRange(listing.OneOfThese!.Where(value => value.ValueKind == JsonValueKind.Object && _admission.Holds(alternative, value))
                    .Select(value => value.EnumerateObject().Select(member => (member.Name, Literal([Write(member.Value)]), true)).ToArray()));
            else if (facts.All(one => (one.Types & JsonTypes.Object) != 0) && Declared(facts, outermost: false) is var (names, values, required, _)
                && names.Index().All(name => values[name.Index] >= 0 || !required.Contains(name.Item)))
                ways.Add([.. names.Index().Where(name => values[name.Index] >= 0).Select(name => (name.Item, values[name.Index], required.Contains(name.Item)))]);
        }
        Finish();
        return ways;
    }

    /// <summary>The strings of a finished node without quotes and escapes, and nothing else of it.</summary>
    public int Bare(int node)
    {
        if (_bare.TryGetValue(node, out int known)) return known;
        return _bare[node] = _grammar[node] switch
        {
            Node.Scalar scalar => _grammar.AddLeaf(BareLeaf.Of(scalar.Leaf, _grammar.Trie)),
            Node.Choice choice => _grammar.AddNode(new Node.Choice([.. choice.Options.Where(option => _grammar[option] is Node.Scalar).Select(Bare)])),
            _ => _grammar.AddNode(new Node.Choice([])),
        };
    }

    int Compile(IEnumerable<int> schemas, bool outermost = false)
    {
        int[] together = [.. schemas.Distinct().Order()];
        if (together.Length == 0) return _anything ??= Anything();
        string key = string.Join(',', together) + (outermost ? "!" : "");
        if (_known.TryGetValue(key, out int known)) return known;
        if (_known.Count == MostTogether) throw new SchemaException(_document[together[0]].Pointer, null, $"what it says together with others makes over {MostTogether} schemas");
        int node = _grammar.Reserve();
        _known.Add(key, node);
        _open.Enqueue((together, node, outermost));
        return node;
    }

    /// <summary>Nodes are made one behind the other and never one inside the other, so that no schema is too deep for the stack.</summary>
    void Finish()
    {
        while (_open.TryDequeue(out var next))
        {
            List<int> options = [];
            foreach (ImmutableSortedSet<int> alternative in _alternatives.Of(next.Together)) Add(alternative, options, next.Outermost);
            _grammar.Set(next.Node, new Node.Choice([.. options.Distinct()]));
        }
    }

    void Add(ImmutableSortedSet<int> schemas, List<int> options, bool outermost)
    {
        Facts[] facts = [.. schemas.Select(schema => _document[schema])];
        JsonTypes types = facts.Aggregate(JsonTypes.All, (all, one) => all & one.Types);
        if (Array.Find(facts, one => one.OneOfThese is not null) is { } listing)
        {
            byte[][] values = [.. listing.OneOfThese!.Where(value => _admission.Holds(schemas, value)).Select(Write).DistinctBy(Convert.ToHexString)];
            if (values.Length > 0) options.Add(Literal(values));
            return;
        }
        if ((types & JsonTypes.Object) != 0) options.Add(_grammar.AddNode(Object(facts, outermost)));
        if ((types & JsonTypes.Array) != 0) options.Add(_grammar.AddNode(Items(facts)));
        foreach (Leaf leaf in _scalars.Compile(facts, types)) options.Add(_grammar.AddLeaf(leaf));
    }

    int Literal(byte[][] texts) => _grammar.AddLeaf(DfaLeaf.Literals(_grammar.Trie, texts, _ => 0));

    Node Object(Facts[] facts, bool outermost)
    {
        if (Declared(facts, outermost) is not var (names, values, required, others)) return new Node.Choice([]);
        UInt128 bits = 0;
        for (int i = 0; i < names.Length; i++)
            if (required.Contains(names[i])) bits |= UInt128.One << i;
        return new Node.Members([.. names.Select(Automata.JsonText.Quote)], values, bits, others);
    }

    /// <returns>Values are -1 for what must not be there; null when there is no such object.</returns>
    (string[] Names, int[] Values, HashSet<string> Required, int Others)? Declared(Facts[] facts, bool outermost)
    {
        (string Name, string[] Needs)[] dependent = [.. facts.SelectMany(one => one.Dependent)];
        HashSet<string> required = [.. facts.SelectMany(one => one.Required)];
        for (bool grew = true; grew;)
        {
            grew = false;
            foreach (var (name, needs) in dependent)
                if (required.Contains(name))
                    foreach (string need in needs) grew |= required.Add(need);
        }
        string[] declared = [.. facts.SelectMany(one => one.Properties.Keys).Concat(required).Distinct(StringComparer.Ordinal)];
        // What needs others has a name, so that it does not come as one of those that are not declared.
        string[] names = [.. declared.Concat(dependent.Select(one => one.Name)).Distinct(StringComparer.Ordinal)];
        if (names.Length > 120) throw new SchemaException(facts[0].Pointer, "properties", $"it has {names.Length} members; at most 120 were expected");
        HashSet<string> lacking = [.. dependent.Where(one => !required.Contains(one.Name) && !one.Needs.All(required.Contains)).Select(one => one.Name)];
        int[] values = [.. names.Select((name, place) => place >= declared.Length || lacking.Contains(name) ? -1 : Value(facts, name, outermost))];
        long least = facts.Max(one => one.MinProperties), most = facts.Min(one => one.MaxProperties);
        for (int i = 0; i < names.Length && required.Count < least; i++)
            if (values[i] >= 0) required.Add(names[i]);
        int others = Others(facts);
        if (required.Count < least && others >= 0) throw new SchemaException(facts[0].Pointer, "minProperties", "only members that are declared can make up the number");
        if (required.Count < least || required.Count > most) return null;
        if (most < names.Length || most < long.MaxValue && others >= 0)
        {
            others = -1;
            long room = most - required.Count;
            for (int i = 0; i < names.Length; i++)
                if (values[i] >= 0 && !required.Contains(names[i]) && --room < 0) values[i] = -1;
        }
        return (names, values, required, others);
    }

    int Value(Facts[] facts, string name, bool outermost)
    {
        List<int> schemas = [];
        foreach (Facts one in facts)
        {
            bool named = one.Properties.TryGetValue(name, out int value);
            if (named) schemas.Add(value);
            int[] fitting = [.. one.PatternProperties.Where(pattern => pattern.Name.Matches(name)).Select(pattern => pattern.Schema)];
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
