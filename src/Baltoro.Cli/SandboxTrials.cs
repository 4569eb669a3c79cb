// Whether projects can be given a sandbox, tried once each, and begun before somebody has to know. It refuses to know what follows from it.

using Baltoro.Agent.Sandbox;

namespace Baltoro.Cli;

/// <summary>Not thread-safe.</summary>
/// <param name="network">Whether programs in them reach the network.</param>
sealed class SandboxTrials(bool network)
{
    readonly Dictionary<string, Task<SandboxSearch>> _begun = new(StringComparer.Ordinal);

    /// <param name="project">It exists.</param>
    public Task<SandboxSearch> Of(string project)
    {
        // To start a program takes a while by itself, so that it is not done on this thread.
        if (!_begun.TryGetValue(project, out Task<SandboxSearch>? trial)) _begun.Add(project, trial = Task.Run(() => SandboxSearch.Find(project, network)));
        return trial;
    }
}
