// The sizes and constants of a model of the DeepSeek-V2/V3 family, checked. Knows no file format.

namespace Baltoro.Engine.Network;

/// <summary>How the router's logits become probabilities.</summary>
public enum Gating
{
    Softmax = 1,
    Sigmoid = 2,
}

/// <summary>
/// Everything about a model that is not a weight, in the paper's words (DeepSeek-V2, arXiv 2405.04434; V3, arXiv 2412.19437). A reader of a file fills it in
/// from what the file says; nothing is guessed from a model's name.
/// </summary>
public sealed record Shape
{
    public required int Layers { get; init; }

    /// <summary>Leading layers with one feed-forward network in place of experts.</summary>
    public required int DenseLayers { get; init; }

    public required int Hidden { get; init; }

    /// <summary>Width of the feed-forward network of a dense layer.</summary>
    public required int DenseWidth { get; init; }

    public required int Vocabulary { get; init; }

    /// <summary>The longest text that the model was made for, in tokens.</summary>
    public required int Context { get; init; }

    public required int Heads { get; init; }

    /// <summary>Rank of the compressed query; 0 where queries are not compressed.</summary>
    public required int QueryRank { get; init; }

    /// <summary>Rank of the latent that keys and values are made from.</summary>
    public required int Latent { get; init; }

    /// <summary>Width of a head's part of query and key that carries no position.</summary>
    public required int Plain { get; init; }

    /// <summary>Width of a head's part of query and key that carries the position.</summary>
    public required int Rotary { get; init; }

    /// <summary>Width of a head's value.</summary>
    public required int Value { get; init; }

    public required float Epsilon { get; init; }

    /// <summary>Epsilon of the norms inside of attention, which some checkpoints keep apart.</summary>
    public required float InnerEpsilon { get; init; }

    public required Rope Rope { get; init; }

    /// <summary>Null in a model without experts.</summary>
    public required Routing? Routing { get; init; }

    /// <summary>Numbers of one position of one layer in the cache: the latent and the rotated key.</summary>
    public int CacheRow => Latent + Rotary;

    /// <summary>Width of a head's query.</summary>
    public int Query => Plain + Rotary;

    /// <summary>What the scores are multiplied with: (plain + rotary)^-0.5 times the square of YaRN's attention factor.</summary>
    public float ScoreScale => Rope.AttentionFactor * Rope.AttentionFactor / MathF.Sqrt(Query);

    // Many times what any model has, and far from where a product of two sizes would no longer fit 32 bits.
    const int MostLayers = 1024, MostWide = 1 << 24, MostContext = 1 << 26;

    /// <summary>The most values that a head has anywhere.</summary>
    int HeadWidth => Math.Max(Math.Max(Query, Plain + Value), CacheRow);

    /// <summary>The first thing that is wrong with it, in the words of a message; null when nothing is.</summary>
    public string? Problem =>
        Layers is < 1 or > MostLayers ? $"{Layers} layers; 1 to {MostLayers} were expected"
        : DenseLayers < 0 || DenseLayers > Layers ? $"{DenseLayers} dense layers of {Layers}"
        : Vocabulary < 1 ? $"a vocabulary of {Vocabulary}"
        : Heads is < 1 or > 4096 ? $"{Heads} heads"
        : Context is < 1 or > MostContext ? $"a context of {Context}; 1 to {MostContext} were expected"
        : Rotary > 128 ? $"rotary keys of width {Rotary}; at most 128 was expected"
        : Multiple(Hidden, "a hidden width") ?? Multiple(Latent, "a latent rank") ?? Multiple(Plain, "a key width") ?? Multiple(Rotary, "a rotary width")
            ?? Multiple(Value, "a value width") ?? (QueryRank > 0 ? Multiple(QueryRank, "a query rank") : null) ?? (DenseLayers > 0 ? Multiple(DenseWidth, "a feed-forward width") : null)
            ?? ((long)Heads * HeadWidth > MostWide ? $"{Heads} heads of {HeadWidth} values; at most {MostWide} in all were expected" : null)
            ?? (!(Epsilon > 0 && InnerEpsilon > 0) ? $"a norm's epsilon of {Math.Min(Epsilon, InnerEpsilon)}" : null)
            ?? Rope.Problem ?? (DenseLayers < Layers ? Routing is null ? "layers with experts and no routing" : Routing.Problem : null);

    internal static string? Multiple(int size, string what) => size is > 0 and <= 1 << 20 && size % 32 == 0 ? null : $"{what} of {size}; a positive multiple of 32 was expected";
}

/// <summary>How tokens find their experts.</summary>
public sealed record Routing
{
    public required int Experts { get; init; }

    /// <summary>Experts for each token.</summary>
    public required int Chosen { get; init; }

    /// <summary>Width of an expert.</summary>
    public required int Width { get; init; }

    /// <summary>Experts that every token passes through, kept as one of this many times the width.</summary>
    public required int Shared { get; init; }

    public required Gating Gating { get; init; }

    public required int Groups { get; init; }

    /// <summary>Groups that experts are chosen from.</summary>
    public required int ChosenGroups { get; init; }

    /// <summary>Whether the weights of the chosen experts are made to sum to 1.</summary>
    public required bool Normalised { get; init; }

    /// <summary>What the weights are multiplied with in the end.</summary>
    public required float Scale { get; init; }

    internal string? Problem =>
        Experts is < 1 or > 65_536 ? $"{Experts} experts"
        : Chosen < 1 || Chosen > Experts ? $"{Chosen} experts of {Experts} for each token"
        : Shared is < 0 or > 64 ? $"{Shared} shared experts"
        : Groups < 1 || Experts % Groups != 0 ? $"{Experts} experts in {Groups} groups"
        : ChosenGroups < 1 || ChosenGroups > Groups || Experts / Groups * ChosenGroups < Chosen ? $"{Chosen} experts from {ChosenGroups} groups of {Groups}"
        : Gating is not (Gating.Softmax or Gating.Sigmoid) ? $"gating function {(int)Gating}; 1 (softmax) or 2 (sigmoid) was expected"
        : Shape.Multiple(Width, "an expert's width");
}
