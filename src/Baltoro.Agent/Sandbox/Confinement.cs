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

    /// <summary>Puts right what could not be kept from a program; called when one has ended with all that it had started. From any thread.</summary>
    internal virtual void After()
    {
    }

    /// <summary>Nothing: the program may do what its user may.</summary>
    public sealed record Open : Confinement
    {
        internal override Sequence<string> Around(Sequence<string> command, string folder) => command;
    }
}
