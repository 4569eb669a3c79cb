// How an agent's work can end; it refuses to know exit codes and output formats.

using Baltoro.Agent.Budgets;

namespace Baltoro.Agent.Loop;

/// <summary>Why an agent stopped.</summary>
/// <param name="Text">For people; for <see cref="Done"/> the model's answer.</param>
public abstract record RunEnd(string Text)
{
    /// <summary>The model ended its turn with an answer.</summary>
    public sealed record Done(string Answer) : RunEnd(Answer);

    /// <summary>The model cannot be asked any further.</summary>
    public sealed record Error(string Message) : RunEnd(Message);

    public sealed record OutOfBudget(Limit Limit, string Message) : RunEnd(Message);

    /// <summary>The model did the same again and again, and no reminder helped.</summary>
    public sealed record Looped(string Message) : RunEnd(Message);

    /// <summary>What it would have taken was not permitted.</summary>
    public sealed record Blocked(string Message) : RunEnd(Message);

    /// <summary>A person, or the system, asked it to stop.</summary>
    public sealed record Interrupted(string Message) : RunEnd(Message);
}
