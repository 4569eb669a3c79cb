// Puts a grammar together from parts: schemas, texts, control tokens. Knows no format of any model.

using System.Text.Json;
using Baltoro.Engine.Constraint.Schemas;

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>A part of the grammar whose builder made it.</summary>
public readonly record struct Part
{
    internal int Node { get; init; }
}

/// <summary>For one thread; parts belong to the builder that made them.</summary>
public sealed class GrammarBuilder(TokenTrie trie, JsonSpacing spacing = JsonSpacing.None)
{
    readonly List<Node> _nodes = [];

    internal TokenTrie Trie => trie;

    internal JsonSpacing Spacing => spacing;

    /// <summary>Any text in UTF-8, or none; no character begins behind so many bytes.</summary>
    public Part Text(int mostBytes = int.MaxValue) => New(trie.Shared(("text", mostBytes), () => new TextLeaf(mostBytes, trie.LongestToken)));

    /// <summary>A word of a line with what stands in front of it: the line's number and a tab, the line up to the word, a sign, the word. Null when there is none.</summary>
    /// <param name="lines">Each with its number and a tab in front.</param>
    public Part? Quotation(string lines, QuoteSign sign) => new LineQuoteLeaf(lines, sign) is { IsEmpty: false } leaf ? New(leaf) : null;

    /// <summary>A control token.</summary>
    /// <exception cref="ArgumentException">It is an ordinary one.</exception>
    public Part Control(int token) => trie.Text(token).Length == 0 ? New(new ControlLeaf(token))
        : throw new ArgumentException($"Token {token} stands for text; a control token was expected.", nameof(token));

    /// <summary>Just this text.</summary>
    public Part Literal(ReadOnlySpan<byte> text) => New(DfaLeaf.Literals(trie, [text.ToArray()], _ => 0));

    /// <summary>One of these texts, and what belongs behind it. Where one begins another, both can come.</summary>
    public Part Branch(IReadOnlyList<(byte[] Text, Part Then)> ways) =>
        New(new Node.Branch([.. ways.Select(way => way.Text)], [.. ways.Select(way => way.Then.Node)]));

    public Part Sequence(params IEnumerable<Part> parts) => New(new Node.Sequence([.. parts.Select(part => part.Node)]));

    public Part Choice(params IEnumerable<Part> options) => New(new Node.Choice([.. options.Select(option => option.Node)]));

    /// <summary>Nothing.</summary>
    public Part Empty() => Sequence();

    /// <summary>JSON that satisfies a schema, of draft 2020-12 or older.</summary>
    /// <param name="spans">By name of a member of the outermost object: if it is a plain string, it is limited to these.</param>
    /// <exception cref="SchemaException">It cannot be held to.</exception>
    public Part Json(JsonElement schema, IReadOnlyDictionary<string, Spans>? spans = null)
    {
        Dictionary<string, Leaf> limits = [];
        foreach (var (name, texts) in spans ?? new Dictionary<string, Spans>())
            if (texts.Leaf is { } leaf) limits.Add(name, leaf);
        return new() { Node = new SchemaCompiler(this, schema.Clone(), limits).Compile() };
    }

    /// <summary>The members of an object that satisfies a schema, for formats that write them in a way of their own: those that are declared, in their order, values in JSON.</summary>
    /// <param name="isBare">Which members, by name, are bare of quotes and escapes. That they are strings the schema has to say, else they are never written.</param>
    /// <param name="pair">Makes one of a name and its value.</param>
    /// <exception cref="SchemaException">It cannot be held to.</exception>
    public Part Members(JsonElement schema, Func<string, bool> isBare, Func<string, Part, Part> pair)
    {
        SchemaCompiler compiler = new(this, schema.Clone(), new Dictionary<string, Leaf>());
        return Choice(compiler.CompileMembers().Select(way => Sequence(way.Select(member =>
        {
            Part made = pair(member.Name, new() { Node = isBare(member.Name) ? compiler.Bare(member.Value) : member.Value });
            return member.IsRequired ? made : Choice(Empty(), made);
        }))));
    }

    /// <summary>What a schema asks of the text as a whole.</summary>
    /// <exception cref="SchemaException">It cannot be held to, or nothing of a sensible length satisfies it.</exception>
    public static Grammar Json(TokenTrie trie, JsonElement schema, JsonSpacing spacing = JsonSpacing.None)
    {
        GrammarBuilder builder = new(trie, spacing);
        return builder.Build(builder.Json(schema));
    }

    /// <exception cref="SchemaException">There is no text of it, or none of a sensible length.</exception>
    public Grammar Build(Part root)
    {
        Grammar grammar = new(trie, [.. _nodes], root.Node, spacing);
        return grammar.Shortest switch
        {
            >= Cost.Never => throw new SchemaException("", null, $"nothing of any length satisfies it, with at most {Grammar.Deepest} objects and arrays inside each other"),
            > Cost.Most => throw new SchemaException("", null, $"even the shortest text has {grammar.Shortest} tokens"),
            _ => grammar,
        };
    }

    internal Node this[int node] => _nodes[node];

    internal int Reserve()
    {
        _nodes.Add(new Node.Choice([]));
        return _nodes.Count - 1;
    }

    internal void Set(int node, Node made) => _nodes[node] = made;

    internal int AddNode(Node node)
    {
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    internal int AddLeaf(Leaf leaf) => AddNode(new Node.Scalar(leaf));

    Part New(Node node) => new() { Node = AddNode(node) };

    Part New(Leaf leaf) => New(new Node.Scalar(leaf));
}
