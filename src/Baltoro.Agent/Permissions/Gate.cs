// Puts the rules in front of the loop's calls. It knows no rule.

using Baltoro.Agent.Loop;

namespace Baltoro.Agent.Permissions;

public static class Gate
{
    /// <summary>With nobody to ask: what would be asked is refused.</summary>
    public static Gatekeeper Unattended(PermissionRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return (tool, arguments, _) => new(rules.Judge(tool.Spec.Name, tool.Footprint(arguments)) switch
        {
            Verdict.Allow => Permit.Granted.Instance,
            Verdict.Ask asked => new Permit.Refused($"Not permitted without a person's yes, and nobody is there: {asked.Why} Find a plainer way that stays inside the project."),
            Verdict.Deny denied => new Permit.Refused($"Not permitted. {denied.Why} Do not try to reach the same in another way."),
            _ => throw new InvalidOperationException("An unknown verdict."),
        });
    }
}
