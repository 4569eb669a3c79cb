// Puts the rules in front of the loop's calls, with nobody there or with a person who is asked. It knows no rule and no way to ask.

using System.Collections.Concurrent;
using System.Text.Json;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

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
            Verdict.Ask asked => new Permit.Refused($"Not permitted without a person's yes, and nobody is there: {asked.Why}\nFind a plainer way that stays inside the project."),
            Verdict.Deny denied => Denied(denied),
            _ => throw new InvalidOperationException("An unknown verdict."),
        });
    }

    internal static Permit.Refused Denied(Verdict.Deny denied) => new($"Not permitted. {denied.Why}\nDo not try to reach the same in another way.");
}

/// <summary>What a person may answer.</summary>
public enum Answer
{
    Yes,

    /// <summary>And do not ask for the like again in this session.</summary>
    Always,
    No,
}

/// <summary>A call that a person is asked about.</summary>
/// <param name="Why">What about it is asked, as a sentence; one a line where there is more than one thing, in the order in which they would be done.</param>
/// <param name="Always">The rules that <see cref="Answer.Always"/> would add; empty where none would help, and that is no answer then.</param>
public sealed record Asking(ITool Tool, JsonElement Arguments, string Why, Sequence<Rule> Always);

/// <summary>With a person there. Safe for several calls at once: they are asked about one after the other.</summary>
/// <param name="rules">Of <see cref="Posture.Attended"/>.</param>
/// <param name="ask">Never called before its last answer; the token ends the wait.</param>
/// <param name="added">What <paramref name="rules"/> have already of a person's answers.</param>
public sealed class AttendedGate(PermissionRules rules, Func<Asking, CancellationToken, Task<Answer>> ask, Sequence<Rule> added = default) : IDisposable
{
    sealed record Standing(PermissionRules Rules, Sequence<Rule> Added);

    /// <summary>Where the calls that a person said yes to led at that moment.</summary>
    readonly ConcurrentDictionary<string, bool> _granted = new(StringComparer.Ordinal);

    readonly SemaphoreSlim _one = new(1, 1);
    volatile Standing _now = new(rules, added);

    /// <summary>What a person has allowed for the session, in the order of the answers.</summary>
    public Sequence<Rule> Added => _now.Added;

    /// <summary>Judges a call, and asks where the rules say so. Fits <see cref="Gatekeeper"/>.</summary>
    public async ValueTask<Permit> Judge(ITool tool, JsonElement arguments, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tool);
        Footprint footprint = tool.Footprint(arguments);
        if (Decided(_now.Rules.Judge(tool.Spec.Name, footprint)) is { } decided) return decided;
        await _one.WaitAsync(cancellation);
        try
        {
            // The answer before may have settled this, too.
            PermissionRules standing = _now.Rules;
            Verdict verdict = standing.Judge(tool.Spec.Name, footprint);
            if (Decided(verdict) is { } meanwhile) return meanwhile;
            Sequence<Rule> always = Permissions.Always.For(tool.Spec.Name, footprint, standing);
            Answer answer = await ask(new(tool, arguments, ((Verdict.Ask)verdict).Why, always), cancellation);
            if (answer == Answer.No) return new Permit.Refused("The user said no. Ask what to do instead, or go another way.");
            foreach (string path in footprint switch { Footprint.Reads reads => reads.Paths, Footprint.Writes writes => writes.Paths, _ => [] })
                _granted[Place.Real(path) ?? path] = true;
            if (answer == Answer.Always) _now = new(standing.Allowing(always), [.. _now.Added, .. always]);
            return Permit.Granted.Instance;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whether a file may be read by a call that is under way: by the rules, or because a person was asked about it or the folder that it lies in.</summary>
    /// <param name="real">Absolute, links followed.</param>
    public bool MayRead(string real) => _now.Rules.MayRead(real) || IsGranted(real);

    /// <summary>The same for writing.</summary>
    public bool MayWrite(string real) => _now.Rules.MayWrite(real) || IsGranted(real);

    bool IsGranted(string real)
    {
        for (string? place = real; place is not null; place = Path.GetDirectoryName(place))
            if (_granted.ContainsKey(place)) return true;
        return false;
    }

    public void Dispose() => _one.Dispose();

    static Permit? Decided(Verdict verdict) => verdict switch
    {
        Verdict.Allow => Permit.Granted.Instance,
        Verdict.Deny denied => Gate.Denied(denied),
        _ => null,
    };
}
