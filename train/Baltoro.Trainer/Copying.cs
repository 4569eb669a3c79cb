// Exercises in copying: tokens at random, and the same again. Knows no language.

namespace Baltoro.Trainer;

/// <summary>
/// A row is a list of items of one to six tokens, and the list again: in the same order, or in another, where each item is learnt from its second token on (its
/// first says which it is). Any token can stand in an item, so that what was never seen in a name can be copied too.
/// </summary>
static class Copying
{
    public static IEnumerable<TokenRow> Rows(Vocabulary vocabulary, Random random, int tokens)
    {
        int length = random.Next(48, 220);
        for (int count = tokens / length; count > 0; count--) yield return Row(vocabulary, random, length);
    }

    static TokenRow Row(Vocabulary vocabulary, Random random, int length)
    {
        string between = random.Next(4) switch { 0 => " ", 1 => "\n", 2 => "/", _ => ", " };
        List<int> separator = [];
        vocabulary.Tokenizer.Encode(between, separator);
        List<int[]> items = [];
        for (int size = 4; size < length; size += 2 * (items[^1].Length + separator.Count))
            items.Add([.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(vocabulary.TextTokens))]);
        List<int> ids = [];
        List<bool> learn = [];
        Add([vocabulary.Tokenizer.Controls["<|im_middle|>"]], 1);
        foreach (int[] item in items) Add([.. item, .. separator], int.MaxValue);
        Add([vocabulary.End, vocabulary.Tokenizer.Controls["<think>"]], 2);
        int[][] again = [.. items];
        bool shuffled = random.Next(2) == 0;
        if (shuffled) random.Shuffle(again);
        foreach (int[] item in again) Add([.. item, .. separator], shuffled ? 1 : 0);
        return new([.. ids], [.. learn]);

        void Add(int[] part, int given)
        {
            for (int i = 0; i < part.Length; i++)
            {
                ids.Add(part[i]);
                learn.Add(i >= given);
            }
        }
    }
}
