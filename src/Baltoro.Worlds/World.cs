// A folder with a task in it: what lies there, what is asked, and how the folder must look when it is done. It refuses to know who does it.

namespace Baltoro.Worlds;

/// <summary>The kinds of work that the small model is for.</summary>
public enum Skill
{
    /// <summary>From file to file; what is asked stands in the last.</summary>
    Trail,

    /// <summary>From file to file; each has a word that is asked.</summary>
    Collect,

    /// <summary>An identifier gets another name in all files.</summary>
    Rename,

    /// <summary>A line is put on top of all files that lack it.</summary>
    Header,

    /// <summary>All TODO lines go into a report.</summary>
    Todos,

    /// <summary>Anything else: to be declined.</summary>
    Decline,
}

/// <summary>Paths have slashes, contents end without a line feed. Immutable.</summary>
public abstract record World(string Request)
{
    public abstract Skill Skill { get; }

    /// <summary>What lies in the folder before.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>What lies in the folder when the task is done, and nothing else.</summary>
    public abstract IReadOnlyDictionary<string, string> Done { get; }

    /// <summary>What the answer must say, where the folder alone does not tell that the task was understood; empty where it does.</summary>
    public virtual string Says => "";

    /// <summary>The files of <see cref="Files"/> with some put on top.</summary>
    protected Dictionary<string, string> With(params IEnumerable<KeyValuePair<string, string>> changed)
    {
        Dictionary<string, string> all = new(Files, StringComparer.Ordinal);
        foreach ((string path, string text) in changed) all[path] = text;
        return all;
    }
}
