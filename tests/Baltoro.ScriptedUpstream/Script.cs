// What the model answers: a function of the request's number on this server (from 0) and of the conversation seen so far. It
// knows nothing of any wire format.

using System.Text.RegularExpressions;

namespace Baltoro.ScriptedUpstream;

/// <remarks>Prefer the conversation: the number also counts retries and side requests.</remarks>
public delegate Reply Script(int number, Conversation conversation);

/// <summary>One reply of the model: its parts in order, and why it ended.</summary>
public sealed partial record Reply(IReadOnlyList<Part> Parts, Stop Stop)
{
    /// <summary>A reply that ends as its parts say: for tools when one is called, else at its own end.</summary>
    public static Reply Of(params Part[] parts) => new(parts, parts.Any(p => p is Part.Call) ? Stop.Tools : Stop.End);

    /// <summary>What an obedient model says when its own words stand before it and it is told to go on where they stopped: it thinks anew, and repeats nothing.</summary>
    public Reply GoingOn(Conversation conversation) =>
        Begun(conversation) is { } begun
            ? this with { Parts = [.. Parts.OfType<Part.Think>(), .. After("", begun.Text).Parts.Where(p => p is not Part.Think)] }
            : this;

    /// <summary>The turn that the model is told to go on with; null when it is told nothing of the kind.</summary>
    public static Turn.Assistant? Begun(Conversation conversation) =>
        conversation.Turns is [.., Turn.Assistant { Calls.Count: 0 } begun, Turn.User asked] && GoOn.IsMatch(asked.Text) ? begun : null;

    [GeneratedRegex(@"\bgo on exactly where\b", RegexOptions.IgnoreCase)]
    private static partial Regex GoOn { get; }

    /// <summary>What is left of it once a beginning was given.</summary>
    public Reply After(string thinking, string text) => this with
    {
        Parts = [.. Parts.SelectMany(p => p switch
        {
            Part.Think think when think.Text.StartsWith(thinking, StringComparison.Ordinal) && text.Length == 0 => [new Part.Think(think.Text[thinking.Length..])],
            Part.Think => [],
            Part.Say say when say.Text.StartsWith(text, StringComparison.Ordinal) => say.Text.Length == text.Length ? [] : [new Part.Say(say.Text[text.Length..])],
            _ => (Part[])[p],
        })],
    };
}

/// <summary>A piece of a reply.</summary>
public abstract record Part
{
    Part() { }

    public sealed record Think(string Text) : Part;

    public sealed record Say(string Text) : Part;

    /// <param name="Tool">The tool's name.</param>
    /// <param name="Arguments">The JSON text of its arguments, sent as it stands here.</param>
    public sealed record Call(string Tool, string Arguments) : Part
    {
        /// <summary>Another id than the vendor would give; empty for none.</summary>
        public string? Id { get; init; }

        /// <summary>Another index than its place among the calls, where the format has one.</summary>
        public int? Index { get; init; }
    }
}

/// <summary>Why a reply ended.</summary>
public enum Stop { End, Tools, Length, Filtered }

/// <summary>A request as the model sees it, the same whatever vendor it was sent to.</summary>
public sealed record Conversation(string Model, IReadOnlyList<Turn> Turns, IReadOnlyList<string> Tools)
{
    /// <summary>How many tool calls the assistant has made so far; Kimi numbers its calls by it.</summary>
    public int CallsSoFar => Turns.OfType<Turn.Assistant>().Sum(a => a.Calls.Count);
}

/// <summary>One turn of a conversation.</summary>
public abstract record Turn
{
    Turn() { }

    public sealed record User(string Text) : Turn;

    public sealed record System(string Text) : Turn;

    /// <param name="Thinking">What the model gets back of its thinking; null when the turn carries none at all.</param>
    /// <param name="Text">What it said.</param>
    /// <param name="Calls">The tools it called.</param>
    public sealed record Assistant(string? Thinking, string Text, IReadOnlyList<ToolCall> Calls) : Turn;

    public sealed record Result(string CallId, string Text) : Turn;
}

/// <summary>A tool call in the history.</summary>
public sealed record ToolCall(string Id, string Tool, string Arguments);
