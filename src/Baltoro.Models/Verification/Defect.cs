// What can be wrong with a vendor's answer, by name.

namespace Baltoro.Models.Verification;

/// <summary>A mistake in one answer, or in all of them together.</summary>
/// <param name="Question">Where it was seen; null where it shows only over all answers.</param>
/// <param name="What">For people: what was found.</param>
public sealed record Defect(DefectKind Kind, string? Question, string What);

public enum DefectKind
{
    /// <summary>No answer, or one that broke off.</summary>
    Failed,

    /// <summary>Neither text nor a call.</summary>
    Empty,

    /// <summary>Tools are called where none is due, or not where one is.</summary>
    Trigger,

    /// <summary>A call of no declared tool, or with arguments that its schema does not take.</summary>
    Schema,

    /// <summary>Tokens of the model's template in text or thinking.</summary>
    Leak,

    /// <summary>The reason to stop contradicts the answer, or is none; or the stream has no end.</summary>
    Finish,

    /// <summary>A call's id is missing, repeated, or of a form that the model's own history does not have.</summary>
    Id,

    /// <summary>Counts of tokens that cannot be.</summary>
    Usage,

    /// <summary>What was sent before is paid for again.</summary>
    Cache,

    /// <summary>A model that always thinks shows no thinking.</summary>
    Thinking,
}
