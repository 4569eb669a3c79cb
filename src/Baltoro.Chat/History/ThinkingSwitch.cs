// The client's wish about thinking, in the terms that the model accepts.

namespace Baltoro.Chat.History;

/// <summary>
/// A wish that the model refuses becomes the nearest one that it takes: a client that switches thinking off for a side question must not get a
/// 400 from a model that always thinks. Effort goes to the nearest name that the vendor has, upwards when two are as near.
/// </summary>
static class ThinkingSwitch
{
    /// <summary>The share of the output limit that a budget may take, by effort, where a model wants a budget and the client named none.</summary>
    static readonly Dictionary<Effort, double> Shares = new()
    {
        [Effort.Minimal] = 0.1, [Effort.Low] = 0.2, [Effort.Medium] = 0.5, [Effort.High] = 0.8, [Effort.XHigh] = 0.9, [Effort.Max] = 0.95,
    };

    /// <summary>The smallest budget that Anthropic takes.</summary>
    const int SmallestBudget = 1024;

    public static ChatRequest Set(ChatRequest request, ModelCard card)
    {
        ThinkingControl asked = request.Thinking;
        ThinkingControl set = card.Thinking switch
        {
            ThinkingSupport.None => asked with { Mode = ThinkingMode.Unset, Budget = null },
            ThinkingSupport.Always => asked with { Mode = asked.Mode == ThinkingMode.Unset ? ThinkingMode.Unset : ThinkingMode.On },
            ThinkingSupport.Switchable => asked with { Mode = asked.Mode == ThinkingMode.Adaptive ? ThinkingMode.On : asked.Mode },
            ThinkingSupport.Budget => WithBudget(asked, request.OutputLimit ?? card.OutputLimit),
            ThinkingSupport.Adaptive => asked with
            {
                Mode = asked.Mode switch
                {
                    ThinkingMode.On or ThinkingMode.Adaptive => ThinkingMode.Adaptive,
                    _ => ThinkingMode.Unset,
                },
                Budget = null,
            },
            _ => throw new InvalidOperationException($"Unknown thinking support {card.Thinking}."),
        };
        set = set with { Effort = Nearest(set.Effort, card.Efforts) };
        ChatRequest fitted = set == asked ? request : request with { Thinking = set };
        // Anthropic refuses the edit that clears thinking when there is none to clear.
        return set.Mode is ThinkingMode.Off or ThinkingMode.Unset && card.SpeaksMessages()
            ? fitted with { Extra = ThinkingByOrigin.WithoutThinkingEdits(fitted.Extra), Thinking = set with { Extra = null } }
            : fitted;
    }

    static ThinkingControl WithBudget(ThinkingControl asked, int outputLimit)
    {
        if (asked.Mode is ThinkingMode.Unset or ThinkingMode.Off) return asked with { Budget = null };
        double share = Shares.GetValueOrDefault(asked.Effort ?? Effort.High, 0.8);
        int budget = Math.Min(asked.Budget ?? (int)(outputLimit * share), outputLimit - 1);
        return budget < SmallestBudget
            ? asked with { Mode = ThinkingMode.Off, Budget = null }
            : asked with { Mode = ThinkingMode.On, Budget = budget };
    }

    static Effort? Nearest(Effort? asked, Sequence<Effort> offered)
    {
        if (asked is not { } effort || offered.IsEmpty) return null;
        if (offered.Contains(effort)) return effort;
        int rank = Rank(effort);
        if (rank < 0) return null;
        Effort best = offered[0];
        foreach (Effort candidate in offered)
            if (Math.Abs(Rank(candidate) - rank) <= Math.Abs(Rank(best) - rank)) best = candidate;
        return best;
    }

    static int Rank(Effort effort)
    {
        for (int i = 0; i < Effort.Ranked.Count; i++)
            if (Effort.Ranked[i] == effort) return i;
        return -1;
    }
}

/// <summary>Sampling where the vendor leaves no choice. Unset where thinking Claude models refuse anything but their defaults.</summary>
static class FixedSampling
{
    public static ChatRequest Force(ChatRequest request, ModelCard card)
    {
        Sampling asked = request.Sampling;
        if (card.IsClaude() && (card.Thinking == ThinkingSupport.Adaptive || request.Thinking.Mode is ThinkingMode.On or ThinkingMode.Adaptive))
            asked = asked with { Temperature = null, TopP = null, TopK = null };
        if (card.FixedSampling is { } only)
        {
            asked = new()
            {
                // Where thinking can be switched off, the fixed temperature is that of thinking; without it the vendor's default holds.
                Temperature = request.Thinking.Mode == ThinkingMode.Off && card.Thinking == ThinkingSupport.Switchable ? null : only.Temperature ?? asked.Temperature,
                TopP = only.TopP ?? asked.TopP,
                TopK = only.TopK ?? asked.TopK,
                MinP = only.MinP ?? asked.MinP,
                RepetitionPenalty = only.RepetitionPenalty ?? asked.RepetitionPenalty,
                FrequencyPenalty = only.FrequencyPenalty ?? asked.FrequencyPenalty,
                PresencePenalty = only.PresencePenalty ?? asked.PresencePenalty,
                Seed = asked.Seed,
            };
        }
        return asked == request.Sampling ? request : request with { Sampling = asked };
    }
}
