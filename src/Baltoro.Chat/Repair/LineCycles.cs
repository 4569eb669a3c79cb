// Finds lines that repeat in a text as it comes; it keeps a number for each of the last few lines and never the text.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Lines are compared by a hash of their characters without spaces, so indenting makes no difference; a false match of two
/// 64-bit hashes would have to happen several times in a row to be seen.
/// </summary>
sealed class LineCycles
{
    /// <summary>The longest cycle, in lines.</summary>
    const int LongestCycle = 12;

    const int SameLines = 8, SameBlocks = 5;

    /// <summary>Fewer letters make no sentence: <c>return false;</c> has eleven.</summary>
    const int LettersOfSentence = 12;

    /// <summary>Repeated blocks are rarer in honest text the more they say.</summary>
    const int LettersOfBlock = 40;

    /// <summary>Eight zeros in a row of a dump are letters to nobody; a sentence has several different ones.</summary>
    const int DifferentLetters = 5;

    /// <summary>FNV-1a.</summary>
    const ulong Basis = 14695981039346656037, Prime = 1099511628211;

    readonly (ulong Hash, int Letters)[] _last = new (ulong, int)[LongestCycle];

    /// <summary>At [p]: how many lines in a row equalled the one p lines before.</summary>
    readonly int[] _same = new int[LongestCycle + 1];

    int _lines;
    ulong _hash = Basis, _kinds;
    int _letters, _characters;

    public void Clear()
    {
        Array.Clear(_same);
        _lines = 0;
        StartLine();
    }

    /// <summary>Reads on. Returns the place behind the line that completes a cycle; null when there is none.</summary>
    public int? Find(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\n')
            {
                bool cycle = _characters > 0 && EndLine();
                StartLine();
                if (cycle) return i + 1;
            }
            else if (!char.IsWhiteSpace(c))
            {
                _hash = (_hash ^ c) * Prime;
                _characters++;
                if (!char.IsLetter(c)) continue;
                _letters++;
                _kinds |= 1UL << (c & 63);
            }
        }
        return null;
    }

    void StartLine() => (_hash, _letters, _kinds, _characters) = (Basis, 0, 0, 0);

    bool EndLine()
    {
        int letters = ulong.PopCount(_kinds) >= DifferentLetters ? _letters : 0;
        bool found = false;
        for (int period = 1; period <= LongestCycle; period++)
        {
            bool same = _lines >= period && _last[(_lines - period) % LongestCycle].Hash == _hash;
            _same[period] = same ? _same[period] + 1 : 0;
        }
        _last[_lines % LongestCycle] = (_hash, letters);
        _lines++;
        for (int period = 1; period <= LongestCycle && !found; period++)
        {
            int needed = period == 1 ? SameLines - 1 : (SameBlocks - 1) * period;
            found = _same[period] >= needed && Speaks(period);
        }
        return found;
    }

    /// <summary>Whether the last lines are worth calling a circle of thought.</summary>
    bool Speaks(int period)
    {
        int all = 0, longest = 0;
        for (int back = 1; back <= period; back++)
        {
            int letters = _last[(_lines - back) % LongestCycle].Letters;
            all += letters;
            longest = Math.Max(longest, letters);
        }
        return longest >= LettersOfSentence && (period == 1 || all >= LettersOfBlock);
    }
}
