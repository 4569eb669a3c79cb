// The model's tokens, as the file says that the model is shipped with. Knows no rows and no model.

using System.Text;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Trainer;

/// <summary>A GGUF file without tensors, so that training and the product cut text with the same code. Ids: 256 bytes, then what each merge makes, then the control tokens.</summary>
sealed class Vocabulary
{
    /// <summary>Kimi's control tokens, as far as its chat format needs them.</summary>
    public static readonly IReadOnlyList<string> Controls =
    [
        "[BOS]", "[EOS]", "<|im_end|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>", "<|im_middle|>", "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>",
        "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>", "<think>", "</think>",
    ];

    const string Pre = "baltoro", Tokens = "tokenizer.ggml.tokens", MergeList = "tokenizer.ggml.merges";

    readonly IReadOnlyList<string> _tokens, _merges;

    Vocabulary(GgufFile file)
    {
        Tokenizer = GgufTokenizer.Read(file.Metadata);
        (_tokens, _merges) = (All(Tokens), All(MergeList));
        End = Tokenizer.Controls["<|im_end|>"];

        List<string> All(string key)
        {
            List<string> texts = [];
            foreach (ReadOnlySpan<byte> text in file.Metadata.Texts(key)) texts.Add(Encoding.UTF8.GetString(text));
            return texts;
        }
    }

    public Tokenizer Tokenizer { get; }

    public int Size => Tokenizer.Count;

    /// <summary>How many stand for text; these come first.</summary>
    public int TextTokens => Size - Controls.Count;

    /// <summary>The token that ends a message.</summary>
    public int End { get; }

    public string Text(IEnumerable<int> ids) => Encoding.UTF8.GetString([.. ids.SelectMany(id => Tokenizer.Bytes(id).ToArray())]);

    /// <exception cref="Baltoro.Engine.ModelFileException">It is no such file.</exception>
    public static Vocabulary Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return new(file);
    }

    /// <summary>Writes a vocabulary of its merges, each of two tokens before it, in the order in which they were learnt.</summary>
    public static void Save(string path, IReadOnlyList<(int Left, int Right)> merges)
    {
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(one => ByteLetters.Of((byte)one).ToString())];
        List<string> list = [];
        foreach (var (left, right) in merges)
        {
            list.Add($"{tokens[left]} {tokens[right]}");
            tokens.Add(tokens[left] + tokens[right]);
        }
        tokens.AddRange(Controls);
        GgufWriter file = new();
        Describe(file, tokens, list);
        file.Write(path);
    }

    /// <summary>The keys that a model's file says it with.</summary>
    public void Describe(GgufWriter file) => Describe(file, _tokens, _merges);

    static void Describe(GgufWriter file, IReadOnlyList<string> tokens, IReadOnlyList<string> merges)
    {
        int texts = tokens.Count - Controls.Count;
        file.Add("tokenizer.ggml.model", "gpt2");
        file.Add("tokenizer.ggml.pre", Pre);
        file.Add(Tokens, tokens);
        // 1 is text, 3 a control token (llama.h, llama_token_type).
        file.Add("tokenizer.ggml.token_type", [.. Enumerable.Range(0, tokens.Count).Select(token => token < texts ? 1 : 3)]);
        file.Add(MergeList, merges);
        file.Add("tokenizer.ggml.bos_token_id", texts + Controls.ToList().IndexOf("[BOS]"));
        file.Add("tokenizer.ggml.eos_token_id", texts + Controls.ToList().IndexOf("[EOS]"));
        file.Add("tokenizer.ggml.eot_token_id", texts + Controls.ToList().IndexOf("<|im_end|>"));
        file.Add("tokenizer.ggml.add_bos_token", false);
    }

    /// <summary>Learns merges: again and again the pair of neighbours that is most frequent, of equals the one that was known first.</summary>
    public static IReadOnlyList<(int Left, int Right)> Learn(IEnumerable<string> texts, int size)
    {
        Splitter splitter = Splitter.Find(Pre)!;
        Dictionary<string, int> counts = [];
        foreach (string text in texts)
        {
            ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
            while (!rest.IsEmpty)
            {
                int length = splitter.Next(rest);
                string piece = Encoding.Latin1.GetString(rest[..length]);
                counts[piece] = counts.GetValueOrDefault(piece) + 1;
                rest = rest[length..];
            }
        }
        (List<int> Ids, int Count)[] words = [.. counts.Where(one => one.Key.Length > 1).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key.Select(b => (int)b).ToList(), one.Value))];
        List<(int, int)> merges = [];
        while (256 + merges.Count + Controls.Count < size)
        {
            Dictionary<(int Left, int Right), long> pairs = [];
            foreach (var (ids, count) in words)
                for (int i = 0; i + 1 < ids.Count; i++) pairs[(ids[i], ids[i + 1])] = pairs.GetValueOrDefault((ids[i], ids[i + 1])) + count;
            if (pairs.Count == 0) break;
            var best = pairs.MaxBy(pair => (pair.Value, -pair.Key.Left, -pair.Key.Right)).Key;
            foreach (var (ids, _) in words)
                for (int i = 0; i + 1 < ids.Count; i++)
                    if (ids[i] == best.Left && ids[i + 1] == best.Right)
                    {
                        ids[i] = 256 + merges.Count;
                        ids.RemoveAt(i + 1);
                    }
            merges.Add(best);
        }
        return merges;
    }
}
