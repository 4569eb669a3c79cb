// Reads a tokenizer out of a GGUF file's metadata. Knows no tensors.

using System.Text;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tokenizers;

/// <summary>The keys <c>tokenizer.ggml.*</c>, as llama.cpp's converters write them (gguf-py, constants.py) for byte-level vocabularies.</summary>
public static class GgufTokenizer
{
    internal const string Tokens = "tokenizer.ggml.tokens";

    const int ByUser = 4;

    const string Model = "tokenizer.ggml.model", Pre = "tokenizer.ggml.pre", Types = "tokenizer.ggml.token_type",
        MergeList = "tokenizer.ggml.merges", Bos = "tokenizer.ggml.bos_token_id";

    static readonly string[] EndKeys = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"];

    /// <summary>Whether a file says anything of a tokenizer.</summary>
    public static bool IsIn(GgufMetadata keys) => keys.Has(Model);

    /// <exception cref="ModelFileException">A key is missing, of another kind of tokenizer, or contradicts another one; the message names it.</exception>
    public static Tokenizer Read(GgufMetadata keys)
    {
        string model = keys.Text(Model), pre = keys.Text(Pre, "default");
        if (model != "gpt2") throw keys.Fault(Model, $"is \"{model}\"; \"gpt2\" was expected, byte-level byte-pair encoding");
        if (Splitter.Find(pre) is not { } splitter) throw keys.Fault(Pre, $"is \"{pre}\"; one of {string.Join(", ", Splitter.Names)} was expected");
        Vocabulary vocabulary = ReadVocabulary(keys);
        return new(vocabulary, ReadMerges(keys, vocabulary, pre), splitter)
        {
            Begin = keys.Has(Bos) ? Id(keys, Bos, vocabulary) : null,
            Ends = [.. EndKeys.Where(keys.Has).Select(key => Id(keys, key, vocabulary)).Distinct()],
        };
    }

    /// <summary>The names of the control tokens, without reading the rest of the vocabulary.</summary>
    /// <exception cref="ModelFileException">A key is missing or of another kind.</exception>
    public static IReadOnlyDictionary<string, int> Controls(GgufMetadata keys)
    {
        Dictionary<string, int> controls = new(StringComparer.Ordinal);
        int[] types = keys.Has(Types) ? keys.Integers(Types) : [];
        int token = 0;
        foreach (ReadOnlySpan<byte> text in keys.Texts(Tokens))
        {
            if (token >= types.Length) break;
            if (KindOf(keys, token, types[token]) == TokenKind.Control && !(types[token] == ByUser && IsUnwritten(text))) controls.TryAdd(Encoding.UTF8.GetString(text), token);
            token++;
        }
        return controls;
    }

    /// <summary>The token that begins a text and the one that ends it, by the file's own word; null where it has none.</summary>
    public static (int? Begin, int? End) Bounds(GgufMetadata keys) => (keys.Has(Bos) ? keys.Integer(Bos) : null, keys.Has(EndKeys[0]) ? keys.Integer(EndKeys[0]) : null);

    static int Id(GgufMetadata keys, string key, Vocabulary vocabulary)
    {
        int id = keys.Integer(key);
        return id < vocabulary.Count ? id : throw keys.Fault(key, $"is {id}; there are {vocabulary.Count} tokens");
    }

