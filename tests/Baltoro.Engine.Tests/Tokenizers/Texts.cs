// Random texts in which what tokenizers stumble over is likely. Knows no tokenizer.

using System.Text;
using CsCheck;

namespace Baltoro.Engine.Tests.Tokenizers;

static class Texts
{
    static Gen<string> One(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    static readonly Gen<string> Any = Gen.Int[0, 0x10F7FF].Select(n => new Rune(n < 0xD800 ? n : n + 0x800).ToString());

    /// <summary>Valid Unicode: any characters at all among words, numbers, spaces and scripts.</summary>
    public static readonly Gen<string> Random = Gen.Frequency(
        (3, One("a", "B", "é", "ǅ", "ʰ", "\u0301", "s", "'", "T", "ll", "ſ", "'s", "'RE", "ß")),
        (3, One(" ", " ", "\n", "\r", "\t", "\u00A0", "\u3000", "\u2028", "\u0085")),
        (2, One("1", "23", "٣", "Ⅷ", "½")),
        (2, One("漢", "字", "々", "〇", "⺀", "か", "ア", "한", "א", "ا", "\U00020000")),
        (2, One("-", "_", "/", "{", "\"", "€", "…", "🙂", "👩‍💻", "\u0001", "\uE000")),
        (1, Any)).Array[0, 24].Select(string.Concat);
}
