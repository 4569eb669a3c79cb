// JSON text with comments and trailing commas, read into nodes that know their lines.

using System.Text;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Models.Reading;

/// <summary>Reads one text. Recursion is bounded by the reader's own limit of 64 levels.</summary>
ref struct NodeParser
{
    readonly string _file;
    readonly List<Problem> _problems;
    readonly ReadOnlySpan<byte> _text;
    Utf8JsonReader _reader;
    int _counted, _line = 1;

    NodeParser(string file, ReadOnlySpan<byte> text, List<Problem> problems)
    {
        _file = file;
        _text = text;
        _problems = problems;
        _reader = new(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>The object that the text holds; null, with a problem noted, when it holds none.</summary>
    public static Node.Object? Parse(string file, string text, List<Problem> problems)
    {
        // An empty file sets nothing.
        if (string.IsNullOrWhiteSpace(text)) return new(new(file, 1, ""), []);
        NodeParser parser = new(file, Encoding.UTF8.GetBytes(text), problems);
        try
        {
            parser._reader.Read();
            Node root = parser.Value("");
            parser._reader.Read();
            if (root is Node.Object settings) return settings;
            problems.Add(new(root.At, root.Kind, "an object"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            int line = e is JsonException { LineNumber: { } number } ? (int)number + 1 : parser._line;
            problems.Add(new(new(file, line, ""), "text that is not JSON", "JSON (comments and trailing commas are fine)"));
        }
        return null;
    }

    Node Value(string path)
    {
        Spot at = new(_file, Line(), path);
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(at),
            JsonTokenType.StartArray => List(at),
            JsonTokenType.String => new Node.Text(at, _reader.GetString()!),
            JsonTokenType.Number => new Node.Number(at, Encoding.UTF8.GetString(_reader.ValueSpan)),
            JsonTokenType.True => new Node.Flag(at, true),
            JsonTokenType.False => new Node.Flag(at, false),
            _ => new Node.Null(at),
        };
    }

    Node.Object Object(Spot at)
    {
        List<Member> members = [];
        HashSet<string> seen = [];
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string name = _reader.GetString()!;
            int line = Line();
            _reader.Read();
            Node value = Value(at.Path.Length == 0 ? name : $"{at.Path}.{name}");
            if (seen.Add(name)) members.Add(new(name, value));
            else _problems.Add(new(at with { Line = line }, $"\"{name}\" a second time", "each key once"));
        }
        return new(at, members.ToSequence());
    }

    Node.List List(Spot at)
    {
        List<Node> items = [];
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(Value($"{at.Path}[{items.Count}]"));
        return new(at, items.ToSequence());
    }

    int Line()
    {
        int start = (int)_reader.TokenStartIndex;
        _line += _text[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }
}
