// The sizes of published models, for random-weight files of their shape. Knows no tensors.

using Baltoro.Engine.Network;

namespace Baltoro.Engine;

/// <summary>Values are those of the models' own config.json.</summary>
public static class KnownShapes
{
    public static readonly IReadOnlyList<string> Names = ["moonlight", "k2", "glm-flash", "tiny"];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="layers">How many layers; null for as many as the model has.</param>
    /// <exception cref="ArgumentException">There is no such shape.</exception>
    public static Shape Find(string name, int? layers = null)
    {
        Shape shape = name switch
        {
            "moonlight" => Moonlight,
            "k2" => K2,
            "glm-flash" => GlmFlash,
            "tiny" => Tiny,
            _ => throw new ArgumentException($"There is no shape \"{name}\". There are {string.Join(", ", Names)}.", nameof(name)),
        };
        return shape with { Layers = layers ?? shape.Layers };
    }

    static Routing Sigmoid(int experts, int chosen, int width, int shared, float scale) => new()
    {
        Experts = experts, Chosen = chosen, Width = width, Shared = shared, Gating = Gating.Sigmoid, Groups = 1, ChosenGroups = 1, Normalised = true, Scale = scale,
    };

    static Shape Moonlight { get; } = new()
    {
        Layers = 27, DenseLayers = 1, Hidden = 2048, DenseWidth = 11264, Vocabulary = 163_840, Context = 8192, Heads = 16, QueryRank = 0, Latent = 512,
        Plain = 128, Rotary = 64, Value = 128, Epsilon = 1e-5f, InnerEpsilon = 1e-5f, Rope = new() { Width = 64, Base = 50_000 },
        Routing = Sigmoid(64, 6, 1408, 2, 2.446f),
    };

    static Shape K2 { get; } = new()
    {
        Layers = 61, DenseLayers = 1, Hidden = 7168, DenseWidth = 18432, Vocabulary = 163_840, Context = 262_144, Heads = 64, QueryRank = 1536, Latent = 512,
        Plain = 128, Rotary = 64, Value = 128, Epsilon = 1e-5f, InnerEpsilon = 1e-5f,
        Rope = new() { Width = 64, Base = 50_000, Yarn = new(64, 4096, 1, 1, 0.1f, 1) },
        Routing = Sigmoid(384, 8, 2048, 1, 2.827f),
    };

    static Shape GlmFlash { get; } = new()
    {
        Layers = 47, DenseLayers = 1, Hidden = 2048, DenseWidth = 10240, Vocabulary = 154_880, Context = 202_752, Heads = 20, QueryRank = 768, Latent = 512,
        Plain = 192, Rotary = 64, Value = 256, Epsilon = 1e-5f, InnerEpsilon = 1e-5f, Rope = new() { Width = 64, Base = 1_000_000 },
        Routing = Sigmoid(64, 4, 1536, 1, 1.8f),
    };

    /// <summary>Small enough for a test, and with everything that a large one has.</summary>
    static Shape Tiny { get; } = new()
    {
        Layers = 3, DenseLayers = 1, Hidden = 256, DenseWidth = 512, Vocabulary = 512, Context = 32_768, Heads = 4, QueryRank = 96, Latent = 64,
        Plain = 32, Rotary = 32, Value = 32, Epsilon = 1e-6f, InnerEpsilon = 1e-6f,
        Rope = new() { Width = 32, Base = 50_000, Yarn = new(8, 4096, 32, 1, 0.1f, 1) },
        Routing = Sigmoid(8, 2, 64, 1, 2.827f),
    };
}
