// Text to tokens and tokens to bytes. Knows no chat format and no file.

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// Byte-level byte-pair encoding. Text is only ever encoded as text: what looks like a control token in it becomes the tokens of its letters. Control tokens are
/// asked for by name. Immutable but for a cache of words; safe from any thread.
/// </summary>
public sealed class Tokenizer
{
    readonly Vocabulary _vocabulary;
    readonly Merges _merges;
    readonly Splitter _splitter;
    readonly PieceCache _cache = new();

    internal Tokenizer(Vocabulary vocabulary, Merges merges, Splitter splitter) => (_vocabulary, _merges, _splitter) = (vocabulary, merges, splitter);

    /// <summary>How many tokens there are; each is a number from 0 to below this.</summary>
    public int Count => _vocabulary.Count;

    /// <summary>The token that begins a text; null when the file names none.</summary>
    public int? Begin { get; init; }

    /// <summary>Tokens that end a text, by the file's own word; may be empty.</summary>
    public IReadOnlyCollection<int> Ends { get; init; } = [];

    /// <summary>Control tokens by name.</summary>
    public IReadOnlyDictionary<string, int> Controls => _vocabulary.Controls;

    /// <summary>Whether a token steers the model and stands for no text.</summary>
    public bool IsControl(int token) => _vocabulary.KindOf(token) == TokenKind.Control;

    /// <summary>The bytes that a token stands for, which need not be whole characters; of a control token its name. Valid as long as the tokenizer is.</summary>
    public ReadOnlySpan<byte> Bytes(int token) => _vocabulary.Bytes(token);

    /// <summary>The name of a control token.</summary>
    public string Name(int token) => Encoding.UTF8.GetString(Bytes(token));

    /// <summary>The tokens of a text, and never a control token. An unpaired surrogate counts as U+FFFD.</summary>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        List<int> tokens = new(text.Length / 3 + 4);
        Encode(text, tokens);
        return [.. tokens];
    }

    /// <summary>Adds the tokens of a text.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(Math.Min(text.Length, Stretch)));
        while (!text.IsEmpty)
        {
            int length = StretchOf(text);
            EncodeUtf8(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text[..length], bytes)), into);
            text = text[length..];
        }
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>How many tokens a text has.</summary>
    public int CountOf(ReadOnlySpan<char> text)
    {
        List<int> tokens = new(text.Length / 3 + 4);
        Encode(text, tokens);
        return tokens.Count;
    }

    void EncodeUtf8(ReadOnlySpan<byte> text, List<int> into)
    {
        while (_vocabulary.Letters.Length > 0 && FirstLetter(text, out int at) is >= 0 and var letter)
        {
            Cut(text[..at], into);
            into.Add(letter);
            text = text[(at + _vocabulary.Bytes(letter).Length)..];
        }
        Cut(text, into);
    }

    /// <summary>The first token of a text that is found before it is cut, and where it stands; -1 when there is none.</summary>
    int FirstLetter(ReadOnlySpan<byte> text, out int at)
    {
        // The upper quarter of Latin-1 begins with this byte.
        for (at = 0; text[at..].IndexOf((byte)0xC3) is >= 0 and var ahead; at++)
        {
            at += ahead;
            foreach (int letter in _vocabulary.Letters)
                if (text[at..].StartsWith(_vocabulary.Bytes(letter))) return letter;
        }
        return -1;
    }

    void Cut(ReadOnlySpan<byte> text, List<int> into)
    {
        while (!text.IsEmpty)
        {
            int length = _splitter.Next(text);
            Encode(text[..length], into);
            text = text[length..];
        }
    }

    void Encode(ReadOnlySpan<byte> piece, List<int> into)
    {
        if (piece.Length == 1)
        {
            into.Add(_vocabulary.Single(piece[0]));
            return;
        }
        // By rank, a piece that is a token becomes that token whatever its parts are; nearly all words of a text are.
        if (_merges is Merges.ByRank && _vocabulary.Find(piece) is >= 0 and var whole)
        {
            into.Add(whole);
            return;
        }
        if (piece.Length is < PieceCache.Shortest or > PieceCache.Longest)
        {
            PairMerging.Encode(piece, _vocabulary, _merges, into);
            return;
        }
        uint hash = Vocabulary.Hash(piece);
        if (_cache.Find(piece, hash) is { } known)
        {
            into.AddRange(known);
            return;
        }
        int before = into.Count;
        PairMerging.Encode(piece, _vocabulary, _merges, into);
        _cache.Keep(piece, hash, CollectionsMarshal.AsSpan(into)[before..].ToArray());
    }

    // A text is cut before anything else, as Moonshot's own tokenizer does it: at 400,000 characters, and where more than 25,000 characters follow each other that all are
    // space, or all are none. No word of any text is so long; what is, is noise, and takes no time that grows faster than it.
    const int Stretch = 400_000, Noise = 25_000;

    /// <summary>Chars of the next stretch; never half a surrogate pair.</summary>
    static int StretchOf(ReadOnlySpan<char> text)
    {
        int most = Math.Min(text.Length, Stretch), run = 0;
        if (most <= Noise) return most;
        bool space = false;
        for (int i = 0; i < most; i++)
        {
            bool isSpace = char.IsWhiteSpace(text[i]) || text[i] is >= '\u001C' and <= '\u001F';
            run = isSpace == space ? run + 1 : 1;
            space = isSpace;
            if (run > Noise) return Whole(text, i);
        }
        return Whole(text, most);

        static int Whole(ReadOnlySpan<char> text, int length) => length < text.Length && char.IsLowSurrogate(text[length]) && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
    }
}
