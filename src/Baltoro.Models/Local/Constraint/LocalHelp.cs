// How far a local model is held to what a reply may be. Knows no request and no grammar.

using Baltoro.Engine;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Models.Local;

/// <param name="Calls">Calls and forms of replies are held to their schemas.</param>
/// <param name="Quoted">By <c>TOOL.ARGUMENT</c>: what is limited to quotations from what the model was shown.</param>
sealed record LocalHelp(bool Calls, IReadOnlyDictionary<string, SpanKind> Quoted)
{
    /// <summary>Takes helps away, to measure what each is worth: <c>calls</c> without quotations, or <c>none</c>.</summary>
    public const string Variable = "BALTORO_HELP";

    /// <summary>Where a model's file declares its quoted arguments: <c>Read.file_path Edit.old_string:passage</c>.</summary>
    public const string Key = "baltoro.quoted_arguments";

    /// <exception cref="ModelFileException">The file's declaration is none.</exception>
    /// <exception cref="ArgumentException">The variable says something else.</exception>
    public static LocalHelp Of(Preface preface, string? allowed)
    {
        IReadOnlyDictionary<string, SpanKind> quoted;
        try
        {
            quoted = Quoting.Parse(preface.Own(Key) ?? "");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw preface.OwnFault(Key, e.Message);
        }
        return allowed switch
        {
            null or "" => new(true, quoted),
            "calls" => new(true, new Dictionary<string, SpanKind>()),
            "none" => new(false, new Dictionary<string, SpanKind>()),
            _ => throw new ArgumentException($"{Variable}: is \"{allowed}\"; calls or none was expected.", nameof(allowed)),
        };
    }
}
