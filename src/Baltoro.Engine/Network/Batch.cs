// The tokens of one forward pass: of one session or several, each with its place and its past. Knows no weights.

using Baltoro.Engine.Cache;

namespace Baltoro.Engine.Network;

/// <summary>Which of a piece's tokens need logits.</summary>
enum Wanted
{
    None,
    Last,
    All,
}

/// <summary>
/// Rows are tokens; a piece is a run of rows of one timeline, behind each other. Tiles cut pieces in runs of at most <see cref="TileRows"/>, the unit of
/// attention. Everything is allocated once.
/// </summary>
sealed class Batch(int rows, int logits)
{
    public const int TileRows = 8;

    readonly (Timeline Line, int First, int Count)[] _pieces = new (Timeline, int, int)[rows];
    int _pieceCount;

    public int Rows => rows;

    public int[] Tokens { get; } = new int[rows];

    public int[] Positions { get; } = new int[rows];

    public Timeline[] Lines { get; } = new Timeline[rows];

    public int Count { get; private set; }

    /// <summary>Rows whose logits are wanted, in order.</summary>
    public int[] WantedRows { get; } = new int[logits];

    public int WantedCount { get; private set; }

    public (int First, int Count)[] Tiles { get; } = new (int, int)[rows];

    public int TileCount { get; private set; }

    public int RowsLeft => rows - Count;

    public int WantedLeft => WantedRows.Length - WantedCount;

    public void Clear() => (Count, WantedCount, TileCount, _pieceCount) = (0, 0, 0, 0);

    /// <summary>Adds the next tokens of a timeline, for which it has room; each timeline once.</summary>
    public void Add(Timeline line, ReadOnlySpan<int> tokens, Wanted wanted)
    {
        if (tokens.Length > RowsLeft) throw new ArgumentException($"{tokens.Length} tokens, and there is room for {RowsLeft}.", nameof(tokens));
        _pieces[_pieceCount++] = (line, Count, tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
        {
            (Tokens[Count], Positions[Count], Lines[Count]) = (tokens[i], line.Length + i, line);
            if (i % TileRows == 0) Tiles[TileCount++] = (Count, Math.Min(TileRows, tokens.Length - i));
            if (wanted == Wanted.All || (wanted == Wanted.Last && i == tokens.Length - 1)) WantedRows[WantedCount++] = Count;
            Count++;
        }
    }

    /// <summary>Tells every timeline that its tokens are in the cache now.</summary>
    public void Finish()
    {
        foreach (var (line, first, count) in _pieces.AsSpan(0, _pieceCount)) line.Append(Tokens.AsSpan(first, count));
    }
}
