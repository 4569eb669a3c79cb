// Reads a vocabulary from a tiktoken file. Knows no control tokens but those it is told.

using System.Buffers;
using System.Buffers.Text;

namespace Baltoro.Engine.Tokenizers;

/// <summary>Lines of <c>BASE64 RANK</c>, the ranks 0, 1, 2 and so on (tiktoken, load.py).</summary>
public static class TiktokenFile
{
    /// <param name="path">Moonshot's <c>tiktoken.model</c>, for one.</param>
    /// <param name="controls">Is told how many ranks there are, and gives the names of the control tokens, which are numbered from there on.</param>
    /// <param name="begin">The token that begins a text.</param>
    /// <param name="ends">Tokens that end a text.</param>
    /// <exception cref="ModelFileException">The file is not like that; the message names the line.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Tokenizer Read(string path, Splitter splitter, Func<int, IReadOnlyList<string>> controls, int? begin = null, IReadOnlyCollection<int>? ends = null)
    {
        ArgumentNullException.ThrowIfNull(controls);
        byte[] file = File.ReadAllBytes(path);
        List<byte[]> tokens = [];
        int line = 0;
        for (int at = 0; at < file.Length;)
        {
            line++;
            int end = file.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var found ? at + found : file.Length;
            ReadOnlySpan<byte> text = file.AsSpan(at..end).TrimEnd((byte)'\r');
            if (!text.IsEmpty) Add(text, at);
            at = end + 1;
        }
        IReadOnlyList<string> names = controls(tokens.Count);
        tokens.AddRange(names.Select(System.Text.Encoding.UTF8.GetBytes));
        int[] starts = new int[tokens.Count + 1];
        for (int i = 0; i < tokens.Count; i++) starts[i + 1] = starts[i] + tokens[i].Length;
        TokenKind[] kinds = new TokenKind[tokens.Count];
        kinds.AsSpan(tokens.Count - names.Count).Fill(TokenKind.Control);
        Vocabulary vocabulary = new([.. tokens.SelectMany(token => token)], starts, kinds);
        for (int value = 0; value < 256; value++)
            if (vocabulary.Single((byte)value) < 0) throw new ModelFileException(path, file.Length, $"the byte 0x{value:X2}: no line stands for it by itself");
        return new(vocabulary, new Merges.ByRank(vocabulary), splitter) { Begin = begin, Ends = ends ?? [] };

        void Add(ReadOnlySpan<byte> text, int at)
        {
            int cut = text.IndexOf((byte)' ');
            byte[] token = new byte[Math.Max(0, cut)];
            if (cut <= 0 || Base64.DecodeFromUtf8(text[..cut], token, out _, out int length) != OperationStatus.Done
                || !Utf8Parser.TryParse(text[(cut + 1)..], out int rank, out int digits) || digits != text.Length - cut - 1 || length == 0)
                throw new ModelFileException(path, at, $"line {line}: a token in base64, a space and its rank were expected");
            if (rank != tokens.Count) throw new ModelFileException(path, at, $"line {line}: has rank {rank}; {tokens.Count} was expected");
            tokens.Add(token[..length]);
        }
    }
}
