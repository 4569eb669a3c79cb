// Which version of Unicode the cuts go by: the platform's categories and our table of the Han script must be of the same one.

using System.Globalization;
using System.Text;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Engine.Tests.Tokenizers;

public class UnicodeVersion
{
    [Theory]
    [InlineData(0x1E4D0, RuneKind.OtherLetter, "15.0, Nag Mundari")]
    [InlineData(0x10D50, RuneKind.Upper, "16.0, Garay")]
    [InlineData(0x1C89, RuneKind.Upper, "16.0, Cyrillic")]
    [InlineData(0x2EBF0, RuneKind.OtherLetter | RuneKind.Han, "15.1, ideographs of extension I")]
    [InlineData(0x31350, RuneKind.OtherLetter | RuneKind.Han, "15.0, ideographs of extension H")]
    [InlineData(0x3005, RuneKind.OtherLetter | RuneKind.Han, "the iteration mark is a letter and Han")]
    [InlineData(0x3007, RuneKind.Number | RuneKind.Han, "the zero is a number and Han")]
    [InlineData(0x4E00, RuneKind.OtherLetter | RuneKind.Han, "1.1")]
    [InlineData(0x30A2, RuneKind.OtherLetter, "Katakana is not Han")]
    [InlineData(0x1F642, RuneKind.Symbol, "7.0, a face")]
    [InlineData(0x0378, RuneKind.None, "never assigned")]
    internal void A_character_is_what_Unicode_16_says(int code, RuneKind kind, string why) => Assert.True(kind == RuneKinds.Of(code), $"U+{code:X4} ({why}) is {RuneKinds.Of(code)}");

    [Fact]
    public void All_Han_characters_are_letters_numbers_symbols_or_marks_that_are_assigned()
    {
        // A range that went beyond the platform's version would hold characters that it does not know.
        int[] unknown = [.. Enumerable.Range(0, 0x110000).Where(code => HanScript.Has(code) && CharUnicodeInfo.GetUnicodeCategory(code) == UnicodeCategory.OtherNotAssigned)];
        Assert.Empty(unknown);
    }

    [Fact]
    public void All_unified_ideographs_of_the_platform_are_Han()
    {
        // Blocks of ideographs and nothing else, the assigned part of each.
        (int First, int Last)[] blocks = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2FFFF), (0x30000, 0x3FFFF)];
        Assert.All(blocks.SelectMany(block => Enumerable.Range(block.First, block.Last - block.First + 1)).Where(code => Rune.IsValid(code) && Rune.IsLetter(new(code))), code => Assert.True(HanScript.Has(code), $"U+{code:X}"));
    }
}
