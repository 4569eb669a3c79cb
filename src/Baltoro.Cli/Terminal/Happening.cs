// What the interactive mode has to react to, one thing at a time; it refuses to know the reactions.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;

namespace Baltoro.Cli.Terminal;

abstract record Happening
{
    private Happening() { }

    public sealed record KeyPressed(Key Key) : Happening;

    /// <summary>The keyboard is gone: its terminal was closed.</summary>
    public sealed record InputEnded : Happening;

    /// <param name="Before">With the beginning of a call that writes a file: what that held; null where nobody has looked.</param>
    public sealed record Logged(LoggedEvent Event, string? Before) : Happening;

    public sealed record Noticed(LiveNotice Notice) : Happening;

    public sealed record Asked(Question Question) : Happening;

    /// <param name="Sentence">Something that the person should know.</param>
    public sealed record Told(string Sentence) : Happening;

    /// <param name="Share">How much of a model's file is loaded, from 0 to 1.</param>
    public sealed record Loading(double Share) : Happening;

    /// <summary>The wait for a model's file is over.</summary>
    /// <param name="Problem">Why it cannot be asked; empty when nobody waits any longer; null when it can.</param>
    public sealed record Loaded(string? Problem) : Happening;

    /// <param name="Problem">What went wrong outside of the run; null when it ended as runs do.</param>
    public sealed record RunEnded(string? Problem) : Happening;

    /// <summary>The person's own command has said something.</summary>
    /// <param name="Taken">To be called when it was dealt with: no more is read before.</param>
    public sealed record ShellSaid(string Text, Action Taken) : Happening;

    /// <param name="Code">Null when it was stopped.</param>
    /// <param name="Output">What it said, for the model.</param>
    public sealed record ShellEnded(int? Code, string Output) : Happening;

    public sealed record Tick : Happening;

    /// <summary>The window has another size, or was somebody else's for a while.</summary>
    public sealed record WindowChanged : Happening;
}
