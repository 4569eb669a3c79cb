// The commands that other commands run: sh -c, env, xargs, find -exec and their like. It knows their options, not what is good or bad.

using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

static class Shells
{
    static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "rbash" };

    /// <param name="word">A name or a path.</param>
    public static bool Has(string word) => Names.Contains(Path.GetFileName(word));
}

static class InnerCommands
{
    /// <summary>Programs that run the command behind their options, and those of their options that take a word.</summary>
    static readonly Dictionary<string, string[]> Wrappers = new(StringComparer.Ordinal)
    {
        ["env"] = ["-u", "--unset", "-C", "--chdir"], ["nohup"] = [], ["setsid"] = [], ["nice"] = ["-n", "--adjustment"], ["ionice"] = ["-c", "-n", "-t"],
        ["timeout"] = ["-s", "--signal", "-k", "--kill-after"], ["stdbuf"] = ["-i", "-o", "-e"], ["time"] = ["-f", "-o"], ["command"] = [], ["builtin"] = [], ["exec"] = ["-a"],
        ["sudo"] = ["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T"], ["doas"] = ["-u", "-C"], ["xargs"] = ["-I", "-n", "-P", "-L", "-d", "-a", "-E", "-s", "--max-args", "--max-procs", "--replace", "--delimiter"],
        ["chroot"] = [], ["unshare"] = [], ["strace"] = ["-e", "-o", "-p", "-s"], ["ltrace"] = ["-e", "-o"], ["prlimit"] = [], ["taskset"] = [], ["chrt"] = [], ["busybox"] = [], ["toybox"] = [],
        ["fakeroot"] = [], ["xvfb-run"] = ["-n", "-s", "-e", "-f"], ["dbus-run-session"] = [], ["rlwrap"] = [], ["numactl"] = [], ["valgrind"] = [], ["firejail"] = [], ["proot"] = ["-b", "-r", "-w"],
        ["systemd-run"] = ["-p", "-u", "-M"], ["nsenter"] = ["-t"], ["setarch"] = [], ["linux64"] = [], ["unbuffer"] = [], ["catchsegv"] = [], ["setpriv"] = [], ["runuser"] = ["-u"], ["caffeinate"] = [],
    };

    /// <summary>How many words stand before the command that are no options.</summary>
    static readonly Dictionary<string, int> Operands = new(StringComparer.Ordinal) { ["timeout"] = 1, ["chroot"] = 1, ["taskset"] = 1, ["chrt"] = 1 };

    /// <summary>They run what cannot be seen in their words.</summary>
    static readonly HashSet<string> Opaque = new(StringComparer.Ordinal)
    {
        "parallel", "alias", "bind", "complete", "compgen", "enable", "fc", "ssh-agent", "script", "at", "batch", "crontab", "watch", "flock", "su", "entr", "expect",
        "screen", "tmux", "gdb", "perf", "hyperfine", "sg", "start-stop-daemon", "ex", "vi", "vim", "nvim", "view", "emacs", "ed", "m4",
    };

    /// <summary>Builtins that evaluate the subscript in a variable's name, substitutions in it too.</summary>
    static readonly HashSet<string> Subscripts = new(StringComparer.Ordinal)
    {
        "test", "[", "unset", "printf", "read", "let", "declare", "typeset", "local", "export", "readonly", "mapfile", "readarray", "wait", "getopts",
    };

    /// <summary>Whether a program runs others, by its name without a path.</summary>
    public static bool Runs(string name) => Shells.Has(name) || Wrappers.ContainsKey(name) || Opaque.Contains(name);

    public static void Find(SimpleCommand command, ShellFindings findings)
    {
        if (command.Name is not { } given)
        {
            findings.Doubt($"The name of a command is only known when it runs: {command}");
            return;
        }
        string name = Path.GetFileName(given);
        Sequence<ShellWord> words = command.Words;
        foreach (string variable in command.Assignments)
            if (Variables.Steers(variable)) findings.Doubt($"It sets {variable}, which changes what {name} does.");

        if (Shells.Has(name)) Shell(words, findings);
        else if (name is "eval") Joined(words, 1, findings);
        else if (name is "trap" && words.Count > 2) Joined([words[0], words[1]], 1, findings);
        else if (name is "find") FindActions(words, findings);
        else if (name is "fd" or "fdfind") Behind(words, ["-x", "-X", "--exec", "--exec-batch"], findings);
        else if (Opaque.Contains(name)) findings.Doubt($"What {name} runs cannot be seen in its words.");
        else if (Wrappers.TryGetValue(name, out string[]? valued)) Wrapped(name, words, valued, findings);
        else if (Subscripts.Contains(name)) Builtin(name, words, findings);
        ProgramWords.Find(name, words, findings);
    }

