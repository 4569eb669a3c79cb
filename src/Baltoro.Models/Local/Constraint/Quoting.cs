// Which arguments of which tools are limited to quotations, and from what. Knows no grammar.

using Baltoro.Chat;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Models.Local;

/// <summary>
/// For small models, whose files declare it: an argument in whose place only something that the model was shown makes sense is a piece of what the user said or a tool returned, and
/// of that request alone. Which piece is the model's choice.
/// </summary>
sealed class Quoting
{
    readonly IReadOnlyDictionary<string, SpanKind> _arguments;
    readonly Lazy<(Spans Words, Spans Passages)> _spans;

    /// <param name="arguments">By <c>TOOL.ARGUMENT</c>.</param>
    public Quoting(IReadOnlyDictionary<string, SpanKind> arguments, ChatRequest request)
    {
        _arguments = arguments;
        _spans = new(() =>
        {
            string[] texts = [.. Texts(request)];
            return (new(texts, SpanKind.Word), new(texts, SpanKind.Passage));
        });
    }

    /// <summary>The limits of a tool's arguments, by name.</summary>
    public IReadOnlyDictionary<string, Spans> Of(string tool) => _arguments.Where(argument => argument.Key.StartsWith($"{tool}.", StringComparison.Ordinal))
        .ToDictionary(argument => argument.Key[(tool.Length + 1)..], argument => argument.Value == SpanKind.Word ? _spans.Value.Words : _spans.Value.Passages);

    /// <summary>Reads <c>Read.file_path Edit.old_string:passage</c>.</summary>
    /// <exception cref="FormatException">It is something else; the message says what.</exception>
    public static IReadOnlyDictionary<string, SpanKind> Parse(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Split(':')).ToDictionary(
        parts => parts[0].Contains('.', StringComparison.Ordinal) ? parts[0] : throw new FormatException($"\"{parts[0]}\" is no TOOL.ARGUMENT"),
        parts => parts.Length == 1 || parts[1] == "word" ? SpanKind.Word : parts[1] == "passage" ? SpanKind.Passage : throw new FormatException($"\"{parts[1]}\" is neither word nor passage"),
        StringComparer.Ordinal);

    static IEnumerable<string> Texts(ChatRequest request)
    {
        foreach (Message message in Message.Of(request))
            switch (message)
            {
                case Message.User user: yield return user.Text; break;
                case Message.Result result: yield return WithoutNumbers(result.Text); break;
            }
    }

    /// <summary>Lines as they stand in the file, where a tool numbered them.</summary>
    static string WithoutNumbers(string text)
    {
        string[] lines = text.Split('\n');
        int[] cuts = [.. lines.Select(Number)];
        return Array.TrueForAll(cuts, cut => cut > 0) || lines is [.., ""] && cuts[..^1].All(cut => cut > 0) && cuts.Length > 1
            ? string.Join('\n', lines.Zip(cuts, (line, cut) => line[Math.Max(0, cut)..])) : text;

        static int Number(string line)
        {
            int at = 0;
            while (at < line.Length && line[at] == ' ') at++;
            int digits = at;
            while (at < line.Length && char.IsAsciiDigit(line[at])) at++;
            return at > digits && at < line.Length && line[at] is '\t' or '→' ? at + 1 : -1;
        }
    }
}
