// The examination's outcome in figures. It refuses to know how they are shown.

using Baltoro.Chat;

namespace Baltoro.Models.Verification;

/// <summary>
/// The measures of MoonshotAI's K2-Vendor-Verifier (trigger F1, schema accuracy), and what else goes wrong at vendors.
/// </summary>
public sealed record Report
{
    /// <summary>Below it a vendor decides otherwise than it should; the verifier asks 0.73 of K2 Thinking and 0.80 of K2 0905 against the model's own vendor.</summary>
    public const double LeastF1 = 0.8;

    public required int Asked { get; init; }

    public required int Failed { get; init; }

    /// <summary>The harmonic mean of precision and recall in calling a tool, of the answers that came; 1 where none was due and none was made.</summary>
    public required double TriggerF1 { get; init; }

    /// <summary>Answers with calls.</summary>
    public required int Called { get; init; }

    /// <summary>Of these, those in which every call is one of a declared tool with arguments that its schema takes.</summary>
    public required int Valid { get; init; }

    /// <summary>Answers that came with thinking.</summary>
    public required int Thought { get; init; }

    /// <summary>Questions that repeated the one before.</summary>
    public required int Cacheable { get; init; }

    /// <summary>Of these, those of which at least half of the repeated part was read from the cache.</summary>
    public required int Cached { get; init; }

    public required Sequence<Defect> Defects { get; init; }

    public int Count(DefectKind kind) => Defects.Count(defect => defect.Kind == kind);

    /// <param name="reference">Answers of a model that is taken to be right about when to call; null for the questions' own labels.</param>
    public static Report Of(Sequence<Sitting> sittings, Sequence<Sitting>? reference, ModelCard card)
    {
        Dictionary<(int, string), bool> due = [];
        foreach (Sitting sitting in reference ?? [])
            if (sitting.Answer.Failure is null) due[(sitting.Run, sitting.Question.Name)] = !sitting.Answer.Calls.IsEmpty;
        bool IsDue(Sitting sitting) => due.TryGetValue((sitting.Run, sitting.Question.Name), out bool called) ? called : sitting.Question.CallIsDue;

        Sitting[] answered = [.. sittings.Where(sitting => sitting.Answer.Failure is null)];
        Sitting[] calling = [.. answered.Where(sitting => !sitting.Answer.Calls.IsEmpty)];
        List<Defect> defects = [.. sittings.SelectMany(sitting => Judge.Defects(sitting.Question, sitting.Asked, sitting.Answer, card))];
        double f1 = F1(calling.Count(IsDue), calling.Count(sitting => !IsDue(sitting)), answered.Except(calling).Count(IsDue));
        if (f1 < LeastF1)
            defects.AddRange(answered.Where(sitting => IsDue(sitting) == sitting.Answer.Calls.IsEmpty)
                .Select(sitting => new Defect(DefectKind.Trigger, sitting.Question.Name, IsDue(sitting) ? "no call where one is due" : "a call where none is due")));
        (int cacheable, int cached, bool told) = Cache(sittings);
        if (cacheable > 0 && cached == 0) defects.Add(new(DefectKind.Cache, null, told ? "no prompt was read from a cache" : "it does not tell what was read from a cache"));
        int thought = answered.Count(sitting => sitting.Answer.Thinking.Length > 0);
        // OpenAI's own models think in secret.
        if (answered.Length > 0 && thought == 0 && card.Thinking == ThinkingSupport.Always && card.Dialect != Dialect.Plain)
            defects.Add(new(DefectKind.Thinking, null, "the model always thinks, and no answer shows it"));
        return new()
        {
            Asked = sittings.Count, Failed = sittings.Count - answered.Length, TriggerF1 = f1, Called = calling.Length,
            Valid = calling.Count(sitting => !Judge.Defects(sitting.Question, sitting.Asked, sitting.Answer, card).Any(defect => defect.Kind == DefectKind.Schema)),
            Thought = thought, Cacheable = cacheable, Cached = cached, Defects = defects.ToSequence(),
        };
    }

    static double F1(int right, int needless, int missed) => right + needless + missed == 0 ? 1 : 2.0 * right / (2.0 * right + needless + missed);

    static (int Cacheable, int Cached, bool Told) Cache(Sequence<Sitting> sittings)
    {
        int cacheable = 0, cached = 0;
        bool told = false;
        for (int i = 1; i < sittings.Count; i++)
        {
            if (!sittings[i].Question.FollowsTheOneBefore || sittings[i].Answer.Tokens is not { } now || sittings[i - 1].Answer.Tokens is not { } before) continue;
            cacheable++;
            told |= now.Cached is not null;
            if (now.Cached * 2 >= before.Prompt) cached++;
        }
        return (cacheable, cached, told);
    }
}
