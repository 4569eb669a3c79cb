// The sizes of the model that is trained. Knows no weights.

using Baltoro.Engine.Network;

namespace Baltoro.Trainer;

/// <summary>Kimi K2's architecture in small: every part of it, with widths that the engine's kernels take (multiples of 32).</summary>
static class Piolet
{
    /// <summary>The longest row that is learnt from; the agent keeps its window within it.</summary>
    public const int Context = 512;

    public static Shape Shape(int vocabulary, int hidden = 256, int layers = 4) => new()
    {
        Layers = layers, DenseLayers = 1, Hidden = hidden, DenseWidth = 2 * hidden, Vocabulary = vocabulary, Context = Context,
        Heads = 4, QueryRank = 128, Latent = 128, Plain = 32, Rotary = 32, Value = 64, Epsilon = 1e-6f, InnerEpsilon = 1e-6f,
        Rope = new() { Width = 32, Base = 1000 },
        Routing = new()
        {
            Experts = 8, Chosen = 2, Width = hidden / 2, Shared = 1, Gating = Gating.Sigmoid, Groups = 1, ChosenGroups = 1, Normalised = true, Scale = 1,
        },
    };
}
