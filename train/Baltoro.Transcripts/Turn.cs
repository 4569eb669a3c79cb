// What the model does at one step: it thinks, and calls a tool or answers. It refuses to know why.

using System.Text;

namespace Baltoro.Transcripts;

/// <summary>A call as the model writes it.</summary>
/// <param name="Arguments">Names and values in the order in which they are written; each value a string, a whole number or a boolean.</param>
public sealed record Call(string Tool, params IReadOnlyList<(string Name, object Value)> Arguments)
{
    public string Text(string name) => (string)Arguments.First(argument => argument.Name == name).Value;

    public object? Find(string name) => Arguments.FirstOrDefault(argument => argument.Name == name).Value;

    /// <summary>Compact JSON; only what must be escaped is.</summary>
    public string Json()
    {
        StringBuilder json = new("{");
        foreach ((string name, object value) in Arguments)
        {
            if (json.Length > 1) json.Append(',');
            json.Append('"').Append(name).Append("\":");
            switch (value)
            {
                case string text: Quote(json, text); break;
                case bool flag: json.Append(flag ? "true" : "false"); break;
                default: json.Append(value); break;
            }
        }
        return json.Append('}').ToString();
    }

    static void Quote(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\t' => json.Append("\\t"),
                _ => json.Append(c),
            };
        }
        json.Append('"');
    }
}

/// <summary>One turn of the model.</summary>
public abstract record Turn(string Thought)
{
    public sealed record Calls(string Thought, Call Call) : Turn(Thought);

    /// <summary>Ends the work.</summary>
    public sealed record Answers(string Thought, string Text) : Turn(Thought);
}

/// <summary>Knows the world and so the right next turn, each of which follows from the request and the last step alone.</summary>
abstract class Oracle
{
    public abstract Turn Next();

    /// <param name="result">What the last call brought.</param>
    public abstract void Observe(string result);

    /// <summary>The line of what Read shows in which something stands, up to there: its number, its beginning.</summary>
    /// <param name="clue">The words right in front of it.</param>
    protected static string Quote(string result, string clue, string thing)
    {
        int found = result.IndexOf(clue + thing, StringComparison.Ordinal);
        if (found < 0) throw new InvalidOperationException($"\"{clue}{thing}\" does not stand in \"{result}\".");
        int at = found + clue.Length;
        return result[(result.LastIndexOf('\n', at) + 1)..at];
    }
}
