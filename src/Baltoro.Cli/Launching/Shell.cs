// How each shell sets a variable; it refuses to know which variables.

using Baltoro.Chat;

namespace Baltoro.Cli.Launching;

/// <summary>A shell by name. Values are quoted so that the shell takes them letter by letter.</summary>
/// <param name="Apply">How a user runs what was printed, in this shell.</param>
sealed record Shell(string Name, string Apply, Func<string, string, string> Set, Func<string, string> Unset)
{
    public static readonly Sequence<Shell> All =
    [
        // Also for sh, zsh, dash and ksh. Inside single quotes nothing is special but the quote.
        new("bash", "eval \"$(baltoro env)\"",
            (name, value) => $"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'", name => $"unset {name}"),
        // Inside single quotes only the quote and the backslash are special.
        new("fish", "baltoro env --shell fish | source",
            (name, value) => $"set -gx {name} '{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'", name => $"set -e {name}"),
        // Typographic single quotes end a text as the plain one does; each stands for itself when doubled.
        new("powershell", "baltoro env --shell powershell | Out-String | Invoke-Expression",
            (name, value) => $"$env:{name} = '{string.Concat(value.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B' ? $"{c}{c}" : $"{c}"))}'",
            name => $"Remove-Item Env:{name} -ErrorAction SilentlyContinue"),
        new("cmd", "for /f \"delims=\" %i in ('baltoro env --shell cmd') do @%i",
            (name, value) => $"set \"{name}={value}\"", name => $"set \"{name}=\""),
    ];

    /// <summary>Characters that this shell cannot be given in a value, however quoted.</summary>
    public string Impossible => Name switch
    {
        // cmd has no quoting for these: the quote ends the quoting, the percent sign and the exclamation mark begin variables, the
        // caret escapes.
        "cmd" => "\"%!^\r\n\0",
        _ => "\0",
    };

    public static Shell? Find(string name) => Known(name) is { } known ? All.First(shell => shell.Name == known) : null;

    /// <summary>The shell that the environment speaks of; bash where it says nothing.</summary>
    public static Shell Guess(IReadOnlyDictionary<string, string> environment, bool isWindows) =>
        environment.TryGetValue("SHELL", out string? path) && Find(Path.GetFileNameWithoutExtension(path)) is { } shell ? shell : Find(isWindows ? "powershell" : "bash")!;

    static string? Known(string name) => name.ToLowerInvariant() switch
    {
        "bash" or "sh" or "zsh" or "dash" or "ksh" => "bash",
        "fish" => "fish",
        "powershell" or "pwsh" => "powershell",
        "cmd" => "cmd",
        _ => null,
    };
}
