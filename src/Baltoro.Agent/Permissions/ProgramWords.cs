// Programs that run or write something else when their own words say so: git -c alias, awk's system, tar's actions, tee, dd. It knows their words, not what is good or bad.

using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

static partial class ProgramWords
{
    /// <summary>Options of tar that name a program.</summary>
    static readonly string[] TarActions = ["--checkpoint-action", "--to-command", "--use-compress-program", "--info-script", "--new-volume-script", "--rsh-command", "--rmt-command", "-I", "-F"];

    /// <summary>What <c>git -c</c> may set without git running something for it.</summary>
    static readonly string[] GitTame = ["color.", "user.", "advice.", "core.quotepath", "core.autocrlf", "core.eol", "core.ignorecase", "core.longpaths", "init.defaultbranch", "i18n.", "log.", "status.", "pull.", "push.default", "safe.directory"];

    /// <summary>Their last operand, or what <c>-t</c> names, is written.</summary>
    static readonly HashSet<string> Copying = new(StringComparer.Ordinal) { "cp", "mv", "ln", "install", "rsync" };

    /// <summary>All their operands are written.</summary>
    static readonly HashSet<string> Filling = new(StringComparer.Ordinal) { "tee", "truncate", "touch", "mkdir", "rm", "rmdir", "chmod", "chown", "chgrp", "shred", "unlink" };

    public static void Find(string name, Sequence<ShellWord> words, ShellFindings findings)
    {
        switch (name)
        {
            case "awk" or "gawk" or "mawk" or "nawk" when words.Any(word => AwkRuns().IsMatch(Quoted().Replace(word.Text, "\"\""))):
                findings.Doubt("awk is given a program that runs others.");
                break;
            case "sed" or "gsed" when SedScripts(words).Any(script => SedScript.Reaches(script)):
                findings.Doubt("sed is given a script that runs commands, or writes files.");
                break;
            case "tar" or "gtar" or "bsdtar" when words.Any(word => TarActions.Any(option => word.Text == option || word.Text.StartsWith(option + "=", StringComparison.Ordinal) || option.Length == 2 && word.Text.StartsWith(option, StringComparison.Ordinal))):
                findings.Doubt("tar is given a program to run.");
                break;
            case "git": Git(words, findings); break;
            case "mapfile" or "readarray" when words.Any(word => word.Text.StartsWith("-C", StringComparison.Ordinal)):
                findings.Doubt($"{name} -C runs a command for each lines that it reads.");
                break;
            case "hash" when words.Count > 1:
                findings.Doubt("hash changes which program a name means.");
                break;
            case "declare" or "typeset" or "local" when words.Skip(1).Any(word => word.Text.StartsWith('-') && word.Text.Contains('n', StringComparison.Ordinal)):
                findings.Doubt($"{name} -n gives a variable another name, by which it is then set.");
                break;
            case "printf" when words.Count > 2 && words[1].Text == "-v" && (!words[2].IsLiteral || Variables.Steers(words[2].Text)):
                findings.Doubt($"It sets {words[2]}, which changes what later commands mean.");
                break;
            case "rsync" or "scp" or "sftp" when words.Any(word => word.Text is "-e" or "-S" or "-o" || word.Text.StartsWith("--rsh", StringComparison.Ordinal) || word.Text.StartsWith("--rsync-path", StringComparison.Ordinal)):
                findings.Doubt($"{name} is given a program to run.");
                break;
            case "dd":
                foreach (ShellWord word in words.Where(word => word.Text.StartsWith("of=", StringComparison.Ordinal))) findings.Touch(new(word.Text[3..]));
                break;
            case "sort" when At(words, "-o") is > 0 and var at && at + 1 < words.Count: findings.Touch(words[at + 1]); break;
        }
        if (Copying.Contains(name) && Destination(words) is { } destination) findings.Touch(destination);
        if (Filling.Contains(name))
            foreach (ShellWord word in words.Skip(1).Where(word => !word.Text.StartsWith('-'))) findings.Touch(word);
    }

    static int At(Sequence<ShellWord> words, string text)
    {
        for (int i = 1; i < words.Count; i++)
            if (words[i].Text == text) return i;
        return -1;
    }

