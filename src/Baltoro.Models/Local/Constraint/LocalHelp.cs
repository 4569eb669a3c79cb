// How far a local model is held to what a reply may be. Knows no request and no grammar.

using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Models.Local;

/// <param name="Calls">Calls and forms of replies are held to their schemas.</param>
/// <param name="Quoted">By <c>TOOL.ARGUMENT</c>: what is limited to quotations from what the model was shown.</param>
/// <param name="Forms">What thoughts may be, and what the calls behind them; none where thoughts are free.</param>
sealed record LocalHelp(bool Calls, IReadOnlyDictionary<string, QuoteSource> Quoted, Sequence<ThoughtForm> Forms)
{
    /// <summary>Whether what comes behind a thought can be told only when the thought is known, or the thought itself is limited.</summary>
    public bool HeedsThoughts => !Forms.IsEmpty || Quoted.Values.Any(source => source is QuoteSource.Thought or QuoteSource.Named);

    /// <summary>Takes helps away, to measure what each is worth: <c>arguments</c> without forms of thoughts, <c>calls</c> without any, or <c>none</c>.</summary>
    public const string Variable = "BALTORO_HELP";

    /// <summary>Where a model's file declares its quoted arguments: <c>Read.file_path Write.file_path:asked Edit.old_string:passage</c>.</summary>
    public const string Key = "baltoro.quoted_arguments";

    /// <summary>Where it declares forms of thoughts, see <see cref="ThoughtForms"/>.</summary>
    public const string FormsKey = "baltoro.thought_forms";

    /// <exception cref="ModelFileException">The file's declaration is none.</exception>
    /// <exception cref="ArgumentException">The variable says something else.</exception>
    public static LocalHelp Of(Preface preface, string? allowed)
    {
        IReadOnlyDictionary<string, QuoteSource> quoted = Own(preface, Key, Quoting.Parse);
        Sequence<ThoughtForm> forms = Own(preface, FormsKey, ThoughtForms.Parse);
        Dictionary<string, QuoteSource> nothing = [];
        return allowed switch
        {
            null or "" => new(true, quoted, forms),
            "arguments" => new(true, quoted, []),
            "calls" => new(true, nothing, []),
            "none" => new(false, nothing, []),
            _ => throw new ArgumentException($"{Variable}: is \"{allowed}\"; arguments, calls or none was expected.", nameof(allowed)),
        };
    }

    static T Own<T>(Preface preface, string key, Func<string, T> parse)
    {
        try
        {
            return parse(preface.Own(key) ?? "");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw preface.OwnFault(key, e.Message);
        }
    }
}
