// Gives the names in a row other tokens, so that each token is copied as often as any. Knows no transcripts.

using Baltoro.Worlds;

namespace Baltoro.Trainer;

/// <summary>
/// Words that are held out of training leave tokens that stand in no name there, and the model would rather write one that does. So in half of the rows that are no requests to decline each token
/// of letters that is to be written, and is no word of the format, becomes another one throughout the row, a word of the format, too: names have such words.
/// </summary>
sealed class Renaming
{
    /// <summary>Every word that thoughts, calls and answers are made of beside names; those of files are added.</summary>
    const string Format = """
        assistant system user tool Return of functions Read Write Edit Grep file_path content old_string new_string replace_all pattern glob output_mode head_limit limit offset true false
        files_without_match start next found for done Done is in no but Stopped there The words are find look at edit again none left now Nothing to do file has have all files without it above
        line then more begin with add it put into TODO END not my work I
        """;

    readonly int[] _all;
    readonly HashSet<int> _changes;

    public Renaming(Vocabulary vocabulary)
    {
        HashSet<int> kept = [.. vocabulary.Tokenizer.Encode($"{Format} {string.Join(' ', Wordings.Words)}")];
        _all = [.. Enumerable.Range(0, vocabulary.TextTokens).Where(token => AreLetters(vocabulary.Tokenizer.Bytes(token)))];
        _changes = [.. _all.Where(token => !kept.Contains(token))];
    }

    /// <summary>A row like <paramref name="row"/>, or in half of all cases itself.</summary>
    public TokenRow Change(TokenRow row, Random random)
    {
        if (random.Next(2) == 0) return row;
        HashSet<int> own = [.. row.Ids];
        Dictionary<int, int> others = [];
        for (int i = 0; i < row.Ids.Length; i++)
        {
            int token = row.Ids[i];
            if (!row.Learn[i] || others.ContainsKey(token) || !_changes.Contains(token)) continue;
            int other;
            do other = _all[random.Next(_all.Length)];
            while (!own.Add(other));
            others[token] = other;
        }
        return row with { Ids = Array.ConvertAll(row.Ids, token => others.GetValueOrDefault(token, token)) };
    }

    static bool AreLetters(ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
            if (!char.IsAsciiLetter((char)one)) return false;
        return true;
    }
}
