// ripgrep's expressions in .NET's linear-time engine: what is translated, and what is refused.

using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Tests.Tools;

public class SearchPatternTests
{
    [Theory]
    [InlineData(@"fn \w+\(", "pub fn main() {")]
    [InlineData(@"(?P<name>a+)b", "aab")]
    [InlineData(@"\<word\>", "a word here")]
    [InlineData(@"\b{start}word\b{end}", "a word here")]
    [InlineData(@"[[:upper:]][[:digit:]]+", "A42")]
    [InlineData(@"[^[:space:]]+x", "foox")]
    [InlineData(@"\x{e9}", "é")]
    [InlineData(@"\u{1F600}", "😀")]
    [InlineData(@"\U0001F600", "😀")]
    [InlineData(@"\pL\PL", "é1")]
    [InlineData(@"^a{,2}$", "aa")]
    [InlineData(@"interface {", "interface { }")]
    [InlineData(@"\Ause", "use x")]
    [InlineData(@"x\z", "ends in x")]
    [InlineData(@"(?i)HELLO", "hello")]
    [InlineData(@"[]a]+", "]")]
    [InlineData(@"[a\]]", "]")]
    [InlineData(@"[\[\]]", "[")]
    [InlineData(@"a|b", "b")]
    [InlineData(@"[a-]+[-b]", "--")]
    [InlineData(@"a\s+b\W\D", "a \t b-x")]
    [InlineData(@"[\s,]x", " x")]
    public void What_ripgrep_matches_is_matched(string pattern, string line) => Assert.Matches(Valid(pattern), line);

    [Theory]
    [InlineData(@"\<word\>", "sword")]
    [InlineData(@"[[:upper:]]", "abc")]
    [InlineData(@"^a{,2}$", "aaa")]
    public void What_ripgrep_does_not_match_is_not_matched(string pattern, string line) => Assert.DoesNotMatch(Valid(pattern), line);

    [Theory]
    [InlineData("foo(", "Not enough )")]
    [InlineData("foo(?=bar)", "lookaround")]
    [InlineData(@"(a)\1", "lookaround (?= (?! (?<, backreferences")]
    [InlineData("[a-z&&[^x]]", "&& in a class is not supported")]
    [InlineData("a[[b]]", "a class inside of a class is not supported; a literal [ in a class is written \\[.")]
    [InlineData("[abc", "is not closed")]
    [InlineData("[[:nope:]]", "[:nope:] is not a class")]
    [InlineData(@"\x{zz}", "zz is not the number of a character")]
    [InlineData(@"\p{Greek}", "Greek")]
    [InlineData("*a", "Quantifier")]
    public void What_cannot_be_searched_is_refused_with_the_reason(string pattern, string why) =>
        Assert.Contains(why, Assert.IsType<SearchPattern.Refused>(SearchPattern.Of(pattern, false, false)).Why);

    static System.Text.RegularExpressions.Regex Valid(string pattern)
    {
        SearchPattern read = SearchPattern.Of(pattern, ignoreCase: false, multiline: false);
        return Assert.IsType<SearchPattern.Valid>(read).Regex;
    }
}
