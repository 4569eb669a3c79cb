// A vocabulary that looks like a real one: every byte, words, and the pieces of JSON that merges make. Knows no model.

using System.Globalization;
using System.Text;
using Baltoro.Engine.Constraint;

namespace Baltoro.Engine.Tests.Constraint;

static class SampleVocabulary
{
    static readonly string[] Pieces =
    [
        "{\"", "\":\"", "\":", "\": \"", "\": ", "\",\"", "\", \"", "\"}", "\"},{\"", "\"}]}", "\"]", "[{\"", "},{\"", "]}", "}}", "[]", "{}", "[[", "]]", "[\"", "\"],\"", "\":{\"", "\":[{\"", "\":[", ",\"",
        "true", "false", "null", "true,\"", "null}", "false}", "\":true", "\":null,\"", "\":-", "0.", ".5", "e+", "E-", "1e", "00", "-1", "\\\"", "\\\\", "\\n", "\\t", "\\u", "\\u00", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "u0041", "\\\\\\",
        "é", "ü", "日", "本", "語", "日本", "😀", "Ω", " ", "  ", "    ", "\n", "\n\n", "\t", "\r\n", "...", "--", "==", "=>", "();", "/", "./", "../", "://", "https", ".com", "@", "::", "\"\"", "'s", "http://", "-0", "T0", "Z\"", "+0",
    ];

    const string Words = "the of and to in is that it was for on are as with his they at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if will up "
        + "other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part "
        + "file path file_path command description content pattern output_mode limit offset old_string new_string replace_all todos status pending in_progress completed activeForm subagent_type prompt url query name value type id left right next items "
        + "timeout run_in_background glob head_limit multiline allowed_domains questions options label header kind circle square radius data meta version key count min max tags enabled config string object array integer";

    public static TokenTrie Trie { get; } = new(Make());

    /// <summary>The control token at the end.</summary>
    public static int Stop => Trie.Vocabulary - 1;

    static List<byte[]> Make()
    {
        List<byte[]> tokens = [.. Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value])];
        HashSet<string> seen = [];
        Add(Pieces);
        Add(Enumerable.Range(10, 990).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        Add(Words.Split(' ').SelectMany(word => (string[])[word, " " + word, char.ToUpperInvariant(word[0]) + word[1..], "_" + word, "\"" + word, word + "\"", "{\"" + word + "\":", ",\"" + word + "\":\""]));
        // Pieces of characters, as merges make them.
        tokens.AddRange([[0xE6, 0x97], [0xA5, 0xE6], [0xF0, 0x9F], [0xF0, 0x9F, 0x98], [0xED, 0x9F], [0xF4, 0x8F, 0xBF], [0xC3, 0xA9, 0x22], [0x80, 0x22], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90]]);
        tokens.Add([]);
        return tokens;

        void Add(IEnumerable<string> texts)
        {
            foreach (string text in texts)
                if (seen.Add(text) && Encoding.UTF8.GetByteCount(text) > 1) tokens.Add(Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>Kimi's own; where it is not at hand the test is skipped, and fails in CI.</summary>
    public static TokenTrie Kimi()
    {
        byte[][] tokens = new byte[163_840][];
        Array.Fill(tokens, []);
        foreach (string line in File.ReadLines(SharedData.Find("data", "kimi-tiktoken.model")))
            if (line.Split(' ') is [var text, var rank]) tokens[int.Parse(rank, CultureInfo.InvariantCulture)] = Convert.FromBase64String(text);
        return new(tokens);
    }
}
