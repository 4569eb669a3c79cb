// The endless stream of batches that one worker learns from. Knows transcripts and tokens, and no model.

using System.Globalization;
using Baltoro.Transcripts;
using Baltoro.Worlds;

namespace Baltoro.Trainer;

/// <summary>What a stream is made of; may be changed while it flows, from the next pool on.</summary>
/// <param name="CopyShare">Share of pools that are exercises in copying.</param>
/// <param name="Skills">What the rows of the other pools are about.</param>
/// <param name="Longest">Rows with more tokens are left out.</param>
sealed record Mix(double CopyShare, Skills Skills, int Longest);

/// <summary>How many rows of a pool are about which skill.</summary>
sealed record Skills(IReadOnlyList<(Skill Skill, int Rows)> Shares)
{
    /// <param name="text">As <c>Trail=40,Decline=2</c>.</param>
    /// <exception cref="FormatException">It is not so, or names no skill.</exception>
    public static Skills Parse(string text) => new([.. text.Split(',').Select(part => part.Split('=') switch
    {
        [var name, var count] when Enum.TryParse(name, out Skill skill) && int.TryParse(count, CultureInfo.InvariantCulture, out int rows) => (skill, rows),
        _ => throw new FormatException($"--skills: \"{part}\" was found; SKILL=ROWS was expected, with one of {string.Join(", ", Enum.GetNames<Skill>())}."),
    })]);

    /// <summary>A pool's rows. The same number gives the same rows.</summary>
    public IEnumerable<Row> Draw(ulong pool) => Shares.SelectMany(share => Rows.Create(pool, Split.Train, share.Skill).Take(share.Rows));

    public override string ToString() => string.Join(',', Shares.Select(share => $"{share.Skill}={share.Rows}"));
}

/// <summary>
/// Rows come in pools; each has a seed of its own, made of the run's, the worker's number and the pool's, so that a stream goes on where it was when it knows
/// how many pools it has begun. One caller at a time.
/// </summary>
sealed class Lessons(Vocabulary vocabulary, ulong seed, int worker, int tokens, int pools = 0)
{
    readonly Queue<Batch> _ready = new();
    readonly Renaming _renaming = new(vocabulary);

    public required Mix Mix { get; set; }

    /// <summary>Pools begun so far.</summary>
    public int Pools { get; private set; } = pools;

    /// <summary>A batch, and whether it is an exercise in copying.</summary>
    public (Batch Batch, bool Copying) Next()
    {
        if (_ready.Count == 0) Fill();
        return (_ready.Dequeue(), _copying);
    }

    bool _copying;

    void Fill()
    {
        ulong pool = Scramble(Scramble(seed + (ulong)worker) + (ulong)Pools++);
        Random random = new((int)(pool >> 33));
        _copying = random.NextDouble() < Mix.CopyShare;
        IEnumerable<TokenRow> rows = _copying
            ? Copying.Rows(vocabulary, random, 2 * tokens)
            : Mix.Skills.Draw(pool).Select(row => row.Skill != Skill.Decline ? _renaming.Change(Encode(vocabulary, row), random) : Encode(vocabulary, row)).Where(row => row.Ids.Length <= Mix.Longest && row.Learn.Any(one => one));
        Batch[] batches = [.. Batch.Cut(rows, tokens)];
        random.Shuffle(batches);
        foreach (Batch batch in batches) _ready.Enqueue(batch);
    }

    public static TokenRow Encode(Vocabulary vocabulary, Row row)
    {
        List<int> ids = [];
        List<bool> learn = [];
        foreach (Piece piece in row.Pieces)
        {
            if (piece.Kind == PieceKind.Control) ids.Add(vocabulary.Tokenizer.Controls[piece.Text]);
            else vocabulary.Tokenizer.Encode(piece.Text, ids);
            while (learn.Count < ids.Count) learn.Add(piece.Learn);
        }
        return new([.. ids], [.. learn]);
    }

    /// <summary>splitmix64's finaliser.</summary>
    static ulong Scramble(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
