// Rows of tokens side by side, and which of them are learnt. Knows no model and no text.

namespace Baltoro.Trainer;

/// <summary>One row: its tokens, and for each whether the model is taught to write it.</summary>
sealed record TokenRow(int[] Ids, bool[] Learn);

/// <summary>B rows padded to T tokens, and the places whose next token is learnt.</summary>
sealed class Batch
{
    /// <param name="rows">One or more.</param>
    public Batch(IReadOnlyList<TokenRow> rows)
    {
        Rows = rows;
        Length = (rows.Max(row => row.Ids.Length) - 1 + 15) / 16 * 16;
        // What stands behind a row's end is seen by nobody: attention is causal, and nothing is learnt there.
        Ids = new long[rows.Count * Length];
        List<long> places = [], targets = [];
        for (int i = 0; i < rows.Count; i++)
        {
            TokenRow row = rows[i];
            Tokens += row.Ids.Length - 1;
            for (int t = 0; t + 1 < row.Ids.Length; t++)
            {
                Ids[i * Length + t] = row.Ids[t];
                if (!row.Learn[t + 1]) continue;
                places.Add(i * Length + t);
                targets.Add(row.Ids[t + 1]);
            }
        }
        (Places, Targets) = ([.. places], [.. targets]);
    }

    public IReadOnlyList<TokenRow> Rows { get; }

    public int Length { get; }

    /// <summary>[B, T]</summary>
    public long[] Ids { get; }

    /// <summary>Of B·T.</summary>
    public long[] Places { get; }

    public long[] Targets { get; }

    /// <summary>Without padding.</summary>
    public int Tokens { get; }

    /// <summary>Rows sorted by length and cut into batches of about so many tokens, so that little is padding.</summary>
    public static IEnumerable<Batch> Cut(IEnumerable<TokenRow> rows, int tokens)
    {
        List<TokenRow> part = [];
        foreach (TokenRow row in rows.OrderBy(one => one.Ids.Length))
        {
            if (part.Count > 0 && (part.Count + 1) * row.Ids.Length > tokens)
            {
                yield return new(part);
                part = [];
            }
            part.Add(row);
        }
        if (part.Count > 0) yield return new(part);
    }
}
