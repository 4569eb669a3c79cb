// What a tool is to the loop; it refuses to know models, permissions and screens.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>Something that the model can have done. Instances belong to one session; the loop may run several reading calls at once.</summary>
public interface ITool
{
    /// <summary>Name, prompt and schema as they go to the model. Never changes within a session: it is part of the cached prefix.</summary>
    ToolSpec.Function Spec { get; }

    /// <summary>What a call with these arguments would touch, asked before it is permitted or run. Does nothing itself.</summary>
    /// <param name="arguments">An object that satisfies the schema of <see cref="Spec"/>.</param>
    Footprint Footprint(JsonElement arguments);

    /// <summary>Does it. What goes wrong in the world (no such file, a failed command) is an outcome that the model reads, not an exception.</summary>
    /// <exception cref="OperationCanceledException">The run was interrupted; what it had started is stopped.</exception>
    Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation);
}

/// <summary>What a call touches: the permission rules judge it, and calls that only read run side by side.</summary>
public abstract record Footprint
{
    private Footprint() { }

    /// <summary>Nothing outside of the session, such as a to-do list.</summary>
    public sealed record Nothing : Footprint;

    /// <param name="Paths">Absolute.</param>
    public sealed record Reads(Sequence<string> Paths) : Footprint;

    /// <param name="Paths">Absolute.</param>
    public sealed record Writes(Sequence<string> Paths) : Footprint;

    /// <param name="Command">A shell command, or code for an interpreter.</param>
    public sealed record Runs(string Command) : Footprint;

    public sealed record Reaches(Uri Url) : Footprint;

    /// <summary>A tool of an MCP server, of which only its own word is known.</summary>
    public sealed record Foreign(string Server, string Tool, bool SaysItOnlyReads) : Footprint;
}

/// <param name="Content">What the model sees: text and images.</param>
/// <param name="IsError">True when what was asked for did not happen.</param>
public sealed record ToolOutcome(Sequence<Block> Content, bool IsError = false)
{
    public static ToolOutcome Text(string text) => new([new Block.Text(text)]);

    /// <param name="text">What was wrong, what was expected, and the obvious next step.</param>
    public static ToolOutcome Error(string text) => new([new Block.Text(text)], IsError: true);
}
