// What a conversation has that thoughts can name. Knows no form of thoughts.

using System.Text.RegularExpressions;
using Baltoro.Chat;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Models.Local;

/// <param name="Said">Passages of what the user said.</param>
/// <param name="Asked">Paths in it.</param>
/// <param name="Paths">Of what was said, shown and called.</param>
/// <param name="Numbers">Of anything.</param>
/// <param name="Lines">Of the last result, as they stand in the file where a tool numbered them.</param>
/// <param name="Result">The last one, as it was shown; empty where there is none.</param>
sealed partial record ThoughtMatter(IReadOnlyList<string> Said, IReadOnlyList<string> Asked, IReadOnlyList<string> Paths, IReadOnlyList<string> Numbers, IReadOnlyList<string> Lines, string Result)
{
    public static ThoughtMatter Of(IReadOnlyList<Message> messages)
    {
        List<string> said = [], asked = [], paths = [], numbers = [];
        string result = "";
        foreach (Message message in messages)
        {
            switch (message)
            {
                case Message.User user:
                    said.AddRange(Spans.PassagesIn(user.Text));
                    asked.AddRange(Spans.PathsIn(user.Text));
                    Name(user.Text);
                    break;
                case Message.Assistant assistant:
                    Name(assistant.Thinking);
                    foreach (Block.ToolCall call in assistant.Calls) Name(call.Arguments);
                    break;
                case Message.Result shown:
                    result = shown.Text;
                    Name(Quoting.WithoutNumbers(result));
                    break;
            }
        }
        return new([.. said.Distinct()], [.. asked.Distinct()], [.. paths.Distinct()], [.. numbers.Distinct()], LinesOf(result), result);

        void Name(string text)
        {
            paths.AddRange(Spans.PathsIn(text));
            numbers.AddRange(Digits().Matches(text).Select(match => match.Value));
        }
    }

    /// <summary>What a tool says beneath the lines that it numbered is none of them.</summary>
    static string[] LinesOf(string result)
    {
        string[] lines = result.Split('\n'), numbered = [.. lines.Where(line => Quoting.NumberLength(line) > 0)];
        return [.. (Quoting.NumberLength(lines[0]) > 0 ? numbered.Select(line => line[Quoting.NumberLength(line)..]) : lines).Where(line => line.Length > 0).Distinct()];
    }

    [GeneratedRegex("(?<![0-9])[0-9]{1,15}(?![0-9])")]
    private static partial Regex Digits();
}
