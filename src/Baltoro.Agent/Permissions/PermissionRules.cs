// Judges what a call would touch: deny before ask before allow, then what holds where no rule speaks. It asks nobody.

using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

/// <summary>What may happen with a call.</summary>
public abstract record Verdict
{
    private Verdict() { }

    public sealed record Allow : Verdict;

    /// <param name="Why">A sentence.</param>
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

    /// <summary>In the project, what makes programs run something later: only with a person's yes.</summary>
    static readonly string[] Planted = [".git", ".baltoro", ".mcp.json", ".claude"];

    /// <summary>In the home folder: not even read.</summary>
    static readonly string[] Secret = [".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".netrc", ".git-credentials", ".npmrc", ".pypirc", ".config/gcloud", ".config/gh", ".config/baltoro"];

    /// <summary>These rules and one more that allows, as after a person's "always".</summary>
    public PermissionRules Allowing(Rule rule) => new(workspace, posture, deny, ask, [.. allow, rule]);

    /// <param name="tool">The tool's name as the model calls it.</param>
    public Verdict Judge(string tool, Footprint footprint) => footprint switch
    {
        Footprint.Nothing => Allowed,
        Footprint.Runs runs when tool is "Bash" => Strictest(Shell(runs.Command)),
        Footprint.Runs => ByName(tool, posture == Posture.Confined ? Allowed : new Verdict.Ask($"{tool} runs code.")),
        Footprint.Reads reads => Strictest(reads.Paths.Select(path => Path(path, ["Read"], Reading(path)))),
        Footprint.Writes writes => Strictest(writes.Paths.Select(path => Path(path, ["Write", "Edit"], Writing(path)))),
        Footprint.Reaches reaches => Decide(rule => rule.Tool == tool && (rule.Pattern is null || Hosts(rule.Pattern, reaches.Url.Host)) ? Fit.Surely : Fit.No,
            reaches.Url.Host, new Verdict.Ask($"It reaches {reaches.Url.Host} on the network.")),
        Footprint.Foreign foreign => ByName(tool, new Verdict.Ask($"{tool} is run by the MCP server {foreign.Server}.")),
        _ => throw new InvalidOperationException($"Unknown footprint {footprint.GetType().Name}."),
    };

    IEnumerable<Verdict> Shell(string script)
    {
        ShellReading reading = ShellReading.Of(script);
        foreach (SimpleCommand command in reading.Commands) yield return Command(command);
        foreach (ShellWord file in reading.Written) yield return Redirected(file, reading);
        bool ruled = deny.Concat(ask).Any(rule => rule.Tool == "Bash");
        if (ruled || !allow.Contains(new Rule("Bash", null)))
            foreach (string doubt in reading.Doubts) yield return new Verdict.Ask(doubt);
    }

    Verdict Command(SimpleCommand command)
    {
        Sequence<ShellWord>[] spellings = [command.Words, .. Spellings(command.Words)];
        bool plain = command.Assignments.All(Variables.IsHarmless);
        Verdict otherwise = posture == Posture.Confined || plain && command.Name is { } name && Showing.Contains(name) ? Allowed : new Verdict.Ask($"It runs: {command}");
        return Decide(
            rule => rule.Tool != "Bash" ? Fit.No : rule.Pattern is null ? Fit.Surely : spellings.Max(words => Pattern.Command(rule.Pattern, words)),
            command.ToString(), otherwise,
            // What allows must fit what is written, not what it may amount to.
            rule => rule.Tool == "Bash" && (rule.Pattern is null || plain && Pattern.Command(rule.Pattern, command.Words) == Fit.Surely));
    }

    /// <summary>Other ways to say the same, so that a rule that denies is not passed by: without the path of the program, without git's own options.</summary>
    static IEnumerable<Sequence<ShellWord>> Spellings(Sequence<ShellWord> words)
    {
        ShellWord name = new(words[0].Text[(words[0].Text.LastIndexOf('/') + 1)..]);
        Sequence<ShellWord> bare = [name, .. words.Skip(1)];
        yield return bare;
        if (name.Text != "git") yield break;
        int at = 1;
        while (at < bare.Count && bare[at].Text.StartsWith('-')) at += bare[at].Text is "-C" or "-c" or "--git-dir" or "--work-tree" or "--namespace" or "--exec-path" ? 2 : 1;
        if (at > 1 && at < bare.Count) yield return [name, .. bare.Skip(at)];
    }

    Verdict Redirected(ShellWord file, ShellReading reading)
    {
        if (file.Text is "/dev/null" or "/dev/stdout" or "/dev/stderr" or "/dev/tty") return Allowed;
        bool moved = !System.IO.Path.IsPathRooted(file.Text) && reading.Commands.Any(command => command.Name is "cd" or "pushd" or "popd");
        if (file.IsLiteral && !moved)
        {
            string path = workspace.Absolute(file.Text);
            return Path(path, ["Write", "Edit"], Writing(path));
        }
        bool ruled = deny.Concat(ask).Any(rule => rule.Tool is "Write" or "Edit");
        return posture == Posture.Confined && !ruled ? Allowed : new Verdict.Ask($"Where it writes is only known when it runs: {file}");
    }

    Verdict Writing(string path)
    {
        if (Real(path) is not { } real) return new Verdict.Ask($"{path} leads in a circle.");
        if (Planted.Any(name => Workspace.IsWithin(real, System.IO.Path.Join(workspace.Folder, name)))) return new Verdict.Ask($"{workspace.Shown(path)} decides what other programs run.");
        bool own = Workspace.IsWithin(real, workspace.Scratch) || workspace.PrivateTmp is { } tmp && Workspace.IsWithin(real, tmp);
        if (own) return Allowed;
        if (!Workspace.IsWithin(real, workspace.Folder)) return new Verdict.Ask($"{path} is outside of the project{(real == path ? "" : $" (it leads to {real})")}.");
        return posture == Posture.Confined ? Allowed : new Verdict.Ask($"It writes {workspace.Shown(path)}.");
    }

    Verdict Reading(string path)
    {
        if (Real(path) is not { } real) return new Verdict.Ask($"{path} leads in a circle.");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (Secret.Any(name => Workspace.IsWithin(real, System.IO.Path.Join(home, name)))) return new Verdict.Ask($"{real} holds secrets.");
        return Workspace.IsWithin(path, workspace.Folder) && !Workspace.IsWithin(real, workspace.Folder)
            ? new Verdict.Ask($"{workspace.Shown(path)} looks like a part of the project and leads to {real}.") : Allowed;
    }

    Verdict Path(string path, string[] tools, Verdict otherwise)
    {
        string real = Real(path) ?? path;
        return Decide(rule => tools.Contains(rule.Tool) && (rule.Pattern is null || Covers(rule.Pattern, path) || Covers(rule.Pattern, real)) ? Fit.Surely : Fit.No,
            workspace.Shown(path), otherwise,
            // A rule that allows a place allows what really lies there.
            rule => tools.Contains(rule.Tool) && (rule.Pattern is null || Covers(rule.Pattern, real)));
    }

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

    static string? Real(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    static Verdict Strictest(IEnumerable<Verdict> verdicts)
    {
        Verdict strictest = Allowed;
        foreach (Verdict verdict in verdicts)
        {
            if (verdict is Verdict.Deny) return verdict;
            if (strictest is Verdict.Allow) strictest = verdict;
        }
        return strictest;
    }
}
