// How characters stand in a JSON string: plain, or behind a backslash. Knows no schema.

using System.Text;

namespace Baltoro.Engine.Constraint.Automata;

static class JsonText
{
    /// <summary>A string as JSON, in the one spelling that constrained texts have: escaped is only what must be.</summary>
    public static byte[] Quote(string text)
    {
        List<byte> json = [(byte)'"'];
        foreach (byte value in Encoding.UTF8.GetBytes(text))
            if (value < 0x20 || value is (byte)'"' or (byte)'\\') json.AddRange(Escape(value));
            else json.Add(value);
        json.Add((byte)'"');
        return [.. json];
    }

    /// <summary>What stands for a character that cannot stand for itself.</summary>
    public static byte[] Escape(int character) => character switch
    {
        '"' => [.. "\\\""u8],
        '\\' => [.. "\\\\"u8],
        '\b' => [.. "\\b"u8],
        '\f' => [.. "\\f"u8],
        '\n' => [.. "\\n"u8],
        '\r' => [.. "\\r"u8],
        '\t' => [.. "\\t"u8],
        _ => Encoding.ASCII.GetBytes($"\\u{character:x4}"),
    };

    /// <summary>Steps for every character that stands for itself.</summary>
    public static void AddPlain(Nfa nfa, int from, int to)
    {
        Utf8.Add(nfa, from, to, 0x20, '"' - 1);
        Utf8.Add(nfa, from, to, '"' + 1, '\\' - 1);
        Utf8.Add(nfa, from, to, '\\' + 1, 0x10FFFF);
    }

    /// <summary>Steps for a range of characters, each in its one spelling.</summary>
    public static void Add(Nfa nfa, int from, int to, int first, int last)
    {
        foreach (int special in (IEnumerable<int>)[.. Enumerable.Range(0, 0x20), '"', '\\'])
            if (special >= first && special <= last)
                nfa.Free(nfa.Literal(from, Escape(special)), to);
        foreach (var (least, most) in ((int, int)[])[(0x20, '"' - 1), ('"' + 1, '\\' - 1), ('\\' + 1, 0x10FFFF)])
            if (first <= most && last >= least) Utf8.Add(nfa, from, to, Math.Max(first, least), Math.Min(last, most));
    }
}
