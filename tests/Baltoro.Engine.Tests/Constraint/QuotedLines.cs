// Words of numbered lines behind what stands in front of them: what may follow, and nothing else.

using System.Text;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Engine.Tests.Constraint;

public class QuotedLines
{
    const string Lines = "1\t# page 3\n2\t# then on to -> b/c.py, `d.md`.\n3\t<!-- found: old.md -->\n12\tkey is fjord, no key\n[Lines 1 to 12 of 30.]";

    static readonly QuoteSign Path = new("@", IsBeforePath: true), Word = new("found", IsBeforePath: false), OfKey = Word with { Behind = "Key" };

    static int After(LineQuoteLeaf leaf, string text)
    {
        int state = leaf.Start;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
            if ((state = leaf.Step(state, value)) < 0) return -1;
        return state;
    }

    public static TheoryData<QuoteSign, string> All => new()
    {
        { Path, "2\t# then on to -> @ b/c.py|2\t# then on to -> b/c.py, `@ d.md|3\t<!-- found: @ old.md" },
        { Word, "1\t# found page|1\t# page found 3|2\t# found then|2\t# then found on|2\t# then on found to|2\t# then on to -> found b/c.py|2\t# then on to -> b/c.py, `found d.md|3\t<!-- found found|3\t<!-- found: found old.md"
            + "|12\tfound key|12\tkey found is|12\tkey is found fjord|12\tkey is fjord, found no|12\tkey is fjord, no found key" },
        { OfKey, "12\tkey found is|12\tkey is found fjord|12\tkey is fjord, found no|12\tkey is fjord, no found key" },
        { new("@", IsBeforePath: true, "then on"), "2\t# then on to -> @ b/c.py|2\t# then on to -> b/c.py, `@ d.md" },
    };

    [Theory, MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void A_word_can_be_named_behind_its_line_and_nothing_else(QuoteSign sign, string all)
    {
        LineQuoteLeaf leaf = new(Lines, sign);
        HashSet<string> found = [];
        Walk(leaf.Start, "");
        Assert.Equal(all.Split('|').Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        void Walk(int state, string text)
        {
            if (leaf.Label(state) >= 0)
            {
                Assert.Equal((0, false), (leaf.CostOf(state), leaf.GoesOn(state)));
                found.Add(text);
                return;
            }
            for (int value = 0; value < 256; value++)
                if (leaf.Step(state, (byte)value) is >= 0 and var next) Walk(next, text + (char)value);
        }
    }

    [Theory, InlineData("2\t# then"), InlineData("2\t# then on to -> @ b/"), InlineData("")]
    public void What_is_begun_can_be_ended_as_soon_as_it_tells(string begun)
    {
        LineQuoteLeaf leaf = new(Lines, Path);
        int state = After(leaf, begun);
        for (int steps = 0; leaf.Label(state) < 0; steps++)
        {
            int cost = leaf.CostOf(state);
            state = Enumerable.Range(0, 256).Select(value => leaf.Step(state, (byte)value)).Where(next => next >= 0).MinBy(leaf.CostOf);
            Assert.Equal(cost - 1, leaf.CostOf(state));
            Assert.True(steps < 100);
        }
    }

    [Fact]
    public void Letters_of_several_bytes_stay_whole()
    {
        LineQuoteLeaf leaf = new("1\tStraße: größer", Word with { Behind = "straße" });
        Assert.True(After(leaf, "1\tStraße: found größer") is >= 0 and var end && leaf.Label(end) == 0);
        Assert.Equal(-1, After(leaf, "1\tfound"));
    }

    [Theory, InlineData(""), InlineData("1: x\nx"), InlineData("1\t---"), InlineData("1\tno path")]
    public void Without_such_a_word_in_a_numbered_line_nothing_is_quoted(string lines)
    {
        Assert.True(new LineQuoteLeaf(lines, Path).IsEmpty);
        Assert.Null(new GrammarBuilder(SampleVocabulary.Trie).Quotation(lines, Path));
    }
}
