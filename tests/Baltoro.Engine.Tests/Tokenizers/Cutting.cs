// How the pre-tokenizers cut text: cases by hand, and that nothing is ever lost. Knows no tokens.

using System.Text;
using Baltoro.Engine.Tokenizers;
using CsCheck;

namespace Baltoro.Engine.Tests.Tokenizers;

public class Cutting
{
    [Theory]
    [InlineData("Read src/a_b-C.cs", "Read| |src|/|a|_|b|-|C|.|cs")]
    [InlineData("x = \"héllo\";", "x| |=| |\"|héllo|\"|;")]
    [InlineData("12 345", "1|2| |3|4|5")]
    [InlineData("a\n\n\n    b\t\tc \t\n", "a|\n|\n|\n|    |b|\t\t|c| |\t|\n")]
    [InlineData("a\r\nb", "a|\r|\n|b")]
    [InlineData("====--!!?", "====|--|!!|?")]
    [InlineData("漢字かな e\u0301té", "漢字かな| |e\u0301té")]
    [InlineData("🙂🙂🙃Ⅷ½", "🙂🙂|🙃|Ⅷ|½")]
    public void Our_own_cuts_glue_nothing_to_a_word_and_take_digits_one_by_one(string text, string pieces) => Assert.Equal(pieces, Cut("baltoro", text));

    [Theory]
    [InlineData("getUserName HTMLParser iPhone", "get|User|Name| HTMLParser| i|Phone")]
    [InlineData("ABC abc ABCd x", "ABC| abc| ABCd| x")]
    [InlineData("don't DON'T it'S we'Re 'll o'clock it'ſ", "don't| DON'T| it'S| we'Re| '|ll| o|'clock| it'ſ")]
    [InlineData("1234567 12٣4", "123|456|7| |12٣|4")]
    [InlineData("漢字abc漢Abc々〇1〇", "漢字|abc|漢|Abc|々〇|1〇")]
    [InlineData("a漢 b⺀c", "a|漢| b|⺀|c")]
    [InlineData("if (x) {\n\n    return;\n}\n", "if| (|x|)| {\n\n|   | return|;\n|}\n")]
    [InlineData("a   b", "a|  | b")]
    [InlineData("a \t", "a| \t")]
    [InlineData("a \n \n  b", "a| \n \n| | b")]
    [InlineData("hello-world (yes) !!\r\n", "hello|-world| (|yes|)| !!\r\n")]
    [InlineData("ABアBC ßA", "ABア|BC| ß|A")]
    [InlineData("\u0301AB 1\u0301a", "\u0301|AB| |1|\u0301a")]
    [InlineData("🙂🙂 x \U00020000y", "🙂🙂| x| |\U00020000|y")]
    [InlineData("<|im_end|>", "<| im _end |>", " ")]
    public void Kimi_s_cuts_are_those_of_the_official_pattern(string text, string pieces, string between = "|") => Assert.Equal(pieces, Cut("kimi-k2", text, between));

    [Theory]
    [InlineData("getUserName don't DON'T", "getUserName| don|'t| DON|'T")]
    [InlineData("12345 x=(1)\n\n  y", "123|45| x|=(|1|)\n\n| | y")]
    [InlineData("漢字abc e\u0301t", "漢字abc| e|\u0301t")]
    public void GLM_s_cuts_take_a_word_whole_whatever_its_case_and_script(string text, string pieces) => Assert.Equal(pieces, Cut("glm4", text));

    [Theory]
    [InlineData("_name (x) foo.bar", "_name| (|x|)| foo|.bar")]
    [InlineData("漢字abc かな12345", "漢字|abc| |かな|123|45")]
    [InlineData("a  12 ・ x\u0001\u0002y\u0001", "a|  |12| |・| x|\u0001|\u0002y|\u0001")]
    [InlineData("e\u0301t it's ==\n\n  z", "e\u0301t| it|'s| ==\n\n| | z")]
    public void DeepSeek_V3_s_three_patterns_cut_one_after_another(string text, string pieces) => Assert.Equal(pieces, Cut("deepseek-v3", text));

    [Theory]
    [InlineData("a  b!!\n\nc12", "a| | b|!!|\n|\n|c|1|2")]
    [InlineData("漢字 한글 אב  x  אב  \n", "漢字| |한글| אב| | x|  אב|  |\n")]
    [InlineData("x   ", "x|   ")]
    [InlineData("a\u3000\u3000b\u3000", "a|\u3000|\u3000b|\u3000")]
    [InlineData("-{Ａx～ｂ", "-{|Ａx|～|ｂ")]
    [InlineData("字\u2028\u00A0", "字|\u2028\u00A0")]
    [InlineData("字\u2028字\u00A0字", "字\u2028字|\u00A0|字")]
    public void DeepSeek_s_first_patterns_cut_one_after_another(string text, string pieces) => Assert.Equal(pieces, Cut("deepseek-llm", text));

    [Theory]
    [InlineData("don't DON'T 123 x  y!?\n", "don|'t| DON|'|T| 123| x| | y|!?|\n")]
    public void GPT_2_s_cuts_are_those_of_its_pattern(string text, string pieces) => Assert.Equal(pieces, Cut("gpt-2", text));

    [Fact]
    public void Pieces_put_together_are_the_text() => Texts.Random.Sample(text =>
    {
        foreach (string name in Splitter.Names) Assert.Equal(text, Cut(name, text, ""));
    });

    static string Cut(string name, string text, string between = "|")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<string> pieces = [];
        for (int at = 0; at < bytes.Length;)
        {
            int length = Splitter.Find(name)!.Next(bytes.AsSpan(at));
            pieces.Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, at, length));
            at += length;
        }
        return string.Join(between, pieces);
    }
}