    static Vocabulary ReadVocabulary(GgufMetadata keys)
    {
        GgufTexts texts = keys.Texts(Tokens);
        if (texts.Count is 0 or > 1 << 24) throw keys.Fault(Tokens, $"has {texts.Count} entries; 1 to {1 << 24} were expected");
        int count = (int)texts.Count;
        int[]? types = keys.Has(Types) ? keys.Integers(Types) : null;
        if (types is not null && types.Length != count) throw keys.Fault(Types, $"has {types.Length} entries; {count} were expected, one for each token");
        TokenKind[] kinds = new TokenKind[count];
        int[] starts = new int[count + 1];
        List<byte> bytes = new(count * 8);
        int token = 0;
        foreach (ReadOnlySpan<byte> text in texts)
        {
            int type = types?[token] ?? 1;
            kinds[token] = type == ByUser && IsUnwritten(text) ? TokenKind.Letter : KindOf(keys, token, type);
            if (kinds[token] is TokenKind.Control or TokenKind.Letter) bytes.AddRange(text);
            else if (kinds[token] == TokenKind.Text && !ByteLetters.TryRead(text, bytes)) throw keys.Fault(Tokens, $"entry {token} holds a character that stands for no byte");
            starts[++token] = bytes.Count;
        }
        Vocabulary vocabulary = new([.. bytes], starts, kinds);
        for (int value = 0; value < 256; value++)
            if (vocabulary.Single((byte)value) < 0 && !IsUnwritten((byte)value)) throw keys.Fault(Tokens, $"no entry stands for the byte 0x{value:X2} by itself; without one some text cannot be encoded");
        return vocabulary;
    }

    /// <summary>Whether no UTF-8 has this byte: 0xC0, 0xC1 and those from 0xF5 on.</summary>
    static bool IsUnwritten(byte value) => value is 0xC0 or 0xC1 or >= 0xF5;

    /// <summary>
    /// Whether a token is the Latin letter that in such vocabularies stands for a byte that no UTF-8 has. DeepSeek's first ones (LLM, V2) lack those bytes, and have been given the letters as tokens "defined by the
    /// user" instead, which stand for themselves: "ü" is that token, and not two bytes.
    /// </summary>
    static bool IsUnwritten(ReadOnlySpan<byte> text) =>
        Rune.DecodeFromUtf8(text, out Rune letter, out int length) == System.Buffers.OperationStatus.Done && length == text.Length && letter.Value <= 0xFF && IsUnwritten((byte)letter.Value);

    /// <summary>1 normal, 2 unknown, 3 control, 4 defined by the user, 5 unused, 6 a byte (llama.h, llama_token_type).</summary>
    // Those "defined by the user" are names such as <think> that the model's own tokenizer finds in any text. Here only the chat format may write them.
    static TokenKind KindOf(GgufMetadata keys, int token, int type) => type switch
    {
        1 => TokenKind.Text,
        2 or 3 or ByUser => TokenKind.Control,
        5 => TokenKind.Unused,
        _ => throw keys.Fault(Types, $"entry {token} is {type}; 1 to 5 were expected"),
    };

    static Merges ReadMerges(GgufMetadata keys, Vocabulary vocabulary, string pre)
    {
        // Moonshot's vocabulary has ranks, which converters keep as the tokens' numbers. The list of merges in a file is made from them, and leaves some out.
        if (pre == "kimi-k2") return new Merges.ByRank(vocabulary);
        GgufTexts texts = keys.Texts(MergeList);
        Merges.Listed merges = new((int)Math.Min(texts.Count, 1 << 26));
        List<byte> both = [];
        int rank = 0;
        foreach (ReadOnlySpan<byte> text in texts)
        {
            // A space in a token is written as another letter, so the first one stands between the two.
            int cut = text.IndexOf((byte)' ');
            both.Clear();
            if (cut <= 0 || !ByteLetters.TryRead(text[..cut], both)) throw Wrong(text);
            byte[] left = [.. both];
            if (!ByteLetters.TryRead(text[(cut + 1)..], both)) throw Wrong(text);
            byte[] joined = [.. both];
            (int first, int second, int made) = (vocabulary.Find(left), vocabulary.Find(joined.AsSpan(left.Length)), vocabulary.Find(joined));
            if (first < 0 || second < 0 || made < 0) throw Wrong(text);
            merges.Add(first, second, rank++, made);
        }
        return merges;

        ModelFileException Wrong(ReadOnlySpan<byte> text) =>
            keys.Fault(MergeList, $"entry {rank} is \"{Encoding.UTF8.GetString(text[..Math.Min(text.Length, 80)])}\"; two tokens with a space between them were expected, which together are a token");
    }
}
