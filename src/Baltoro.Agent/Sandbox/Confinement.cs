// How far a started program can reach. It refuses to know what the program is for.

using Baltoro.Chat;

namespace Baltoro.Agent.Sandbox;

/// <summary>What stands around the programs that the model has run.</summary>
public abstract partial record Confinement
{
    private Confinement() { }

    /// <summary>Names of environment variables that programs do not get, besides those whose names say that they are secret.</summary>
    public Sequence<string> Hidden { get; init; }

    /// <summary>The program's name and arguments as they are really started.</summary>
    /// <param name="command">Name or path, then arguments.</param>
    /// <param name="folder">Absolute; where it runs.</param>
    internal abstract Sequence<string> Around(Sequence<string> command, string folder);

    /// <summary>Called before a program starts.</summary>
    /// <returns>
    /// What puts right what could not be kept from it: to be called when it has ended with all that it had started, and while one that lives on has nothing to do.
    /// From any thread.
    /// </returns>
    internal virtual Action Aftermath() => static () => { };

    /// <summary>Nothing: the program may do what its user may.</summary>
    public sealed record Open : Confinement
    {
        internal override Sequence<string> Around(Sequence<string> command, string folder) => command;
    }
}