    static void Shell(Sequence<ShellWord> words, ShellFindings findings)
    {
        for (int i = 1; i < words.Count; i++)
        {
            string option = words[i].Text;
            if (option is "-o" or "+o" or "-O" or "+O" or "--rcfile" or "--init-file") i++;
            else if (option.StartsWith('-') && !option.StartsWith("--", StringComparison.Ordinal) && option.Contains('c', StringComparison.Ordinal))
            {
                if (i + 1 == words.Count) findings.Doubt("A shell is given no command.");
                else Joined([words[0], words[i + 1]], 1, findings);
                return;
            }
            else if (option is "-s" or "-") break;
            else if (!words[i].IsLiteral) break;
            // A script's file: a program like any other.
            else if (!option.StartsWith('-')) return;
            else if (option is "--version" or "--help") return;
        }
        findings.Doubt("A shell reads its commands from its input, or they are only known when it runs.");
    }

    /// <summary>Words that a shell joins and reads as a script.</summary>
    static void Joined(Sequence<ShellWord> words, int from, ShellFindings findings)
    {
        ShellWord[] script = [.. words.Skip(from).SkipWhile(word => word.Text == "--")];
        if (script.All(word => word.IsLiteral)) findings.Script(string.Join(' ', script.Select(word => word.Text)));
        else findings.Doubt($"A shell is given a command that is only known when it runs: {string.Join(' ', (object[])script)}");
    }

    static void FindActions(Sequence<ShellWord> words, ShellFindings findings)
    {
        if (words.Any(word => !word.IsLiteral && word.Text.StartsWith(ShellWord.UnknownWords))) findings.Doubt("Which actions find takes is only known when it runs.");
        for (int i = 1; i < words.Count; i++)
        {
            if (words[i].Text is "-delete") findings.Command(new SimpleCommand([], [new ShellWord("rm"), new ShellWord($"./{ShellWord.Unknown}")]));
            if (words[i].Text is "-fprint" or "-fprint0" or "-fprintf" or "-fls" && i + 1 < words.Count) findings.Write(words[i + 1]);
            if (words[i].Text is not ("-exec" or "-execdir" or "-ok" or "-okdir")) continue;
            ShellWord[] inner = [.. words.Skip(i + 1).TakeWhile(word => word.Text is not (";" or "+"))];
            if (inner.Length > 0) findings.Command(new SimpleCommand([], inner.Select(Filled).ToSequence()));
            i += inner.Length;
        }
    }

    /// <summary>Where find and xargs put what they have found.</summary>
    static ShellWord Filled(ShellWord word) => new(word.Text.Replace("{}", ShellWord.Unknown.ToString(), StringComparison.Ordinal));

    static void Behind(Sequence<ShellWord> words, string[] options, ShellFindings findings)
    {
        for (int i = 1; i + 1 < words.Count; i++)
            if (options.Contains(words[i].Text)) findings.Command(new SimpleCommand([], words.Skip(i + 1).Select(Filled).ToSequence()));
    }

    static void Wrapped(string name, Sequence<ShellWord> words, string[] valued, ShellFindings findings)
    {
        int at = 1, operands = Operands.GetValueOrDefault(name);
        List<string> assignments = [];
        while (at < words.Count)
        {
            string word = words[at].Text;
            if (name == "env" && (word is "-S" or "--split-string" || word.StartsWith("-S", StringComparison.Ordinal) || word.StartsWith("--split-string", StringComparison.Ordinal)))
            {
                findings.Doubt("env is given a command in one word (-S).");
                return;
            }
            // "command -v x" asks, and runs nothing.
            if (name == "command" && word is "-v" or "-V") return;
            if (word == "--") at++;
            else if (name is "env" or "sudo" && words[at].Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && !word.StartsWith('-')) assignments.Add(words[at++].Text[..equals]);
            else if (word.StartsWith('-') && word.Length > 1) at += valued.Contains(word) ? 2 : 1;
            else if (operands-- > 0) at++;
            else break;
        }
        if (at >= words.Count) return;
        Sequence<ShellWord> inner = words.Skip(at).Select(word => name == "xargs" ? Filled(word) : word).ToSequence();
        // xargs adds words that only its input knows.
        if (name == "xargs") inner = [.. inner, new ShellWord(ShellWord.UnknownWords.ToString())];
        findings.Command(new SimpleCommand([.. assignments], inner));
    }

    static void Builtin(string name, Sequence<ShellWord> words, ShellFindings findings)
    {
        foreach (ShellWord word in words.Skip(1))
        {
            if (word.Text.Contains("$(", StringComparison.Ordinal) || word.Text.Contains('`', StringComparison.Ordinal))
                findings.Doubt($"{name} is given text that it would itself evaluate: {word}");
            int equals = word.Text.IndexOf('=', StringComparison.Ordinal);
            string variable = equals < 0 ? word.Text : word.Text[..equals];
            if (name is not ("test" or "[" or "printf" or "unset") && Variables.Steers(variable)) findings.Doubt($"It sets {variable}, which changes what later commands mean.");
        }
    }
}
