// Which step of a trail meets which fault. Attempts are counted by step and not by request, so that asking again is answered
// in good health, however the asking is done. It does not know what a fault does.

using System.Collections.Concurrent;

namespace Baltoro.ScriptedUpstream;

public static class FaultPlans
{
    /// <summary>The fault once at every n-th step; what is asked again there is answered well.</summary>
    public static FaultPlan Every(int n, Fault fault)
    {
        var met = new ConcurrentDictionary<(string, int), int>();
        return (_, conversation) => StepOf(conversation) is { } step && step.Step % n == 0
            ? Meets(fault, conversation, met.AddOrUpdate(step, 0, (_, attempt) => attempt + 1))
            : new Fault.None();
    }

    /// <summary>One fault after another, each at the next n-th step.</summary>
    public static FaultPlan InTurn(int n, IReadOnlyList<Fault> faults)
    {
        var met = new ConcurrentDictionary<(string, int), int>();
        return (_, conversation) => StepOf(conversation) is { } step && step.Step % n == 0 && step.Step / n <= faults.Count
            ? Meets(faults[step.Step / n - 1], conversation, met.AddOrUpdate(step, 0, (_, attempt) => attempt + 1))
            : new Fault.None();
    }

    /// <summary>One fault in <paramref name="oneIn"/> attempts on average, drawn by step and attempt, at most two at one step.</summary>
    public static FaultPlan Mixed(int seed, int oneIn, IReadOnlyList<Fault> faults)
    {
        const int MostAtOneStep = 2;
        var met = new ConcurrentDictionary<(string, int), int>();
        return (_, conversation) =>
        {
            if (StepOf(conversation) is not { } step) return new Fault.None();
            var attempt = met.AddOrUpdate(step, 0, (_, earlier) => earlier + 1);
            // The loop goes on over the attempts of its step.
            var first = Drawn(step.Step, 0);
            if (first is not null && GoesOn(first)) return Meets(first, conversation, attempt);
            return attempt < MostAtOneStep && Drawn(step.Step, attempt) is { } fault && !GoesOn(fault) ? fault : new Fault.None();
        };

        Fault? Drawn(int step, int attempt)
        {
            var random = new Random(unchecked((seed * 31 + step) * 31 + attempt));
            return random.Next(oneIn) == 0 ? faults[random.Next(faults.Count)] : null;
        }
    }

    static (string Trail, int Step)? StepOf(Conversation conversation) =>
        Progress.Of(conversation) is { } progress ? (progress.AnswerFile, progress.Written ? progress.Step + 1 : progress.Step) : null;

    static bool GoesOn(Fault fault) => fault is Fault.SameCall or Fault.CallsInTurn or Fault.Announced;

    static Fault Meets(Fault fault, Conversation conversation, int attempt) => fault switch
    {
        Fault.SameCall => Reminders.Reached(conversation, period: 1) ? new Fault.None() : fault,
        Fault.CallsInTurn => Reminders.Reached(conversation, period: 2) ? new Fault.None() : fault,
        // First the list, then the words.
        Fault.Announced => attempt < 2 ? fault : new Fault.None(),
        _ => attempt == 0 ? fault : new Fault.None(),
    };
}
