// Judges what a call would touch: deny before ask before allow, then what holds where no rule speaks. It asks nobody.

using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

/// <summary>What may happen with a call.</summary>
public abstract record Verdict
{
    private Verdict() { }

    public sealed record Allow : Verdict;

    /// <param name="Why">A sentence; one a line where there are several reasons.</param>
    public sealed record Ask(string Why) : Verdict;

    /// <param name="Why">A sentence that names the rule.</param>
    public sealed record Deny(string Why) : Verdict;
}

/// <summary>What holds where no rule speaks.</summary>
public enum Posture
{
    /// <summary>A person is asked before something is changed or run.</summary>
    Attended,

    /// <summary>Nobody is there, and the sandbox bounds what commands can do: they run, and the project may be changed.</summary>
    Confined,
}

/// <summary>The rules of a session. Immutable; safe from any thread.</summary>
public sealed class PermissionRules(Workspace workspace, Posture posture, Sequence<Rule> deny, Sequence<Rule> ask, Sequence<Rule> allow)
{
    static readonly Verdict.Allow Allowed = new();

    /// <summary>Programs that only show, whatever their arguments.</summary>
    static readonly HashSet<string> Showing = new(StringComparer.Ordinal)
    {
        "ls", "cat", "head", "tail", "wc", "stat", "du", "df", "pwd", "echo", "true", "false", "basename", "dirname", "realpath", "readlink", "which", "type", "id", "whoami", "uname",
        "nproc", "cut", "tr", "nl", "tac", "rev", "paste", "comm", "cmp", "diff", "md5sum", "sha1sum", "sha256sum", "od", "seq", "grep", "egrep", "fgrep", "test", "[", ":", "cd", "sleep",
        // What it runs is judged by itself.
        "command",
    };

    /// <summary>These rules and some more that allow, as after a person's "always".</summary>
    public PermissionRules Allowing(Sequence<Rule> rules) => new(workspace, posture, deny, ask, [.. allow, .. rules]);

    /// <param name="tool">The tool's name as the model calls it.</param>
    public Verdict Judge(string tool, Footprint footprint) => footprint switch
    {
        Footprint.Nothing => ByName(tool, Allowed),
        Footprint.Runs runs when tool is "Bash" => Strictest(Shell(runs.Command)),
        Footprint.Runs => ByName(tool, posture == Posture.Confined ? Allowed : new Verdict.Ask($"{tool} runs code.")),
        Footprint.Reads reads => Strictest(reads.Paths.Select(path => Reading(tool, path))),
        Footprint.Writes writes => Strictest(writes.Paths.Select(Writing)),
        Footprint.Reaches reaches => Decide(rule => rule.Tool == tool && (rule.Pattern is null || Hosts(rule.Pattern, reaches.Url.Host)) ? Fit.Surely : Fit.No,
            reaches.Url.Host, new Verdict.Ask($"It reaches {reaches.Url.Host} on the network.")),
        Footprint.Foreign foreign => ByName(tool, new Verdict.Ask($"{tool} is run by the MCP server {foreign.Server}.")),
        _ => throw new InvalidOperationException($"Unknown footprint {footprint.GetType().Name}."),
    };

    /// <summary>Whether a file may be read, or written, without asking anybody.</summary>
    /// <param name="real">Absolute, links followed.</param>
    public bool MayRead(string real) => Reading("Read", real) is Verdict.Allow;

    /// <inheritdoc cref="MayRead"/>
    public bool MayWrite(string real) => Writing(real) is Verdict.Allow;

    IEnumerable<Verdict> Shell(string script)
    {
        ShellReading reading = ShellReading.Of(script);
        foreach (SimpleCommand command in reading.Commands) yield return Command(command);
        foreach (ShellWord file in reading.Written) yield return Redirected(file, reading);
        foreach (ShellWord place in reading.Touched) yield return Touched(place, reading);
        bool ruled = deny.Concat(ask).Any(rule => rule.Tool == "Bash");
        if (ruled || !allow.Contains(new Rule("Bash", null)))
            foreach (string doubt in reading.Doubts) yield return new Verdict.Ask(doubt);
    }

