// Which settings of a repository's configuration have git run nothing; all others are left out. It opens no file.

using System.Text;
using System.Text.RegularExpressions;

namespace Baltoro.Agent.Sandbox;

/// <summary>
/// A list of what is kept, not of what is dangerous: git learns new settings that name a program. Only the plainest way of writing a setting is read; git itself
/// writes it so, and what is written otherwise could mean to git what it does not mean here.
/// </summary>
static partial class GitSettings
{
    static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "core.repositoryformatversion", "core.filemode", "core.bare", "core.logallrefupdates", "core.ignorecase", "core.precomposeunicode", "core.symlinks",
        "core.autocrlf", "core.eol", "core.safecrlf", "core.quotepath",
        "extensions.objectformat", "extensions.refstorage", "init.defaultbranch", "user.name", "user.email",
        "pull.rebase", "pull.ff", "push.default", "push.autosetupremote", "branch.*.remote", "branch.*.merge", "branch.*.rebase", "remote.*.url", "remote.*.fetch",
    };

    /// <summary>The same text where nothing has to be left out.</summary>
    public static string Tame(string text)
    {
        StringBuilder tame = new(text.Length);
        bool isWhole = true, isContinued = false;
        string? section = null;
        string pending = "";
        foreach (string line in text.Split('\n'))
        {
            bool continues = isContinued;
            isContinued = line.EndsWith('\\');
            if (line.AsSpan().Trim().Length == 0) continue;
            if (!continues && !isContinued && Header().Match(line) is { Success: true } header)
            {
                section = header.Groups[2].Success ? $"{header.Groups[1].Value}.*" : header.Groups[1].Value;
                pending = $"{line}\n";
                continue;
            }
            if (continues || isContinued || section is null || Setting().Match(line) is not { Success: true } setting || !Kept.Contains($"{section}.{setting.Groups[1].Value}")
                || setting.Groups[2].Value.Contains("::", StringComparison.Ordinal))
            {
                isWhole = false;
                // Whatever this was, it may have begun another section.
                if (line.Contains('[', StringComparison.Ordinal)) section = null;
                continue;
            }
            tame.Append(pending).Append(line).Append('\n');
            pending = "";
        }
        return isWhole ? text : tame.ToString();
    }

    [GeneratedRegex(@"^\[([A-Za-z0-9-]+)(?: ""([^""\\]*)"")?\]$")]
    private static partial Regex Header();

    // Quotation marks, backslashes and comments have a meaning in a value.
    [GeneratedRegex(@"^\t([A-Za-z][A-Za-z0-9-]*) = ([^""\\#;\x00-\x1f-][^""\\#;\x00-\x1f]*)$")]
    private static partial Regex Setting();
}
