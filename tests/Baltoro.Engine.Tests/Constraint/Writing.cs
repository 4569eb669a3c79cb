// Writes texts as a model with random weights does: every token that may come is as likely as any other. Knows no schema.

using System.Text;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Engine.Tests.Constraint;

static class Writing
{
    /// <summary>A text of at most so many tokens; fails when it does not end in time.</summary>
    public static byte[] Text(Grammar grammar, Random random, int most)
    {
        TokenTrie trie = grammar.Trie;
        GrammarState state = grammar.Begin();
        TokenSet allowed = new(trie.Vocabulary);
        List<byte> text = [];
        for (int left = most; left > 0; left--)
        {
            state.Allow(allowed, left);
            int count = allowed.Count, ends = state.CanEnd ? 1 : 0;
            Assert.True(count + ends > 0, $"Nothing may follow {Encoding.UTF8.GetString([.. text])}");
            int drawn = random.Next(count + ends);
            if (drawn == count) return [.. text];
            int token = -1;
            for (int i = 0; i <= drawn; i++)
                do token++;
                while (!allowed[token]);
            text.AddRange(trie.Text(token));
            state.Accept(token);
            if (state.MustEnd) return [.. text];
        }
        Assert.True(state.CanEnd, $"{most} tokens were not enough for {Encoding.UTF8.GetString([.. text])}");
        return [.. text];
    }
}