    static ShellWord? Destination(Sequence<ShellWord> words)
    {
        for (int i = 1; i < words.Count; i++)
        {
            if (words[i].Text is "-t" or "--target-directory" && i + 1 < words.Count) return words[i + 1];
            if (words[i].Text.StartsWith("--target-directory=", StringComparison.Ordinal)) return new(words[i].Text["--target-directory=".Length..]);
        }
        ShellWord[] operands = [.. words.Skip(1).Where(word => !word.Text.StartsWith('-'))];
        return operands.Length > 1 ? operands[^1] : null;
    }

    /// <summary>Every word that could be one: which are files does not matter for a doubt.</summary>
    static IEnumerable<string> SedScripts(Sequence<ShellWord> words)
    {
        bool hasScript = false;
        for (int i = 1; i < words.Count; i++)
        {
            string word = words[i].Text;
            if (word is "-e" or "--expression" && i + 1 < words.Count)
            {
                hasScript = true;
                yield return words[++i].Text;
            }
            else if (word.StartsWith("--expression=", StringComparison.Ordinal))
            {
                hasScript = true;
                yield return word["--expression=".Length..];
            }
            else if (word is "-f" || word.StartsWith("--file", StringComparison.Ordinal)) hasScript = true;
            else if (!hasScript && !word.StartsWith('-'))
            {
                hasScript = true;
                yield return word;
            }
        }
    }

    static void Git(Sequence<ShellWord> words, ShellFindings findings)
    {
        int at = 1;
        for (; at < words.Count && words[at].Text.StartsWith('-'); at++)
        {
            string option = words[at].Text;
            if (option is "-c" or "--config-env" && at + 1 < words.Count)
            {
                string setting = words[++at].Text;
                if (!GitTame.Any(tame => setting.StartsWith(tame, StringComparison.OrdinalIgnoreCase))) findings.Doubt($"git -c {words[at]} can have git run something else.");
            }
            else if (option.StartsWith("--config-env=", StringComparison.Ordinal) || option.StartsWith("--exec-path=", StringComparison.Ordinal)) findings.Doubt($"git {words[at]} can have git run something else.");
            else if (option is "-C" or "--git-dir" or "--work-tree" or "--namespace") at++;
        }
        if (at >= words.Count) return;
        string verb = words[at].Text;
        ShellWord[] rest = [.. words.Skip(at + 1)];
        bool runs = verb switch
        {
            "submodule" => rest.Any(word => word.Text == "foreach"),
            "bisect" => rest.Any(word => word.Text == "run"),
            "rebase" => rest.Any(word => word.Text is "-x" or "--exec" || word.Text.StartsWith("--exec=", StringComparison.Ordinal)),
            "filter-branch" => true,
            "difftool" or "mergetool" => rest.Any(word => word.Text.StartsWith("-x", StringComparison.Ordinal) || word.Text.StartsWith("--extcmd", StringComparison.Ordinal)),
            "grep" => rest.Any(word => word.Text.StartsWith("-O", StringComparison.Ordinal) || word.Text.StartsWith("--open-files-in-pager", StringComparison.Ordinal)),
            "config" => rest.Count(word => !word.Text.StartsWith('-')) > 1 && rest.Any(word => GitSteers().IsMatch(word.Text)),
            "clone" or "fetch" or "pull" or "push" or "ls-remote" or "archive" => rest.Any(word => word.Text is "-u" && verb is "clone" || word.Text.StartsWith("--upload-pack", StringComparison.Ordinal) || word.Text.StartsWith("--receive-pack", StringComparison.Ordinal)
                || word.Text.StartsWith("--exec", StringComparison.Ordinal) || word.Text.StartsWith("ext::", StringComparison.Ordinal)),
            _ => false,
        };
        if (runs) findings.Doubt($"git {verb} is told to run something else.");
    }

    [GeneratedRegex(@"\bsystem\s*\(|\|\s*getline|\bprintf?\b[^;}\n]*\|(?!\|)|\|&|@load", RegexOptions.CultureInvariant)]
    private static partial Regex AwkRuns();

    [GeneratedRegex(@"""(\\.|[^""\\])*""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(alias\.|core\.(pager|editor|sshcommand|hookspath|fsmonitor|askpass|gitproxy|worktree)|pager\.|credential\.|diff\..*\.(command|textconv)|diff\.external|merge\..*\.driver|filter\.|gpg\.|sequence\.editor|include|url\.|protocol\.|uploadpack\.|http\.proxy)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GitSteers();
}
