// What a run may do while nobody watches: in a sandbox what stays inside the project, without one no command at all. It refuses to know the rules and the sandbox from within.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sandbox;
using Baltoro.Agent.Tools;

namespace Baltoro.Cli;

/// <param name="Around">What stands around the programs that the model has run.</param>
/// <param name="Warning">What the user should know; null for nothing.</param>
sealed record Unattended(Confinement Around, Gatekeeper Gate, Reach Reach, string? Warning)
{
    /// <param name="scratch">The session's folder for long outputs.</param>
    /// <param name="sandbox">What came of looking for one; null where the user said that commands need none.</param>
    /// <param name="rules">Makes the rules, given what programs see as <c>/tmp</c>.</param>
    public static async Task<Unattended> In(string scratch, Task<SandboxSearch>? sandbox, Func<string?, PermissionRules> rules)
    {
        Directory.CreateDirectory(scratch);
        if (sandbox is null) return new(new Confinement.Open(), Gate(null), Reach(null), null);
        switch (await sandbox)
        {
            case SandboxSearch.Works works:
                Confinement.Bubblewrap box = works.For(scratch);
                return new(box, Gate(box.PrivateTmp), Reach(box.PrivateTmp), null);
            case SandboxSearch.NotInstalled missing: return Closed(missing.Advice);
            case SandboxSearch.Forbidden forbidden: return Closed(forbidden.Why);
            case var other: throw new InvalidOperationException($"Unknown outcome {other}.");
        }

        Gatekeeper Gate(string? privateTmp) => Agent.Permissions.Gate.Unattended(rules(privateTmp));

        Reach Reach(string? privateTmp)
        {
            PermissionRules judged = rules(privateTmp);
            return new(real => judged.MayRead(real), real => judged.MayWrite(real));
        }

        Unattended Closed(string why)
        {
            Gatekeeper others = Gate(null);
            return new(new Confinement.Open(), (tool, arguments, stop) => tool.Footprint(arguments) is Footprint.Runs ? new(NoCommands) : others(tool, arguments, stop), Reach(null),
                $"Commands are not run: {why} --no-sandbox runs them with all rights that you have.");
        }
    }

    static readonly Permit NoCommands = new Permit.Refused(
        "Commands are not permitted in this run: nobody watches, and there is no sandbox. Do it with the other tools, or say at the end what would have to be run.");
}
