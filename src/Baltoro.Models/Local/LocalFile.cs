// What can be said of a model file without loading it: its card. Knows no weights.

using Baltoro.Chat;
using Baltoro.Engine;

namespace Baltoro.Models.Local;

/// <summary>A model file's words about itself.</summary>
public abstract record LocalFile
{
    private LocalFile() { }

    /// <param name="Name">What the file calls itself; empty when it does not.</param>
    /// <param name="Context">The longest text in tokens: what the model was made for, or what the caches have memory for.</param>
    /// <param name="Format">The name of its chat format.</param>
    public sealed record Readable(string Name, int Context, string Format) : LocalFile
    {
        internal ChatFormat Chat { get; init; } = null!;

        internal ModelScope Scope { get; init; }
    }

    /// <param name="Problem">Why the file cannot be run, in the words of a message.</param>
    public sealed record Unreadable(string Problem) : LocalFile;

    /// <summary>Reads what a file, or the folder of a checkpoint, says of itself; takes milliseconds, whatever its size.</summary>
    public static LocalFile Look(string path)
    {
        try
        {
            return Preface.Look(path, preface =>
            {
                ChatFormat format = FormatChoice.Of(preface);
                return new Readable(preface.Name, Window(preface), format.Name) { Chat = format, Scope = FormatChoice.ScopeOf(preface) };
            });
        }
        catch (Exception e) when (e is ModelFileException or IOException or UnauthorizedAccessException)
        {
            return new Unreadable(e.Message);
        }
    }

    /// <summary>As the engine's pages will have it, 32 positions to a page.</summary>
    static int Window(Preface preface) => preface.CacheBytes is > 0 and var bytes
        ? (int)Math.Min(preface.Context, new ModelOptions().CacheMemory / (32 * bytes) * 32) : preface.Context;

    /// <summary>The card of a model that is to be run from a file.</summary>
    /// <param name="id">The name by which it is asked for.</param>
    /// <param name="origin">Who it is: bound into what it thinks.</param>
    /// <param name="window">The user's own limit; null for none.</param>
    public static ModelCard Card(string id, Origin origin, Readable file, int? window, int? output)
    {
        ChatFormat format = file.Chat;
        int context = Math.Min(window ?? int.MaxValue, file.Context);
        return new()
        {
            Id = id,
            Origin = origin,
            Dialect = format.Dialect,
            Window = context,
            // A narrow model says little; what it does not say need not be kept free for it.
            OutputLimit = Math.Min(output ?? (file.Scope == ModelScope.Narrow ? context * 3 / 8 : context), context),
            Prices = new(0, 0),
            Scope = file.Scope,
            Ids = format.Ids,
            Thinking = format.Thinking,
            ToolChoices = ToolChoiceSupport.All,
            SystemTurns = format.SystemTurns,
            Prefill = true,
        };
    }
}
