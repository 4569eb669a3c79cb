// The published patterns as .NET's expressions, against the hand-written cutters. Only characters of the basic plane, for .NET's expressions see halves of the others.

using System.Text;
using System.Text.RegularExpressions;
using Baltoro.Engine.Tokenizers;
using CsCheck;

namespace Baltoro.Engine.Tests.Tokenizers;

public partial class CutsByDefinition
{
    const string Han = @"\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9",
        Big = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}-[" + Han + "]]", Small = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}-[" + Han + "]]",
        Contraction = "(?:'[sS\u017F]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])", Rest = @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static readonly Gen<string> Texts = Tokenizers.Texts.Random.Select(text => string.Concat(text.Where(c => !char.IsSurrogate(c))));

    [Fact]
    public void Kimi() => Check("kimi-k2", KimiPattern());

    [Fact]
    public void Glm_4() => Check("glm4", GlmPattern());

    [Fact]
    public void Gpt_2() => Check("gpt-2", GptPattern());

    [Fact]
    public void DeepSeek_V3() => Check("deepseek-v3", Numbers(), Eastern(), DeepSeekPattern());

    [Fact]
    public void DeepSeek_s_first() => Check("deepseek-llm", LineEnds(), CasedWords(), Signs(), SpaceAtTheEnd(), OldEastern(), Number());

    static void Check(string name, params Regex[] patterns) => Texts.Sample(text => Assert.Equal(By(patterns, text), Cut(name, text)), iter: 3000);

    /// <summary>Each pattern cuts what the ones before have left; what it does not match is left to the next, and in the end is a piece.</summary>
    static string By(Regex[] patterns, string text)
    {
        List<(string Text, bool Done)> pieces = [(text, false)];
        foreach (Regex pattern in patterns) pieces = [.. pieces.SelectMany(piece => piece.Done ? [piece] : Split(pattern, piece.Text))];
        return string.Join('|', pieces.Where(piece => piece.Text.Length > 0).Select(piece => piece.Text));
    }

    static IEnumerable<(string Text, bool Done)> Split(Regex pattern, string text)
    {
        int at = 0;
        foreach (Match match in pattern.Matches(text))
        {
            yield return (text[at..match.Index], false);
            yield return (match.Value, true);
            at = match.Index + match.Length;
        }
        yield return (text[at..], false);
    }

    static string Cut(string name, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<string> pieces = [];
        for (int at = 0, length; at < bytes.Length; at += length)
        {
            length = Splitter.Find(name)!.Next(bytes.AsSpan(at));
            pieces.Add(Encoding.UTF8.GetString(bytes, at, length));
        }
        return string.Join('|', pieces);
    }

    [GeneratedRegex("[" + Han + @"]+|[^\r\n\p{L}\p{N}]?" + Big + "*" + Small + "+" + Contraction + @"?|[^\r\n\p{L}\p{N}]?" + Big + "+" + Small + "*" + Contraction + "?|" + Rest)]
    private static partial Regex KimiPattern();

    [GeneratedRegex(Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|" + Rest)]
    private static partial Regex GlmPattern();

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex GptPattern();

    [GeneratedRegex(@"\p{N}{1,3}")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+")]
    private static partial Regex Eastern();

    [GeneratedRegex(@"[!-/:-@\[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    private static partial Regex DeepSeekPattern();

    [GeneratedRegex(@"[\r\n]")]
    private static partial Regex LineEnds();

    [GeneratedRegex(@"\s?[\p{Lu}\p{Ll}\p{Lt}-[\u2D00-\u2D2F\uA790-\uA7FF\uAB30-\uAB6F]]+")]
    private static partial Regex CasedWords();

    [GeneratedRegex(@"\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+")]
    private static partial Regex Signs();

    [GeneratedRegex(@"\s+$")]
    private static partial Regex SpaceAtTheEnd();

    [GeneratedRegex(@"[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+")]
    private static partial Regex OldEastern();

    [GeneratedRegex(@"\p{N}")]
    private static partial Regex Number();
}
