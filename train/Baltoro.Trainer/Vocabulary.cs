// The model's tokens: bytes, merges and control tokens, and how a text is cut into them. Knows no model.

using System.Text;
using System.Text.Json;

namespace Baltoro.Trainer;

/// <summary>Byte-level BPE. Ids: 256 bytes, then what each merge makes, then the control tokens.</summary>
sealed class Vocabulary
{
    /// <summary>Kimi's control tokens, as far as its chat format needs them.</summary>
    public static readonly IReadOnlyList<string> Controls =
    [
        "[BOS]", "[EOS]", "<|im_end|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>", "<|im_middle|>", "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>",
        "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>", "<think>", "</think>",
    ];

    readonly Dictionary<(int, int), int> _ranks = [];
    readonly Dictionary<string, int> _controls = [];
    readonly Dictionary<string, int[]> _known = [];

    Vocabulary(IReadOnlyList<(int Left, int Right)> merges)
    {
        Merges = merges;
        List<byte[]> bytes = [.. Enumerable.Range(0, 256).Select(one => new[] { (byte)one })];
        foreach (var (left, right) in merges)
        {
            _ranks[(left, right)] = bytes.Count;
            bytes.Add([.. bytes[left], .. bytes[right]]);
        }
        Bytes = bytes;
        for (int i = 0; i < Controls.Count; i++) _controls[Controls[i]] = bytes.Count + i;
    }

    public IReadOnlyList<(int Left, int Right)> Merges { get; }

    /// <summary>What each token but the controls stands for.</summary>
    public IReadOnlyList<byte[]> Bytes { get; }

    public int Size => Bytes.Count + Controls.Count;

    public int Control(string name) => _controls.TryGetValue(name, out int id) ? id : throw new ArgumentException($"{name} is no control token.", nameof(name));

    public void Encode(string text, List<int> to)
    {
        foreach (string piece in Pieces(text)) to.AddRange(Cut(piece));
    }

    public string Text(IEnumerable<int> ids) => string.Concat(ids.Select(id => id < Bytes.Count ? Encoding.Latin1.GetString(Bytes[id]) : Controls[id - Bytes.Count]));

    int[] Cut(string piece)
    {
        lock (_known)
            if (_known.TryGetValue(piece, out int[]? known)) return known;
        List<int> ids = [.. Encoding.UTF8.GetBytes(piece).Select(one => (int)one)];
        while (ids.Count > 1)
        {
            int best = int.MaxValue, at = 0;
            for (int i = 0; i + 1 < ids.Count; i++)
                if (_ranks.TryGetValue((ids[i], ids[i + 1]), out int rank) && rank < best) (best, at) = (rank, i);
            if (best == int.MaxValue) break;
            ids[at] = best;
            ids.RemoveAt(at + 1);
        }
        int[] cut = [.. ids];
        lock (_known)
        {
            if (_known.Count > 100_000) _known.Clear();
            return _known[piece] = cut;
        }
    }

    /// <summary>A run of letters; one digit; one newline; a run of one other character. So a name has the same tokens wherever it stands.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        for (int from = 0, to; from < text.Length; from = to)
        {
            char first = text[from];
            to = from + 1;
            if (char.IsLetter(first)) while (to < text.Length && char.IsLetter(text[to])) to++;
            else if (!char.IsDigit(first) && first != '\n') while (to < text.Length && text[to] == first) to++;
            yield return text[from..to];
        }
    }

    /// <summary>Learns merges: again and again the pair of neighbours that is most frequent, of equals the one that was known first.</summary>
    public static Vocabulary Learn(IEnumerable<string> texts, int size)
    {
        Dictionary<string, int> counts = [];
        foreach (string text in texts)
            foreach (string piece in Pieces(text)) counts[piece] = counts.GetValueOrDefault(piece) + 1;
        (List<int> Ids, int Count)[] words = [.. counts.Where(one => one.Key.Length > 1).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (Encoding.UTF8.GetBytes(one.Key).Select(b => (int)b).ToList(), one.Value))];
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
        return new(merges);
    }

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(Merges.Select(one => new[] { one.Left, one.Right })) + "\n");

    public static Vocabulary Load(string path) => new([.. JsonSerializer.Deserialize<int[][]>(File.ReadAllText(path))!.Select(pair => (pair[0], pair[1]))]);
}
