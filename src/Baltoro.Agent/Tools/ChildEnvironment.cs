// Which variables the programs that a model has run get to see. It knows names, not values, and no configuration.

using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The environment of children: ours without what looks like a secret, and set so that programs neither ask nor colour.</summary>
static partial class ChildEnvironment
{
    /// <param name="hidden">Names of others that are left out.</param>
    public static void Set(IDictionary<string, string?> environment, Sequence<string> hidden)
    {
        foreach (string name in hidden) environment.Remove(name);
        foreach (string name in environment.Keys.Where(name => Secret().IsMatch(name)).ToArray()) environment.Remove(name);
        foreach ((string name, string value) in Fixed) environment[name] = value;
    }

    static readonly (string Name, string Value)[] Fixed =
    [
        ("TERM", "dumb"), ("NO_COLOR", "1"), ("PAGER", "cat"), ("GIT_PAGER", "cat"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_EDITOR", "true"),
        ("DEBIAN_FRONTEND", "noninteractive"), ("PYTHONUNBUFFERED", "1"), ("BALTORO", "1"),
    ];

    [GeneratedRegex(@"(^|_)(API_?KEYS?|ACCESS_?KEYS?|SECRET_?KEYS?|PRIVATE_?KEY|KEY|TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH|AUTH_SOCK|COOKIES?|PAT|DSN|CONNECTION_?STRING|BASH_ENV)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
