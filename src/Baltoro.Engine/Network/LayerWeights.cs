// The weights of one layer under the paper's names. Knows no file.

using Baltoro.Engine.Kernels;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Network;

/// <summary>Shapes are [outputs, inputs]; n, r, v are a head's plain, rotary and value widths, c the latent's rank.</summary>
sealed record LayerWeights
{
    /// <summary>[hidden]</summary>
    public required Native<float> AttentionNorm { get; init; }

    /// <summary>Queries: [query rank, hidden], or [heads · (n + r), hidden] where they are not compressed.</summary>
    public required Matrices QueryDown { get; init; }

    /// <summary>[query rank]; null where queries are not compressed, as is <see cref="QueryUp"/>.</summary>
    public required Native<float>? QueryNorm { get; init; }

    /// <summary>[heads · (n + r), query rank]</summary>
    public required Matrices? QueryUp { get; init; }

    /// <summary>[c + r, hidden]</summary>
    public required Matrices LatentDown { get; init; }

    /// <summary>[c]</summary>
    public required Native<float> LatentNorm { get; init; }

    /// <summary>For each head [c, n]: from a query to its image among the latents.</summary>
    public required Matrices KeyUp { get; init; }

    /// <summary>For each head [v, c].</summary>
    public required Matrices ValueUp { get; init; }

    /// <summary>[hidden, heads · v]</summary>
    public required Matrices Output { get; init; }

    /// <summary>[hidden]</summary>
    public required Native<float> FeedNorm { get; init; }

    public required FeedForward Feed { get; init; }
}

/// <summary>Gate and up are [width, hidden], down is [hidden, width].</summary>
abstract record FeedForward
{
    FeedForward() { }

    /// <summary>One network for every token.</summary>
    public sealed record Dense(Matrices Gate, Matrices Up, Matrices Down) : FeedForward;

    /// <summary>Experts behind a router, and perhaps one network that every token passes through.</summary>
    /// <param name="Router">[experts, hidden]</param>
    /// <param name="Bias">[experts], added for the choice only; null where there is none.</param>
    public sealed record Experts(Matrices Router, Native<float>? Bias, Matrices Gate, Matrices Up, Matrices Down, Dense? Shared) : FeedForward;
}
