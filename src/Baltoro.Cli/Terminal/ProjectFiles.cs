// The names of a project's files for whoever is typing one: looked for beside, so that no key waits for a disk. It refuses to know what is typed.

using System.Text.RegularExpressions;
using Baltoro.Agent.Tools;

namespace Baltoro.Cli.Terminal;

/// <summary>Belongs to one thread.</summary>
/// <param name="folder">Absolute.</param>
/// <param name="found">Called from another thread when there are names that were not there before.</param>
sealed partial class ProjectFiles(string folder, TimeProvider clock, Action found)
{
    const int MostLooked = 50_000;
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    Task<string[]> _looking = Task.FromResult<string[]>([]);
    string[] _known = [];
    long _since;

    /// <summary>Paths below the folder as far as they are known, in no order that matters; looks anew when that was a while ago.</summary>
    public IReadOnlyList<string> Known
    {
        get
        {
            if (!_looking.IsCompleted) return _known;
            if (_looking.IsCompletedSuccessfully) _known = _looking.Result;
            if (_since == 0 || clock.GetElapsedTime(_since) > Fresh)
            {
                _since = clock.GetTimestamp();
                _looking = Task.Run(Look);
            }
            return _known;
        }
    }

    string[] Look()
    {
        string[] paths = [.. FileWalk.Files(folder, folder, CancellationToken.None).Take(MostLooked).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Where(path => !Passed().IsMatch(path))];
        found();
        return paths;
    }

    /// <summary>What nobody means, and what could not be typed.</summary>
    [GeneratedRegex("""(^|/)(node_modules|bin|obj|\.venv|__pycache__|artifacts)/|["\p{Cc}]""")]
    private static partial Regex Passed();
}
