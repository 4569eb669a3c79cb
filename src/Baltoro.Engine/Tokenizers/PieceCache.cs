// The tokens of words that came before. Knows no merges.

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// One entry for each place, the latest. Entries are whole when they are seen, so any number of threads reads and writes without waiting.
/// </summary>
sealed class PieceCache
{
    /// <summary>Shorter pieces are merged sooner than they are found; longer ones seldom come again.</summary>
    public const int Shortest = 6, Longest = 64;

    readonly Entry?[] _entries = new Entry?[1 << 15];

    sealed record Entry(byte[] Piece, int[] Tokens);

    public int[]? Find(ReadOnlySpan<byte> piece, uint hash) =>
        Volatile.Read(ref _entries[hash & (_entries.Length - 1)]) is { } entry && entry.Piece.AsSpan().SequenceEqual(piece) ? entry.Tokens : null;

    public void Keep(ReadOnlySpan<byte> piece, uint hash, int[] tokens) => Volatile.Write(ref _entries[hash & (_entries.Length - 1)], new(piece.ToArray(), tokens));
}
