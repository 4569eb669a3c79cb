// The model in the box: where its file lies, and how it is opened. It refuses to know what it is asked.

using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Gateway;

namespace Baltoro.Cli.Demo;

/// <summary>What helps the model to write a call.</summary>
sealed record Help(bool Grammar, bool Spans, bool Indices);

static class Piolet
{
    /// <summary>Calls of the longest task that it does in 18 of 20 tries.</summary>
    public const int Steps = 300;

    public static PioletModel Open(string? file) => throw new UserException("there is none yet");
}

sealed class PioletModel : IDisposable
{
    public required IChatModel Chat { get; init; }

    public ModelCard Card => Chat.Card;

    public double Parameters { get; init; }

    public IReadOnlyList<(string Name, Help Help)> Helps => [];

    public IChatModel With(Help help) => Chat;

    public void Dispose()
    {
    }
}
