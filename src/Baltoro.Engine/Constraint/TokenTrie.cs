// A vocabulary's tokens as a tree over their bytes, laid out for walking. Knows no grammar and no text.

using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Engine.Constraint;

/// <summary>
/// <para>Nodes stand in the order of a walk that visits a node before what is under it, children by their bytes; <see cref="End"/> says where a node's part ends,
/// so that a whole part is skipped by one step. Node 0 is the root.</para>
/// <para>Immutable, for any number of threads. Made once for a model: sorting 163,840 tokens takes a good part of a second.</para>
/// </summary>
public sealed class TokenTrie
{
    readonly byte[] _bytes;
    readonly int[] _ends;
    readonly int[] _tokens;
    readonly ushort[] _depths;
    readonly int[] _alike;
    readonly byte[][] _texts;
    readonly Dictionary<object, Leaf> _shared = [];

    /// <param name="texts">The bytes of each token, by its id; empty for control tokens, which stand for no text.</param>
    /// <exception cref="ArgumentException">A byte that text in UTF-8 needs is no token by itself, or a token has more than 4,096 bytes.</exception>
    public TokenTrie(IReadOnlyList<byte[]> texts)
    {
        _texts = [.. texts];
        int[] order = [.. Enumerable.Range(0, _texts.Length).Where(token => _texts[token].Length > 0)];
        Array.Sort(order, (a, b) => _texts[a].AsSpan().SequenceCompareTo(_texts[b]) is var by && by != 0 ? by : a.CompareTo(b));
        List<byte> bytes = [0];
        List<int> tokens = [-1], ends = [0];
        List<ushort> depths = [0];
        _alike = new int[_texts.Length];
        Array.Fill(_alike, -1);
        List<int> path = [0];
        foreach (int token in order)
        {
            byte[] text = _texts[token];
            if (text.Length > 4096) throw new ArgumentException($"Token {token} has {text.Length} bytes; at most 4,096 were expected.", nameof(texts));
            int shared = 0;
            while (shared < path.Count - 1 && shared < text.Length && bytes[path[shared + 1]] == text[shared]) shared++;
            while (path.Count - 1 > shared) Close();
            for (int i = shared; i < text.Length; i++)
            {
                path.Add(bytes.Count);
                bytes.Add(text[i]);
                tokens.Add(-1);
                ends.Add(0);
                depths.Add((ushort)(i + 1));
            }
            int node = path[^1];
            // Of tokens with the same bytes the first stands in the tree, and leads to the others.
            if (tokens[node] < 0) tokens[node] = token;
            else (_alike[token], _alike[tokens[node]]) = (_alike[tokens[node]], token);
            LongestToken = Math.Max(LongestToken, text.Length);
        }
        while (path.Count > 0) Close();
        (_bytes, _tokens, _ends, _depths) = ([.. bytes], [.. tokens], [.. ends], [.. depths]);
        foreach (int needed in (IEnumerable<int>)[.. Enumerable.Range(0, 0xC0), .. Enumerable.Range(0xC2, 0x33)])
            if (Child(0, (byte)needed) is not (> 0 and var child) || _tokens[child] < 0)
                throw new ArgumentException($"The vocabulary has no token for the byte 0x{needed:X2} alone; one for each byte was expected.", nameof(texts));

        void Close()
        {
            ends[path[^1]] = bytes.Count;
            path.RemoveAt(path.Count - 1);
        }
    }

    /// <summary>How many ids there are, control tokens among them.</summary>
    public int Vocabulary => _texts.Length;

    /// <summary>Bytes of the longest token.</summary>
    public int LongestToken { get; }

    /// <summary>What a token stands for; empty for a control token.</summary>
    public ReadOnlySpan<byte> Text(int token) => _texts[token];

    /// <summary>Held by whoever looks at or adds to what is known of a grammar over this vocabulary.</summary>
    internal Lock Lock { get; } = new();

    internal int Nodes => _bytes.Length;

    internal byte Byte(int node) => _bytes[node];

    /// <summary>The node behind the last one under this one.</summary>
    internal int End(int node) => _ends[node];

    internal bool HasMore(int node) => _ends[node] > node + 1;

    internal int Depth(int node) => _depths[node];

    /// <summary>The first token that ends at this node, or -1; <see cref="Alike"/> leads to the others.</summary>
    internal int Token(int node) => _tokens[node];

    internal int Alike(int token) => _alike[token];

    /// <summary>The node under this one by a byte; -1 when there is none.</summary>
    internal int Child(int node, byte value)
    {
        for (int child = node + 1, end = _ends[node]; child < end; child = _ends[child])
            if (_bytes[child] == value) return child;
        return -1;
    }

    /// <summary>Beyond so many leaves all are forgotten: grammars that are in use keep theirs.</summary>
    const int MostShared = 500;

    /// <summary>A leaf that all grammars over this vocabulary share, and with it what was found out about it.</summary>
    internal Leaf Shared(object key, Func<Leaf> make)
    {
        lock (Lock)
        {
            if (_shared.TryGetValue(key, out Leaf? leaf)) return leaf;
            if (_shared.Count == MostShared) _shared.Clear();
            _shared.Add(key, leaf = make());
            return leaf;
        }
    }

    /// <summary>How few tokens spell a text, from each of its bytes on: [length + 1].</summary>
    internal int[] Fewest(ReadOnlySpan<byte> text)
    {
        int[] fewest = new int[text.Length + 1];
        for (int start = text.Length - 1; start >= 0; start--)
        {
            fewest[start] = int.MaxValue;
            int node = 0;
            for (int i = start; i < text.Length && (node = Child(node, text[i])) > 0; i++)
                if (_tokens[node] >= 0) fewest[start] = Math.Min(fewest[start], fewest[i + 1] + 1);
        }
        return fewest;
    }
}
