// What a constraint adds to each token at Kimi's vocabulary of 163,840. Needs ../shared/data/kimi-tiktoken.model.

using System.Globalization;
using System.Text.Json;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Grammars;
using BenchmarkDotNet.Attributes;

namespace Baltoro.Benchmarks;

/// <summary>A call of Edit, with a comment over two lines, in the tokens that are longest at each place.</summary>
public class ConstrainedToken
{
    const string Schema = """{"type":"object","properties":{"file_path":{"type":"string"},"old_string":{"type":"string"},"new_string":{"type":"string","maxLength":4000},"replace_all":{"type":"boolean"}},"required":["file_path","old_string","new_string"],"additionalProperties":false}""";
    const string Call = """{"file_path":"/home/me/project/src/Program.cs","old_string":"        return x + y;\n    }\n","new_string":"        // The sum of both, \"saturated\":\n        return Math.Min(x + y, Limit);\n    }\n","replace_all":false}""";

    readonly float[] _logits = new float[163_840];
    TokenTrie _trie = null!;
    Grammar _grammar = null!;
    int[] _tokens = [];
    GrammarConstraint _inString = null!, _atName = null!;

    [GlobalSetup]
    public void Open()
    {
        byte[][] texts = new byte[163_840][];
        Array.Fill(texts, []);
        foreach (string line in File.ReadLines(Find()))
            if (line.Split(' ') is [var text, var rank]) texts[int.Parse(rank, CultureInfo.InvariantCulture)] = Convert.FromBase64String(text);
        _trie = new(texts);
        _grammar = Compile();
        Dictionary<string, int> tokens = texts.Index().Where(token => token.Item.Length > 0).ToDictionary(token => Convert.ToHexString(token.Item), token => token.Index);
        List<int> call = [];
        byte[] rest = System.Text.Encoding.UTF8.GetBytes(Call);
        while (rest.Length > 0)
        {
            int length = Math.Min(rest.Length, _trie.LongestToken);
            while (!tokens.ContainsKey(Convert.ToHexString(rest, 0, length))) length--;
            call.Add(tokens[Convert.ToHexString(rest, 0, length)]);
            rest = rest[length..];
        }
        _tokens = [.. call];
        (_atName, _inString) = (new(_grammar, []), new(_grammar, []));
        foreach (int token in _tokens.Take(8)) _inString.Accept(token);
        Console.WriteLine($"{_tokens.Length} tokens of the call; in the string behind \"{System.Text.Encoding.UTF8.GetString([.. _tokens.Take(8).SelectMany(token => texts[token])])}\"");
    }

    /// <summary>Nearly every token may come.</summary>
    [Benchmark]
    public void InAString() => _inString.Restrict(_logits, 10_000);

    /// <summary>Nearly none may.</summary>
    [Benchmark]
    public void AtAName() => _atName.Restrict(_logits, 10_000);

    /// <summary>The whole call, what came before known: what may come, and going on, for each token.</summary>
    [Benchmark]
    public void WholeCall() => Write(_grammar);

    /// <summary>The same, the schema compiled anew, as for a tool that was never met.</summary>
    [Benchmark]
    public void WholeCallOfANewGrammar() => Write(Compile());

    void Write(Grammar grammar)
    {
        GrammarConstraint constraint = new(grammar, []);
        foreach (int token in _tokens)
        {
            constraint.Restrict(_logits, 10_000);
            constraint.Accept(token);
        }
    }

    Grammar Compile()
    {
        using JsonDocument schema = JsonDocument.Parse(Schema);
        return GrammarBuilder.Json(_trie, schema.RootElement);
    }

    static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared/data/kimi-tiktoken.model") is var file && File.Exists(file)) return file;
        throw new FileNotFoundException("../shared/data/kimi-tiktoken.model is not there; the benchmark needs Kimi's vocabulary.");
    }
}