    /// <summary>One command of a script, by itself.</summary>
    internal Verdict Command(SimpleCommand command)
    {
        Sequence<ShellWord>[] spellings = [command.Words, .. Spellings(command.Words)];
        bool plain = command.Assignments.All(Variables.IsHarmless);
        Verdict otherwise = posture == Posture.Confined ? Allowed
            : !plain || command.Name is not { } name || !Showing.Contains(name) ? new Verdict.Ask($"It runs: {command}")
            : command.Words.Skip(1).Select(word => Shown(word, name is "grep" or "egrep" or "fgrep")).FirstOrDefault(warning => warning is not null) is { } warning ? new Verdict.Ask(warning) : Allowed;
        return Decide(
            rule => rule.Tool != "Bash" ? Fit.No : rule.Pattern is null ? Fit.Surely : spellings.Max(words => Pattern.Command(rule.Pattern, words)),
            command.ToString(), otherwise,
            // What allows must fit what is written, not what it may amount to.
            rule => rule.Tool == "Bash" && (rule.Pattern is null || plain && Pattern.Command(rule.Pattern, command.Words) == Fit.Surely));
    }

    /// <summary>Why a person is asked before a program shows what this word names; null for an ordinary word.</summary>
    string? Shown(ShellWord word, bool isSearched)
    {
        // Up to what only the shell will know: ~/.ssh/*.
        int known = word.Text.AsSpan().IndexOfAny(ShellWord.Unknown, ShellWord.UnknownWords);
        string text = known < 0 ? word.Text : word.Text[..known];
        if (text.Length == 0 || text.StartsWith('-') || !text.Contains('/', StringComparison.Ordinal) && !text.StartsWith('~')) return null;
        string path = workspace.Absolute(text);
        return Place.ToRead(path, workspace).Warning ?? (isSearched && Place.HoldsSecrets(path) ? $"{text} holds secrets." : null);
    }

    /// <summary>Other ways to say the same, so that a rule that denies is not passed by: without the path of the program, without git's own options.</summary>
    static IEnumerable<Sequence<ShellWord>> Spellings(Sequence<ShellWord> words)
    {
        ShellWord name = new(words[0].Text[(words[0].Text.LastIndexOf('/') + 1)..]);
        Sequence<ShellWord> bare = [name, .. words.Skip(1)];
        yield return bare;
        // git's commands are programs of their own, too.
        if (name.Text.StartsWith("git-", StringComparison.Ordinal)) yield return [new("git"), new(name.Text[4..]), .. words.Skip(1)];
        if (name.Text != "git") yield break;
        int at = 1;
        while (at < bare.Count && bare[at].Text.StartsWith('-')) at += bare[at].Text is "-C" or "-c" or "--git-dir" or "--work-tree" or "--namespace" or "--exec-path" ? 2 : 1;
        if (at > 1 && at < bare.Count) yield return [name, .. bare.Skip(at)];
    }

    Verdict Redirected(ShellWord file, ShellReading reading)
    {
        if (file.Text is "/dev/null" or "/dev/stdout" or "/dev/stderr" or "/dev/tty") return Allowed;
        bool moved = !System.IO.Path.IsPathRooted(file.Text) && reading.Commands.Any(command => command.Name is "cd" or "pushd" or "popd");
        if (file.IsLiteral && !moved) return Writing(workspace.Absolute(file.Text));
        bool ruled = deny.Concat(ask).Any(rule => rule.Tool is "Write" or "Edit");
        return posture == Posture.Confined && !ruled ? Allowed : new Verdict.Ask($"Where it writes is only known when it runs: {file}");
    }

    /// <summary>What a command changes in the project is judged with the command; elsewhere, and where it is guarded, as if it were written.</summary>
    Verdict Touched(ShellWord place, ShellReading reading)
    {
        // With nobody there, the sandbox bounds it, or the user has said that nothing need.
        if (posture == Posture.Confined || !place.IsLiteral || place.Text is "" or "-" or "/dev/null" or "/dev/stdout" or "/dev/stderr" or "/dev/tty") return Allowed;
        if (!System.IO.Path.IsPathRooted(place.Text) && !place.Text.StartsWith('~') && reading.Commands.Any(command => command.Name is "cd" or "pushd" or "popd")) return Allowed;
        string path = workspace.Absolute(place.Text);
        return Place.ToWrite(path, workspace).Warning is null ? Allowed : Writing(path);
    }

