// Numbers and patterns as automata, against plain arithmetic and .NET's own expressions.

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Engine.Constraint.Automata;

namespace Baltoro.Engine.Tests.Constraint;

public class AutomataOfValues
{
    [Theory]
    [InlineData(0, 255)]
    [InlineData(-130, 7)]
    [InlineData(-12, -3)]
    [InlineData(5, 5)]
    [InlineData(99, 1001)]
    [InlineData(-1, 0)]
    public void Whole_numbers_between_bounds_are_those_and_no_others(int least, int most)
    {
        Dfa dfa = NumberTexts.Between(Bound(least), Bound(most), [0]);
        for (int value = -1200; value <= 1200; value++) Assert.Equal(value >= least && value <= most, Reads(dfa, value.ToString(CultureInfo.InvariantCulture)));
        Assert.All(["", "-", "-0", "00", "01", "+1", "1.0", "1e1", " 1"], text => Assert.False(Reads(dfa, text), text));
    }

    [Fact]
    public void Decimals_between_bounds_are_those_and_no_others()
    {
        Dfa dfa = NumberTexts.Between(new(Exact.Parse("-0.75"), Excluded: true), new(Exact.Parse("1.5"), Excluded: false), [0, 1, 2]);
        for (int value = -300; value <= 300; value++)
            Assert.Equal(value is > -75 and <= 150 && value != 0 || value == 0, Reads(dfa, (value / 100m).ToString("0.00", CultureInfo.InvariantCulture)));
        Assert.All(["-0.7", "0", "1", "1.5", "0.0"], text => Assert.True(Reads(dfa, text), text));
        Assert.All(["-0.8", "-1", "2", "1.6", "-0", "-0.0", ".5", "1."], text => Assert.False(Reads(dfa, text), text));
    }

    [Fact]
    public void Without_bounds_whole_numbers_have_up_to_15_digits()
    {
        Dfa dfa = NumberTexts.Between(null, null, [0]);
        Assert.True(Reads(dfa, "-999999999999999"));
        Assert.False(Reads(dfa, "1000000000000000"));
    }

    [Fact]
    public void Multiples_are_those_and_no_others()
    {
        Dfa dfa = NumberTexts.Multiples(7);
        for (int value = -500; value <= 500; value++) Assert.Equal(value % 7 == 0, Reads(dfa, value.ToString(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("-12.50e1", "-125", 0)]
    [InlineData("1.5e-3", "15", 4)]
    [InlineData("0.000", "0", 0)]
    public void Numbers_are_read_exactly(string json, string digits, int decimals) =>
        Assert.Equal(new Exact(System.Numerics.BigInteger.Parse(digits, CultureInfo.InvariantCulture), decimals), Exact.Parse(json));

    [Theory]
    [InlineData("^[A-Z]{2,3}-\\d{4}$", "AB-1234 ABC-0000", "A-1234 ABCD-1234 AB-123 xAB-1234")]
    [InlineData("a.c", "abc xxabcxx", "ac ab")]
    [InlineData("^(a|b)*c?$", "abab c abc", "ca abcc")]
    [InlineData("^x|y$", "xa by", "ax ya")]
    [InlineData("^[^a-c]+$", "xyz d-", "a xaz")]
    [InlineData("^\\w+\\.(?:ts|js)x?$", "a.ts b_1.jsx", "a.t .ts a.tsxx")]
    [InlineData("^\\$\\{\\w+\\}$", "${a}", "$a {a}")]
    [InlineData("^[\\]\\-x]+$", "]-x", "a")]
    [InlineData("^\\u00e9\\x41$", "éA", "eA")]
    [InlineData("^a{2}b{0,1}c{1,}$", "aabc aaccc", "abc aabbc aab")]
    public void A_pattern_reads_what_it_matches(string pattern, string matching, string others)
    {
        Dfa dfa = Pattern.Compile(pattern);
        Assert.All(matching.Split(' '), text => Assert.True(dfa.Reads(JsonText.Quote(text)) && Regex.IsMatch(text, pattern), text));
        Assert.All(others.Split(' '), text => Assert.False(dfa.Reads(JsonText.Quote(text)) || Regex.IsMatch(text, pattern), text));
    }

    [Theory]
    [InlineData("^[^\\d]$")]
    [InlineData("^\\W$")]
    [InlineData("^\\S$")]
    [InlineData("^.$")]
    [InlineData("^[^x]$")]
    [InlineData("^\\s$")]
    public void Whatever_a_pattern_reads_matches_by_ECMA_and_by_NET(string pattern)
    {
        Dfa dfa = Pattern.Compile(pattern);
        int read = 0;
        for (int code = 0; code < 0x10000; code++)
        {
            if (code is >= 0xD800 and < 0xE000 || !dfa.Reads(JsonText.Quote(((char)code).ToString()))) continue;
            read++;
            Assert.True(Regex.IsMatch(((char)code).ToString(), pattern) && Regex.IsMatch(((char)code).ToString(), pattern, RegexOptions.ECMAScript), $"{code:X4}");
        }
        Assert.True(read > 3);
    }

    [Fact]
    public void Characters_are_read_in_UTF_8_and_nothing_else_is()
    {
        Nfa nfa = new();
        int start = nfa.Add(), end = nfa.Add();
        Utf8.Add(nfa, start, end, 0, 0x10FFFF);
        nfa.End(end, 0);
        Dfa dfa = nfa.Determinise(start, 1000)!;
        Span<byte> bytes = stackalloc byte[4];
        for (int code = 0; code <= 0x10FFFF; code++)
            if (Rune.IsValid(code)) Assert.True(dfa.Reads(bytes[..new Rune(code).EncodeToUtf8(bytes)]));
        Assert.All<byte[]>([[0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3]],
            wrong => Assert.False(dfa.Reads(wrong)));
    }

    static Bound Bound(int at) => new(new(at, 0), Excluded: false);

    static bool Reads(Dfa dfa, string text) => dfa.Reads(Encoding.UTF8.GetBytes(text));
}
