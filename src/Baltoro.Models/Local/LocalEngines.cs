// The models that a process has loaded, each once. Knows no conversation.

using System.Collections.Concurrent;
using Baltoro.Chat;
using Baltoro.Engine;

namespace Baltoro.Models.Local;

/// <summary>Loads a model when it is asked for the first time; whoever comes while it loads waits for the same one. Safe from any thread.</summary>
/// <param name="options">How a file is run.</param>
/// <param name="progress">Where to tell how far the loading of a file is; null for nowhere.</param>
/// <param name="told">Gets a sentence for each model whose packed weights cannot be kept, when it is loaded; from any thread. Null where nobody listens.</param>
public sealed class LocalEngines(Func<string, ModelOptions> options, Func<string, IProgress<double>?> progress, Action<string>? told = null) : IDisposable
{
    readonly ConcurrentDictionary<string, Lazy<Task<LocalEngine>>> _engines = new(StringComparer.Ordinal);

    /// <exception cref="ModelFileException">The file is damaged, or of a kind that is not run. The next call tries again.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<LocalEngine> Get(string path, CancellationToken cancellation)
    {
        Lazy<Task<LocalEngine>> engine = _engines.GetOrAdd(path, key => new(() => Task.Run(() => Open(key), CancellationToken.None)));
        try
        {
            return await engine.Value.WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _engines.TryRemove(new(path, engine));
            throw;
        }
    }

    LocalEngine Open(string path)
    {
        LocalEngine engine = LocalEngine.Open(path, options(path), progress(path));
        if (engine.NoPanelFile is { } why) told?.Invoke($"{path}: the packed weights are not kept, so that each start packs them anew: {why}");
        return engine;
    }

    public void Dispose()
    {
        foreach (Lazy<Task<LocalEngine>> engine in _engines.Values)
            // One that is still loading goes with the process.
            if (engine.IsValueCreated && engine.Value is { IsCompletedSuccessfully: true, Result: var loaded }) loaded.Dispose();
    }
}
