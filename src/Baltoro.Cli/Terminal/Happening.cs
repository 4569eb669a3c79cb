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

    public sealed record Logged(LoggedEvent Event) : Happening;

    public sealed record Noticed(LiveNotice Notice) : Happening;

    public sealed record Asked(Question Question) : Happening;

    /// <param name="Sentence">Something that the person should know.</param>
    public sealed record Told(string Sentence) : Happening;

    /// <param name="Problem">What went wrong outside of the run; null when it ended as runs do.</param>
    public sealed record RunEnded(string? Problem) : Happening;

    /// <summary>Time passed, or the window has another size.</summary>
    public sealed record Tick : Happening;
}
