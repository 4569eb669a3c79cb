// Weights to begin from with which the model copies what it has read before anything is trained. Changes no architecture; knows no data.

using Baltoro.Engine.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Baltoro.Trainer;

/// <summary>
/// Copying is done by pairs of attention heads (induction, arXiv 2209.11895), and small models take most of their training to find them. Here layer 0 begins with
/// heads that look one, two and three tokens back, and leave a signature of what they saw in coordinates of the residual of their own; layer 1 begins with heads
/// that look for a place whose predecessors match the last one, two or three tokens, and copy what stands there. Training keeps, sharpens or drops them.
/// </summary>
static class HeadStart
{
    /// <summary>How strongly layer 0 looks at one distance, and layer 1 at a match.</summary>
    public const double Distance = 7, Match = 6;

    const int Back = 3;

    public static void Give(Parameters parameters, double distance = Distance, double match = Match)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Shape shape = parameters.Shape;
        int hidden = shape.Hidden, value = shape.Value, plain = shape.Plain, query = shape.Query, pair = plain + value, signature = plain, half = plain / 2;
        // Coordinates of the residual: 0 is constant; a signature for each distance; the rest is the token itself.
        int own = 1 + Back * signature, ownWidth = hidden - own;
        if (ownWidth < value || shape.Latent < 4 * half + value || shape.QueryRank < 4 * half || shape.Heads <= Back || shape.Layers < 2)
            throw new ArgumentException("The model is too small for a head start.", nameof(parameters));
        int At(int back) => 1 + (back - 1) * signature;

        parameters["embedding"].select(1, 0).fill_(0.3);
        Tensor sign = zeros(signature, hidden);
        sign.narrow(1, own, ownWidth).copy_(randn(signature, ownWidth) / Math.Sqrt(ownWidth) * 1.6);
        Tensor identity = zeros(value, hidden);
        var (left, _, right) = linalg.svd(randn(ownWidth, value), false);
        identity.narrow(1, own, ownWidth).copy_(left.matmul(right).t());

        LookBack();
        LookForMatch();

        void LookBack()
        {
            Tensor down = parameters["0.down"], queryUp = parameters["0.query up"], latentUp = parameters["0.latent up"], output = parameters["0.output"];
            // One number of the compressed query is the constant, and so is the first of each pair of the rotary key.
            down.select(0, 0).zero_();
            down[0, 0] = 1f;
            int key = shape.QueryRank + shape.Latent;
            down.narrow(0, key, shape.Rotary).mul_(0.1);
            for (int f = 0; f < shape.Rotary / 2; f++) down[key + 2 * f, 0] = (float)(distance / 5.5);
            double[] frequencies = shape.Rope.Frequencies();
            for (int head = 0; head < Back; head++)
            {
                queryUp.narrow(0, head * query, query).mul_(0.1);
                for (int f = 0; f < frequencies.Length; f++)
                {
                    double angle = frequencies[f] * (head + 1);
                    queryUp[head * query + plain + 2 * f, 0] = (float)(distance / 5.3 * Math.Cos(angle));
                    queryUp[head * query + plain + 2 * f + 1, 0] = (float)(-distance / 5.3 * Math.Sin(angle));
                }
                latentUp.narrow(0, head * pair, pair).mul_(0.1);
                latentUp.narrow(0, head * pair + plain, signature).narrow(1, 0, signature).add_(eye(signature));
                output.narrow(1, head * value, value).zero_();
                output.narrow(0, At(head + 1), signature).narrow(1, head * value, signature).copy_(eye(signature) * 0.1);
            }
            down.narrow(0, shape.QueryRank, signature).copy_(sign);
        }

        void LookForMatch()
        {
            Tensor down = parameters["1.down"], queryUp = parameters["1.query up"], latentUp = parameters["1.latent up"], output = parameters["1.output"];
            // The query knows the token itself (two halves), the one before and the one before that; the latent each of these one place later, and the token.
            Tensor queries = down.narrow(0, 0, 4 * half), latents = down.narrow(0, shape.QueryRank, 4 * half + value);
            queries.zero_();
            latents.zero_();
            queries.narrow(0, 0, signature).copy_(sign);
            latents.narrow(0, 0, signature).narrow(1, At(1), signature).copy_(eye(signature));
            for (int back = 1; back < Back; back++)
            {
                queries.narrow(0, (back + 1) * half, half).narrow(1, At(back), half).copy_(eye(half));
                latents.narrow(0, (back + 1) * half, half).narrow(1, At(back + 1), half).copy_(eye(half));
            }
            latents.narrow(0, 4 * half, value).copy_(identity * 1.6);
            for (int head = 0; head < Back; head++)
            {
                queryUp.narrow(0, head * query, query).mul_(0.1);
                latentUp.narrow(0, head * pair, pair).mul_(0.1);
                // Widths of the signatures that are compared, for this, the last and the last but one token.
                int[] widths = head switch { 0 => [plain, 0, 0], 1 => [half, half, 0], _ => [plain - plain / 3 * 2, plain / 3, plain / 3] };
                for (int back = 0, to = 0; back < Back; to += widths[back++])
                {
                    int from = back == 0 ? 0 : (back + 1) * half;
                    if (widths[back] == 0) continue;
                    queryUp.narrow(0, head * query + to, widths[back]).narrow(1, from, widths[back]).add_(eye(widths[back]) * match);
                    latentUp.narrow(0, head * pair + to, widths[back]).narrow(1, from, widths[back]).add_(eye(widths[back]));
                }
                latentUp.narrow(0, head * pair + plain, value).narrow(1, 4 * half, value).add_(eye(value));
                output.narrow(1, head * value, value).copy_(identity.t() * 0.15);
            }
        }
    }
}
