// The permission rules that the configuration holds, understood once: for runs without a person and for sittings. It judges nothing.

using Baltoro.Agent.Permissions;
using Baltoro.Agent.Tools;
using Baltoro.Agent.Tools.Web;
using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli;

sealed record StandingRules(Sequence<Rule> Deny, Sequence<Rule> Ask, Sequence<Rule> Allow)
{
    /// <exception cref="UserException">Something is no rule; everything that is wrong is said, with its place.</exception>
    public static StandingRules Of(PermissionWords words)
    {
        List<string> problems = [];
        StandingRules rules = new(All(words.Deny), All(words.Ask), All(words.Allow));
        return problems.Count == 0 ? rules : throw new UserException(string.Join(Environment.NewLine, problems));

        Sequence<Rule> All(Sequence<Written> said)
        {
            List<Rule> all = [];
            foreach (Written each in said)
            {
                try
                {
                    all.Add(Rule.Parse(each.Text));
                }
                catch (FormatException e)
                {
                    problems.Add(TerminalText.SafeLine($"{each.At}: {e.Message}"));
                }
            }
            return [.. all];
        }
    }

    /// <summary>Hosts of this machine or its network that a rule allows WebFetch to reach, by name.</summary>
    public Sequence<string> PrivateHosts => Allow.Where(rule => rule is { Tool: "WebFetch", Pattern: not null }).Select(rule => rule.Pattern!["domain:".Length..])
        .Where(host => !host.StartsWith('*') && PrivateHost.IsNamedBy(host)).Select(host => host.Trim('[', ']')).ToSequence();

    public PermissionRules For(Workspace workspace, Posture posture) => new(workspace, posture, Deny, Ask, Allow);
}
