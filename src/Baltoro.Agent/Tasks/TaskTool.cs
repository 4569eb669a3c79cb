// The tool with which a model has a sub-agent do something; it refuses to know what.

using System.Text.Json;
using Baltoro.Agent.Context;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Tasks;

/// <summary>
/// A sub-agent is another loop over another history, whose events stand in the same log under its own name. It has tools of its own, the
/// same rules and the same budget, and no sub-agents.
/// </summary>
sealed class TaskTool(Session session, AgentSetup setup, Run run) : ITool
{
    public const string Name = "Task";

    public ToolSpec.Function Spec { get; } = new(Name, Resource.Text("Tasks.TaskTool.md"), RawJson.Of(
        """
        {"type":"object","properties":{"description":{"type":"string","description":"What the task is, in three to five words."},"prompt":{"type":"string","description":"The whole task for the sub-agent."},"subagent_type":{"type":"string","description":"Always \"general-purpose\"."}},"required":["description","prompt"],"additionalProperties":false}
        """));

    /// <summary>What the sub-agent touches is asked for each of its own calls.</summary>
    public Footprint Footprint(JsonElement arguments) => new Footprint.Nothing();

    /// <summary>Without a call that it works for; the loop names one.</summary>
    public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation) => Run("", arguments, cancellation);

    public async Task<ToolOutcome> Run(string callId, JsonElement arguments, CancellationToken cancellation)
    {
        string name = session.Spawn(callId, arguments.GetProperty("description").GetString()!);
        session.Append(name, new SessionEvent.Asked([new Block.Text(arguments.GetProperty("prompt").GetString()!)]));
        RunEnd end = await new AgentLoop(session, name, setup, run, setup.Tools()).Run();
        cancellation.ThrowIfCancellationRequested();
        return end switch
        {
            RunEnd.Done done => ToolOutcome.Text(done.Answer),
            _ => ToolOutcome.Error($"The sub-agent did not finish ({end.GetType().Name}): {end.Text}{(session.Agent(name).LastText is { Length: > 0 } last ? $"\nThe last that it said: {last}" : "")}"),
        };
    }
}
