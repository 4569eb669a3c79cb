// Finds pieces of text that repeat as they come; it keeps a number for each of the last few pieces and never the text.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Pieces are compared by a hash of their characters without spaces, so indenting makes no difference; a false match of two
/// 64-bit hashes would have to happen several times in a row to be seen.
/// </summary>
sealed class Cycles
{
    /// <summary>The longest cycle, in pieces.</summary>
    const int LongestCycle = 12;

    const int SamePieces = 8, SameBlocks = 5;

    /// <summary>Fewer letters make no sentence: <c>return false;</c> has eleven.</summary>
    const int LettersOfSentence = 12;

    /// <summary>Repeated blocks are rarer in honest text the more they say.</summary>
    const int LettersOfBlock = 40;

    /// <summary>A row of one letter in a dump says nothing; a sentence has several different ones.</summary>
    const int DifferentLetters = 5;

    /// <summary>FNV-1a.</summary>
    const ulong Basis = 14695981039346656037, Prime = 1099511628211;

    readonly (ulong Hash, int Letters)[] _last = new (ulong, int)[LongestCycle];

    /// <summary>At [p]: how many pieces in a row equalled the one p pieces before.</summary>
    readonly int[] _same = new int[LongestCycle + 1];

    int _pieces, _letters;
    ulong _hash = Basis, _kinds;

    public void Clear()
    {
        Array.Clear(_same);
        _pieces = 0;
        StartPiece();
    }

    /// <param name="c">Any character but a space.</param>
    public void Add(char c)
    {
        _hash = (_hash ^ c) * Prime;
        if (!char.IsLetter(c)) return;
        _letters++;
        _kinds |= 1UL << (c & 63);
    }

    /// <summary>Ends a piece; true when it completes a cycle. A piece without characters is none.</summary>
    public bool End()
    {
        if (_hash == Basis) return false;
        int letters = ulong.PopCount(_kinds) >= DifferentLetters ? _letters : 0;
        for (int period = 1; period <= LongestCycle; period++)
            _same[period] = _pieces >= period && _last[(_pieces - period) % LongestCycle].Hash == _hash ? _same[period] + 1 : 0;
        _last[_pieces % LongestCycle] = (_hash, letters);
        _pieces++;
        StartPiece();
        for (int period = 1; period <= LongestCycle; period++)
            if (_same[period] >= (period == 1 ? SamePieces - 1 : (SameBlocks - 1) * period) && Speaks(period)) return true;
        return false;
    }

    void StartPiece() => (_hash, _letters, _kinds) = (Basis, 0, 0);

    /// <summary>Whether the last pieces are worth calling a circle of thought.</summary>
    bool Speaks(int period)
    {
        int all = 0, longest = 0;
        for (int back = 1; back <= period; back++)
        {
            int letters = _last[(_pieces - back) % LongestCycle].Letters;
            all += letters;
            longest = Math.Max(longest, letters);
        }
        return longest >= LettersOfSentence && (period == 1 || all >= LettersOfBlock);
    }
}
