// A form of thoughts: what stands in them, and what the call behind them has to say. Knows no grammar and no messages.

using System.Text;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>What may stand at a place of a thought.</summary>
abstract record ThoughtSlot
{
    private ThoughtSlot() { }

    /// <summary>Any text.</summary>
    public sealed record Free : ThoughtSlot;

    /// <summary>Words that follow each other in what the user said.</summary>
    public sealed record Said : ThoughtSlot;

    /// <summary>A path that stands in what the model was shown or has called.</summary>
    public sealed record Path : ThoughtSlot;

    /// <summary>A path that stands in what the user said.</summary>
    public sealed record Asked : ThoughtSlot;

    /// <summary>A line of the last result, without its number.</summary>
    public sealed record Line : ThoughtSlot;

    /// <summary>A number of anything before.</summary>
    public sealed record Number : ThoughtSlot;

    /// <summary>A word of a numbered line of the last result, behind that line's number and beginning, and a sign.</summary>
    /// <param name="Behind">The name of a place: what was said there stands in the line in front of the word. Null for none.</param>
    public sealed record Quote(string Sign, bool IsPath, string? Behind) : ThoughtSlot;
}

/// <summary>A piece of a form.</summary>
abstract record ThoughtPiece
{
    private ThoughtPiece() { }

    public sealed record Text(string Words) : ThoughtPiece;

    /// <param name="Name">Empty where nothing refers to it.</param>
    public sealed record Place(string Name, ThoughtSlot Slot) : ThoughtPiece;
}

/// <summary>
/// <para>For small models, whose files declare it. A model thinks <c>edit a.py: x to y</c> and then calls something else, or thinks of a name that is none. Where its file declares the form
/// <c>edit {path:path}: {old:said} to {new:said}</c>, such a thought names what there is, and the call behind it is one of the form's, with the arguments that the form lists. Which form,
/// and which of the names, is the model's choice.</para>
/// <para>A value may have several spellings, one of which the model chooses. It is made of the names of the form, of <c>{line}</c> for any line of the last result, <c>{said}</c> for any
/// passage of what the user said, and <c>{asked}</c> for a path in it.</para>
/// </summary>
sealed class ThoughtForm
{
    /// <summary>Spellings of one value beyond which it is left free.</summary>
    const int Most = 4000;

    /// <summary>Names that values may use in every form.</summary>
    public const string Line = "line", Said = "said", Asked = "asked";

    readonly Regex _whole;
    readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, Sequence<Spelling>>> _calls;

    /// <param name="calls">By tool and argument; empty where no call comes.</param>
    public ThoughtForm(Sequence<ThoughtPiece> pieces, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Sequence<Spelling>>> calls)
    {
        (Pieces, _calls) = (pieces, calls);
        StringBuilder pattern = new(@"\A");
        foreach (ThoughtPiece piece in pieces)
            pattern.Append(piece switch
            {
                ThoughtPiece.Text text => Regex.Escape(text.Words),
                ThoughtPiece.Place { Slot: ThoughtSlot.Quote quote } place => $"[0-9]+\t.*?{Regex.Escape(quote.Sign)} {Captured(place.Name)}",
                ThoughtPiece.Place place => Captured(place.Name),
                _ => throw new InvalidOperationException($"Unknown piece {piece}."),
            });
        // Forms come from a file: without backtracking none takes longer than the thought.
        _whole = new(pattern.Append(@"\z").ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    static string Captured(string name) => name.Length == 0 ? ".+?" : $"(?<{name}>.+?)";

    public Sequence<ThoughtPiece> Pieces { get; }

    /// <summary>What the call behind a thought of this form has to say, by tool and argument: one of these values each, any where there are none. Null for thoughts of another form.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, Sequence<string>>>? CallsBehind(string thought, ThoughtMatter matter) =>
        _whole.Match(thought.Trim()) is { Success: true } match
            ? _calls.ToDictionary(call => call.Key, IReadOnlyDictionary<string, Sequence<string>> (call) => call.Value.ToDictionary(
                argument => argument.Key, argument => argument.Value.SelectMany(spelling => spelling.Texts(name => name switch
                {
                    Line => matter.Lines,
                    Said => matter.Said,
                    Asked => matter.Asked,
                    _ => [match.Groups[name].Value],
                }, Most)).Distinct().ToSequence()))
            : null;
}

/// <summary>How a value is made.</summary>
/// <param name="Parts">Texts, and names in whose place something stands.</param>
sealed record Spelling(Sequence<(string Text, bool IsName)> Parts)
{
    /// <returns>None when there are more than that.</returns>
    public IReadOnlyList<string> Texts(Func<string, IReadOnlyList<string>> values, int most)
    {
        List<string> texts = [""];
        foreach (var (part, isName) in Parts)
            texts = [.. texts.SelectMany(text => isName ? values(part).Select(value => text + value) : [text + part]).Take(most + 1)];
        return texts.Count > most ? [] : texts;
    }
}