    Verdict Writing(string path)
    {
        bool isFree = posture == Posture.Confined || Place.Real(path) is { } real && Place.IsOwn(real, workspace);
        return At(path, Place.ToWrite(path, workspace), ["Write", "Edit"], isFree ? Allowed : new Verdict.Ask($"It writes {workspace.Shown(path)}."));
    }

    /// <summary>What searches files reads them: rules of Read hold for it too.</summary>
    Verdict Reading(string tool, string path) => At(path, Place.ToRead(path, workspace), ["Read", tool], Allowed);

    Verdict At(string path, Place place, string[] tools, Verdict ordinary)
    {
        string real = Place.Real(path) ?? path;
        return Decide(rule => tools.Contains(rule.Tool) && (rule.Pattern is null || Covers(rule.Pattern, path) || Covers(rule.Pattern, real)) ? Fit.Surely : Fit.No,
            workspace.Shown(path), place.Warning is { } warning ? new Verdict.Ask(warning) : ordinary,
            // A rule that allows a place allows what really lies there; and what is guarded only where it says so.
            rule => tools.Contains(rule.Tool) && (rule.Pattern is null ? place.Warning is null : Covers(rule.Pattern, real) && Names(rule.Pattern, place.Guard)));
    }

    bool Names(string pattern, string guard) =>
        pattern.IndexOf('*', StringComparison.Ordinal) is var star && Workspace.IsWithin(workspace.Absolute(star < 0 ? pattern : pattern[..star]), guard);

    bool Covers(string pattern, string path)
    {
        if (pattern.StartsWith("./", StringComparison.Ordinal)) pattern = pattern[2..];
        if (pattern.StartsWith('/') || pattern.StartsWith('~')) return Pattern.Path(workspace.Absolute(pattern), path);
        return Workspace.IsWithin(path, workspace.Folder) && Pattern.Path(pattern, System.IO.Path.GetRelativePath(workspace.Folder, path));
    }

    static bool Hosts(string pattern, string host) =>
        pattern.StartsWith("domain:", StringComparison.Ordinal) && pattern[7..] is var domain
        && (string.Equals(host, domain, StringComparison.OrdinalIgnoreCase) || domain.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(domain[1..], StringComparison.OrdinalIgnoreCase));

    Verdict ByName(string tool, Verdict otherwise) =>
        Decide(rule => rule.Pattern is null && (rule.Tool == tool || tool.StartsWith(rule.Tool + "__", StringComparison.Ordinal)
            || rule.Tool.EndsWith('*') && tool.StartsWith(rule.Tool[..^1], StringComparison.Ordinal)) ? Fit.Surely : Fit.No, tool, otherwise);

    Verdict Decide(Func<Rule, Fit> fits, string what, Verdict otherwise, Func<Rule, bool>? allows = null)
    {
        if (deny.FirstOrDefault(rule => fits(rule) == Fit.Surely) is { } denied) return new Verdict.Deny($"The rule {denied} denies: {what}");
        if (deny.FirstOrDefault(rule => fits(rule) == Fit.Possibly) is { } could) return new Verdict.Ask($"It could be what the rule {could} denies: {what}");
        if (ask.FirstOrDefault(rule => fits(rule) != Fit.No) is { } asked) return new Verdict.Ask($"The rule {asked} asks before: {what}");
        return allow.Any(allows ?? (rule => fits(rule) == Fit.Surely)) ? Allowed : otherwise;
    }

    /// <summary>One that denies; else all that ask, for who says yes says it to each of them.</summary>
    static Verdict Strictest(IEnumerable<Verdict> verdicts)
    {
        List<string> asked = [];
        foreach (Verdict verdict in verdicts)
        {
            if (verdict is Verdict.Deny) return verdict;
            if (verdict is Verdict.Ask { Why: var why } && !asked.Contains(why)) asked.Add(why);
        }
        return asked.Count == 0 ? Allowed : new Verdict.Ask(string.Join('\n', asked));
    }
}
