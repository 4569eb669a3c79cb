// Declines in one sentence.

namespace Baltoro.Transcripts;

sealed class DeclineOracle : Oracle
{
    public override Turn Next() => new Turn.Answers("not my work", "I cannot do that: I only follow trails of files, rename identifiers, put headers on files and collect TODO lines");

    public override void Observe(string result) => throw new InvalidOperationException("It calls nothing.");
}
