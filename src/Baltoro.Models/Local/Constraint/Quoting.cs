// Which arguments of which tools are limited to quotations, and from what. Knows no grammar.

using System.Globalization;
using System.Text.RegularExpressions;
using Baltoro.Chat;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Models.Local;

/// <summary>What an argument is quoted from.</summary>
enum QuoteSource
{
    /// <summary>A word of anything that the model was shown.</summary>
    Word,

    /// <summary>Words that follow each other in anything that it was shown.</summary>
    Passage,

    /// <summary>Words that follow each other in what the user said.</summary>
    Said,

    /// <summary>A path in what the user said.</summary>
    Asked,

    /// <summary>A path, or for a whole number a number, in the thought in front of the call; where it names none, a path in what the user said.</summary>
    Thought,

    /// <summary>A path in the thought or in what the user said.</summary>
    Named,
}

/// <summary>
/// For small models, whose files declare it: an argument in whose place only something that the model was shown, or has just thought of, makes sense is a piece of that. Which piece is the
/// model's choice.
/// </summary>
sealed partial class Quoting
{
    readonly LocalHelp _help;
    readonly IReadOnlyList<Message> _messages;
    readonly string? _thought;

    /// <param name="thought">The thought behind which the call comes; null where it is not known, and nothing is limited to it.</param>
    public Quoting(LocalHelp help, ChatRequest request, string? thought = null) => (_help, _messages, _thought) = (help, Message.Of(request), thought);

    /// <summary>What thoughts may be; none where they are free.</summary>
    public Sequence<ThoughtForm> Forms => _help.Forms;

    /// <summary>What thoughts can name.</summary>
    public ThoughtMatter Matter => ThoughtMatter.Of(_messages);

    /// <summary>What the call behind the thought has to say, by tool and argument, where the thought is of a declared form; else null.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, Sequence<string>>>? Called
    {
        get
        {
            if (_thought is null || Forms.IsEmpty) return null;
            ThoughtMatter matter = Matter;
            return Forms.Select(form => form.CallsBehind(_thought, matter)).FirstOrDefault(calls => calls is not null);
        }
    }

    /// <summary>The limits of a tool's texts, by name.</summary>
    public IReadOnlyDictionary<string, Spans> Of(string tool) => For(tool).ToDictionary(limit => limit.Argument, limit => From(limit.Source));

    /// <summary>The only values of a tool's whole numbers, by name; none for one that must not be there.</summary>
    public IReadOnlyDictionary<string, Sequence<long>> NumbersOf(string tool) => For(tool).Where(limit => limit.Source == QuoteSource.Thought && _thought is not null)
        .ToDictionary(limit => limit.Argument, _ => Numbers().Matches(_thought!).Select(number => long.Parse(number.ValueSpan, CultureInfo.InvariantCulture)).ToSequence());

    IEnumerable<(string Argument, QuoteSource Source)> For(string tool) => _help.Quoted
        .Where(argument => argument.Key.StartsWith($"{tool}.", StringComparison.Ordinal)).Select(argument => (argument.Key[(tool.Length + 1)..], argument.Value));

    Spans From(QuoteSource source)
    {
        IReadOnlyList<string> asked = [.. _messages.OfType<Message.User>().SelectMany(user => Spans.PathsIn(user.Text))], thought = Spans.PathsIn(_thought ?? "");
        return source switch
        {
            QuoteSource.Passage => new(Texts(), SpanKind.Passage),
            QuoteSource.Said => new(_messages.OfType<Message.User>().Select(user => user.Text), SpanKind.Passage),
            QuoteSource.Asked when asked.Count > 0 => new(asked, SpanKind.Word),
            QuoteSource.Thought when thought.Count > 0 => new(thought, SpanKind.Word),
            QuoteSource.Thought or QuoteSource.Named when _thought is not null && asked.Count + thought.Count > 0 => new([.. asked, .. thought], SpanKind.Word),
            _ => new(Texts(), SpanKind.Word),
        };
    }

    /// <summary>Reads <c>Read.file_path:thought Write.file_path:asked Edit.old_string:passage</c>.</summary>
    /// <exception cref="FormatException">It is something else; the message says what.</exception>
    public static IReadOnlyDictionary<string, QuoteSource> Parse(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Split(':')).ToDictionary(
        parts => parts[0].Contains('.', StringComparison.Ordinal) ? parts[0] : throw new FormatException($"\"{parts[0]}\" is no TOOL.ARGUMENT"),
        parts => parts is [_, var source] ? Enum.GetValues<QuoteSource>().Cast<QuoteSource?>().FirstOrDefault(known => $"{known}".Equals(source, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"\"{source}\" is none of {string.Join(", ", Enum.GetNames<QuoteSource>().Select(name => name.ToLowerInvariant()))}") : QuoteSource.Word,
        StringComparer.Ordinal);

    IEnumerable<string> Texts()
    {
        foreach (Message message in _messages)
            switch (message)
            {
                case Message.User user: yield return user.Text; break;
                case Message.Result result: yield return WithoutNumbers(result.Text); break;
            }
    }

    /// <summary>Lines as they stand in the file, where a tool numbered them.</summary>
    internal static string WithoutNumbers(string text)
    {
        string[] lines = text.Split('\n');
        int[] cuts = [.. lines.Select(NumberLength)];
        return Array.TrueForAll(cuts, cut => cut > 0) || lines is [.., ""] && cuts[..^1].All(cut => cut > 0) && cuts.Length > 1
            ? string.Join('\n', lines.Zip(cuts, (line, cut) => line[Math.Max(0, cut)..])) : text;
    }

    /// <summary>How many characters of a line are the number that a tool put in front of it, with its tab; -1 where it has none.</summary>
    internal static int NumberLength(string line)
    {
        int at = 0;
        while (at < line.Length && line[at] == ' ') at++;
        int digits = at;
        while (at < line.Length && char.IsAsciiDigit(line[at])) at++;
        return at > digits && at < line.Length && line[at] is '\t' or '→' ? at + 1 : -1;
    }

    [GeneratedRegex("(?<![0-9A-Za-z_.-])[0-9]{1,15}(?![0-9A-Za-z_-]|[.][0-9])")]
    private static partial Regex Numbers();
}
