// Where it is kept what `baltoro use` chose: one name. It refuses to know what the name means.

namespace Baltoro.Models;

/// <summary>Safe to use from several threads and processes: the last one to write wins.</summary>
public interface IChoices
{
    /// <summary>For people.</summary>
    string Path { get; }

    /// <summary>Another one after each change. Cheap enough to be asked for with every request; allocates nothing.</summary>
    DateTime Stamp { get; }

    /// <summary>The name; null when nothing is chosen.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    string? Read();

    /// <exception cref="IOException">It cannot be written; what was chosen before stands.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    void Write(string name);

    /// <summary>Chooses nothing: the configuration's default stands again.</summary>
    void Clear();
}
