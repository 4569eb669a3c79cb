// What "always" means for a call: the narrowest rules that people expect and that would have allowed it. It asks nobody.

using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

static class Always
{
    /// <summary>Programs whose second word says what they do; of the first, then, only that is allowed.</summary>
    static readonly HashSet<string> Verbs = new(StringComparer.Ordinal)
    {
        "git", "npm", "pnpm", "yarn", "bun", "cargo", "dotnet", "go", "pip", "pip3", "uv", "poetry", "gh", "kubectl", "helm", "terraform", "systemctl", "apt", "apt-get", "brew", "bundle", "rails", "mix", "composer",
    };

    /// <summary>Of these, the third word says it: <c>npm run test</c>.</summary>
    static readonly HashSet<string> Scripts = new(StringComparer.Ordinal) { "npm run", "pnpm run", "yarn run", "bun run", "uv run", "poetry run", "bundle exec", "npm exec", "pnpm exec", "go tool", "dotnet tool" };

    /// <summary>Programs that do anything, or destroy, depending on their words: those words and no others are allowed.</summary>
    static readonly HashSet<string> Exact = new(StringComparer.Ordinal)
    {
        "python", "python3", "node", "deno", "perl", "ruby", "php", "lua", "awk", "gawk", "mawk", "sed", "docker", "podman", "ssh", "scp", "rsync", "curl", "wget", "nc", "socat", "npx", "bunx", "pipx", "uvx",
        "rm", "rmdir", "mv", "cp", "ln", "dd", "chmod", "chown", "install", "tee", "truncate", "shred", "kill", "pkill", "killall", "mkfs", "mount", "umount", "tar", "unzip", "find", "fd", "fdfind", "xargs", "eval", "trap", "source", ".",
    };

    /// <returns>Empty where no rule would do: a rule asks, or what is run is only known when it runs.</returns>
    public static Sequence<Rule> For(string tool, Footprint footprint, PermissionRules rules)
    {
        foreach (Sequence<Rule> candidate in Candidates(tool, footprint, rules))
            if (!candidate.IsEmpty && rules.Allowing(candidate).Judge(tool, footprint) is Verdict.Allow) return candidate;
        return [];
    }

    static Sequence<Rule>[] Candidates(string tool, Footprint footprint, PermissionRules rules) => footprint switch
    {
        Footprint.Runs runs when tool is "Bash" && Commands(runs.Command, rules) is { } commands => [commands, [.. commands, new Rule("Edit", null)]],
        Footprint.Runs when tool is not "Bash" => [[new Rule(tool, null)]],
        // All of the project; outside of it and where it is guarded, the file itself.
        Footprint.Writes writes => [[new Rule("Edit", null)], Files("Edit", writes.Paths)],
        Footprint.Reads reads => [Files("Read", reads.Paths)],
        Footprint.Reaches reaches => [[new Rule(tool, $"domain:{reaches.Url.Host}")]],
        Footprint.Foreign => [[new Rule(tool, null)]],
        _ => [],
    };

    static Sequence<Rule> Files(string tool, Sequence<string> paths) =>
        paths.Any(path => path.Contains('*', StringComparison.Ordinal)) ? [] : paths.Select(path => new Rule(tool, Place.Real(path) ?? path)).ToSequence();

    /// <summary>Null where a command cannot be put into a rule.</summary>
    static Sequence<Rule>? Commands(string script, PermissionRules rules)
    {
        List<Rule> all = [];
        foreach (SimpleCommand command in ShellReading.Of(script).Commands)
        {
            if (rules.Command(command) is not Verdict.Ask) continue;
            if (Pattern(command) is not { } pattern) return null;
            if (!all.Contains(new Rule("Bash", pattern))) all.Add(new("Bash", pattern));
        }
        return [.. all];
    }

    static string? Pattern(SimpleCommand command)
    {
        string[] words = [.. command.Words.TakeWhile(word => IsPlain(word)).Select(word => word.Text)];
        if (words.Length == 0) return null;
        string name = Path.GetFileName(words[0]);
        if (Exact.Contains(name) || InnerCommands.Runs(name)) return words.Length == command.Words.Count ? string.Join(' ', words) : null;
        if (!Verbs.Contains(name)) return $"{words[0]}:*";
        if (words.Length == 1) return command.Words.Count == 1 ? words[0] : null;
        // An option in front of the verb can change all: git -c core.pager=…
        if (words[1].StartsWith('-')) return words.Length == command.Words.Count ? string.Join(' ', words) : null;
        if (!Scripts.Contains($"{name} {words[1]}")) return $"{words[0]} {words[1]}:*";
        return words.Length > 2 && !words[2].StartsWith('-') ? $"{words[0]} {words[1]} {words[2]}:*" : null;
    }

    /// <summary>Whether a rule can say this word and nothing else.</summary>
    static bool IsPlain(ShellWord word) => word.IsLiteral && word.Text.Length > 0 && !word.Text.Any(c => char.IsWhiteSpace(c) || c == '*');
}
