// Thoughts in which a line's number opens a quotation of it: what may follow, and nothing else.

using System.Text;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Engine.Tests.Constraint;

public class QuotedLines
{
    const string Lines = "1\t# page 3\n2\t# then on to -> b/c.py, `d.md`.\n3\t<!-- found: old.md -->\n12\tkey is fjord\n[Lines 1 to 12 of 30.]";

    static LineQuoteLeaf Leaf(string lines = Lines) => new(lines, [new("@", IsBeforePath: true), new("found", IsBeforePath: false)], new TextLeaf(int.MaxValue, 16));

    static int After(LineQuoteLeaf leaf, string text)
    {
        int state = leaf.Start;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
            if ((state = leaf.Step(state, value)) < 0) return -1;
        return state;
    }

    [Theory]
    [InlineData("2", "# then on to -> @ b/c.py|# then on to -> b/c.py, `@ d.md|# found then|# then found on|# then on found to|# then on to -> b/c.py, `found d.md|# then on to -> found b/c.py")]
    [InlineData("3", "<!-- found found|<!-- found: @ old.md|<!-- found: found old.md")]
    [InlineData("12", "found key|key found is|key is found fjord")]
    public void Of_a_line_its_beginning_can_be_quoted_up_to_a_word_and_that_word_named(string number, string all)
    {
        LineQuoteLeaf leaf = Leaf();
        HashSet<string> found = [];
        Walk(After(leaf, $"key? {number}\t"), "");
        Assert.Equal(all.Split('|').Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        void Walk(int state, string text)
        {
            if (leaf.Label(state) >= 0)
            {
                found.Add(text);
                return;
            }
            for (int value = 0; value < 128; value++)
                if (leaf.Step(state, (byte)value) is >= 0 and var next) Walk(next, text + (char)value);
        }
    }

    [Theory]
    [InlineData(""), InlineData("key? start a.md"), InlineData("all 12 of 2, x2\ty, a\tb, straße"), InlineData("12\tkey is found fjord for out.txt")]
    [InlineData("12\tkey is found fjord 2\t# then on to -> @ b/c.py"), InlineData("12\tkey is found fjord\nand 3"), InlineData("1\t# page found 3")]
    public void This_can_be_thought(string thought)
    {
        LineQuoteLeaf leaf = Leaf();
        int state = After(leaf, thought);
        Assert.True(state >= 0 && leaf.Label(state) >= 0);
        Assert.Equal(0, leaf.CostOf(state));
    }

    [Theory]
    [InlineData("7\tx"), InlineData("122\tx"), InlineData("2\t# now"), InlineData("2\t# then on to -> @ d.md"), InlineData("2\t# then @ on"), InlineData("12\tkey is found fjords"), InlineData("12\tkey is found fjord's")]
    [InlineData("3\t<!-- found: old.md @"), InlineData("3\t<!-- found: old.md found -->"), InlineData("12\tkey is fjord")]
    public void This_cannot(string thought) => Assert.Equal(-1, After(Leaf(), thought));

    [Theory, InlineData("2\t# then"), InlineData("2\t# then on to -> @ b/"), InlineData("12\tkey is fou")]
    public void What_is_begun_has_to_be_ended_and_tells_how_soon_it_can_be(string thought)
    {
        LineQuoteLeaf leaf = Leaf();
        int state = After(leaf, thought);
        Assert.True(leaf.Label(state) < 0);
        int steps = 0;
        while (leaf.Label(state) < 0)
        {
            int cost = leaf.CostOf(state);
            state = Enumerable.Range(0, 256).Select(value => leaf.Step(state, (byte)value)).Where(next => next >= 0).MinBy(leaf.CostOf);
            Assert.Equal(cost - 1, leaf.CostOf(state));
            Assert.True(++steps < 100);
        }
    }

    [Fact]
    public void Without_numbered_lines_nothing_is_quoted()
    {
        Assert.True(After(Leaf(""), "a\tb 3 files") >= 0);
        Assert.Equal(-1, After(Leaf("1: x\nx"), "1\tx"));
    }
}
