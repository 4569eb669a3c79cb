// The variables that decide what other commands mean. It knows names only.

namespace Baltoro.Agent.Permissions;

static class Variables
{
    static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "LANG", "LANGUAGE", "TZ", "CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TERM", "COLUMNS", "LINES", "DEBUG", "VERBOSE", "NODE_ENV",
        "RUST_LOG", "RUST_BACKTRACE", "GOOS", "GOARCH", "CGO_ENABLED", "DOTNET_NOLOGO", "DOTNET_CLI_TELEMETRY_OPTOUT", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE",
    };

    static readonly HashSet<string> Steering = new(StringComparer.Ordinal)
    {
        "PATH", "IFS", "ENV", "BASH_ENV", "BASHOPTS", "SHELLOPTS", "PROMPT_COMMAND", "PS4", "CDPATH", "EDITOR", "VISUAL", "PAGER", "BROWSER", "SHELL", "HOME",
        "NODE_OPTIONS", "NODE_PATH", "RUBYOPT", "RUBYLIB", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "MAVEN_OPTS", "RUSTC_WRAPPER", "MAKEFLAGS", "CC", "CXX", "LD",
    };

    /// <summary>Whether setting it can make a later command do something else than its name says.</summary>
    public static bool Steers(string name) =>
        Steering.Contains(name)
        || ((ReadOnlySpan<string>)["LD_", "DYLD_", "GIT_", "BASH_", "PYTHON", "PERL5", "DOTNET_STARTUP", "npm_config_"]).ContainsPrefixOf(name) && !Harmless.Contains(name);

    /// <summary>Whether it is known to change how a command speaks, and not what it does.</summary>
    public static bool IsHarmless(string name) => Harmless.Contains(name) || name.StartsWith("LC_", StringComparison.Ordinal);

    static bool ContainsPrefixOf(this ReadOnlySpan<string> prefixes, string name)
    {
        foreach (string prefix in prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        return false;
    }
}
