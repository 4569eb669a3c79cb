// Whether a call may run: what the permission rules answer the loop. It refuses to know the rules.

using System.Text.Json;
using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Loop;

/// <summary>The verdict on one call.</summary>
public abstract record Permit
{
    private Permit() { }

    public sealed record Granted : Permit
    {
        public static readonly Granted Instance = new();
    }

    /// <param name="Why">For the model: which rule, and what would be allowed instead.</param>
    public sealed record Refused(string Why) : Permit;
}

/// <summary>Asked before each call, for several calls at once.</summary>
/// <param name="arguments">They satisfy the tool's schema.</param>
public delegate ValueTask<Permit> Gatekeeper(ITool tool, JsonElement arguments, CancellationToken cancellation);
