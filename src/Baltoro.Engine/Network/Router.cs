// Which experts a token goes to, and with what weight. Knows no tensors but the router's logits.

namespace Baltoro.Engine.Network;

/// <summary>
/// The gate of DeepSeek-V2 and V3: probabilities by softmax or sigmoid; the choice by probability plus correction bias, within the groups whose two best sum
/// highest; weights by probability alone, normalised and scaled as the model says. Of equals the first is chosen.
/// </summary>
static class Router
{
    /// <param name="logits">[experts]; becomes the probabilities.</param>
    /// <param name="bias">[experts] or empty.</param>
    /// <param name="room">[experts], scratch.</param>
    /// <param name="experts">[chosen]: the experts, best first.</param>
    /// <param name="weights">[chosen]: their weights.</param>
    public static void Choose(Routing routing, Span<float> logits, ReadOnlySpan<float> bias, Span<float> room, Span<int> experts, Span<float> weights)
    {
        if (routing.Gating == Gating.Sigmoid)
            foreach (ref float logit in logits) logit = 1 / (1 + MathF.Exp(-logit));
        else Softmax(logits);
        for (int i = 0; i < logits.Length; i++) room[i] = bias.IsEmpty ? logits[i] : logits[i] + bias[i];
        if (routing.ChosenGroups < routing.Groups) CloseGroups(routing, room);
        float sum = 0;
        for (int i = 0; i < experts.Length; i++)
        {
            int best = Best(room);
            room[best] = float.NegativeInfinity;
            (experts[i], weights[i]) = (best, logits[best]);
            sum += logits[best];
        }
        foreach (ref float weight in weights) weight = (routing.Normalised ? weight / (sum + 1e-20f) : weight) * routing.Scale;
    }

    static void Softmax(Span<float> logits)
    {
        float most = float.NegativeInfinity, sum = 0;
        foreach (float logit in logits) most = MathF.Max(most, logit);
        foreach (ref float logit in logits) sum += logit = MathF.Exp(logit - most);
        foreach (ref float logit in logits) logit /= sum;
    }

    static void CloseGroups(Routing routing, Span<float> room)
    {
        int size = routing.Experts / routing.Groups;
        Span<float> scores = stackalloc float[routing.Groups];
        for (int g = 0; g < scores.Length; g++)
        {
            float first = float.NegativeInfinity, second = float.NegativeInfinity;
            foreach (float choice in room.Slice(g * size, size))
                if (choice > first) (first, second) = (choice, first);
                else second = MathF.Max(second, choice);
            // V3 sums a group's two best; V2, which has no bias, takes its best.
            scores[g] = routing.Gating == Gating.Sigmoid ? first + (size > 1 ? second : 0) : first;
        }
        for (int i = 0; i < routing.ChosenGroups; i++) scores[Best(scores)] = float.NegativeInfinity;
        for (int g = 0; g < scores.Length; g++)
            if (scores[g] > float.NegativeInfinity) room.Slice(g * size, size).Fill(float.NegativeInfinity);
    }

    /// <summary>The place of the largest; of numbers that are none, the first that is not taken.</summary>
    static int Best(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best] || (float.IsNaN(values[best]) && !float.IsNaN(values[i]))) best = i;
        return best;
    }
}
