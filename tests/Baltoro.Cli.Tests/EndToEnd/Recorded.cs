// What the tests ask of a recorded request.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

static class Recorded
{
    /// <summary>What the model gets back of its thinking before each step that called tools; null where the step carries none.</summary>
    public static IEnumerable<string?> ThoughtsBeforeCalls(this RecordedRequest request) =>
        from turn in request.Conversation!.Turns.OfType<Turn.Assistant>()
        where turn.Calls.Count > 0
        select turn.Thinking;
}
