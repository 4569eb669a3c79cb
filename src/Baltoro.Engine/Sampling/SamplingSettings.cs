// How the next token is chosen among the likely ones: the settings. Knows no logits.

namespace Baltoro.Engine.Sampling;

/// <summary>Settings of a <see cref="Sampler"/>; the defaults leave the model's probabilities as they are.</summary>
public sealed record SamplingSettings
{
    /// <summary>Logits are divided by it; 0 always takes the likeliest.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Only so many of the likeliest; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the likeliest that together have this probability; 1 for all. The one that crosses it is in.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Only those with at least this part of the likeliest one's probability; 0 for all.</summary>
    public float MinP { get; init; }

    /// <summary>Logits of tokens that were there are divided by it if positive, multiplied if not (CTRL, arXiv 1909.05858); 1 for none.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken from the logit once for each time that a token was there.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Taken from the logit of each token that was there.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>How many of the last tokens the penalties look at.</summary>
    public int PenaltyWindow { get; init; } = 256;

    /// <summary>The same seed and logits give the same tokens.</summary>
    public ulong Seed { get; init; }

    /// <summary>The first setting that makes no sense, in the words of a message; null when all do.</summary>
    public string? Problem =>
        !(Temperature >= 0 && float.IsFinite(Temperature)) ? $"a temperature of {Temperature}; 0 or more was expected"
        : TopK < 0 ? $"a top-k of {TopK}; 0 or more was expected"
        : !(TopP is > 0 and <= 1) ? $"a top-p of {TopP}; more than 0 and at most 1 was expected"
        : !(MinP is >= 0 and <= 1) ? $"a min-p of {MinP}; 0 to 1 was expected"
        : !(RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty)) ? $"a repetition penalty of {RepetitionPenalty}; more than 0 was expected"
        : !float.IsFinite(FrequencyPenalty) || !float.IsFinite(PresencePenalty) ? "a penalty that is no number"
        : PenaltyWindow < 0 ? $"a penalty window of {PenaltyWindow}; 0 or more was expected"
        : null;
}
