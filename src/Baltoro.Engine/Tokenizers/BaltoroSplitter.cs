// The cuts of this project's own vocabulary. Knows no tokens.

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// Made so that a name is cut in the same way wherever it stands: a run of letters and marks; one digit; one line feed; a run of one and the same character of any
/// other kind. Nothing is glued to a word.
/// </summary>
sealed class BaltoroSplitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> text)
    {
        RuneKind kind = RuneKinds.First(text, out int bytes);
        if ((kind & (RuneKind.Letter | RuneKind.Mark)) != 0) return bytes + RuneKinds.Run(text[bytes..], RuneKind.Letter | RuneKind.Mark);
        if ((kind & RuneKind.Number) != 0 || text[0] == '\n') return bytes;
        ReadOnlySpan<byte> first = text[..bytes];
        int at = bytes;
        while (text[at..].StartsWith(first)) at += bytes;
        return at;
    }
}
