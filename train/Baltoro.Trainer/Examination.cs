// How much of what it is to write the model writes, on rows it never saw. Knows no training.

using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Baltoro.Trainer;

/// <summary>
/// A turn is what is learnt up to a learnt end of a message; it counts when every token of it is the most likely one, given the true text before. That is what
/// greedy decoding would write in that place.
/// </summary>
static class Examination
{
    public sealed record Score(int Turns, int Right, int Tokens, int Wrong, double Loss)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"turns right {100.0 * Right / Turns:F2} % of {Turns}, tokens wrong {(double)Wrong / Tokens:E2}, loss {Loss:F4}");
    }

    public static Score Take(Network network, Dictionary<string, Tensor> leaves, IReadOnlyList<TokenRow> rows, int end, ScalarType precision, Action<TokenRow, int, int>? wrongToken = null)
    {
        using var none = no_grad();
        int turns = 0, right = 0, tokens = 0, wrong = 0;
        double loss = 0;
        foreach (Batch batch in Batch.Cut(rows, 4096))
        {
            using var scope = NewDisposeScope();
            Tensor logits = network.Logits(leaves, tensor(batch.Ids, batch.Rows.Count, batch.Length), tensor(batch.Places), precision, null), targets = tensor(batch.Targets);
            loss += nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.Sum).item<float>();
            long[] best = logits.argmax(-1).data<long>().ToArray();
            bool exact = true;
            for (int i = 0; i < best.Length; i++)
            {
                tokens++;
                if (best[i] != batch.Targets[i])
                {
                    wrong++;
                    if (exact) wrongToken?.Invoke(batch.Rows[(int)(batch.Places[i] / batch.Length)], (int)(batch.Places[i] % batch.Length) + 1, (int)best[i]);
                    exact = false;
                }
                if (batch.Targets[i] != end) continue;
                turns++;
                if (exact) right++;
                exact = true;
            }
        }
        return new(turns, right, tokens, wrong, loss / tokens);
    }
}
