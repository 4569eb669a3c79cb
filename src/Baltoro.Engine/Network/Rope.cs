// Rotary positions, plain or stretched by YaRN (arXiv 2309.00071). Knows no tensors.

namespace Baltoro.Engine.Network;

/// <summary>The angles by which queries and keys are turned.</summary>
public sealed record Rope
{
    /// <summary>Values that are turned; pairs of neighbours.</summary>
    public required int Width { get; init; }

    /// <summary>The base of the frequencies ("theta").</summary>
    public required float Base { get; init; }

    /// <summary>Null where positions are not stretched.</summary>
    public Yarn? Yarn { get; init; }

    /// <summary>m of the score's scale: 0.1 · mscale_all_dim · ln(factor) + 1; 1 without YaRN.</summary>
    public float AttentionFactor => Yarn is { Factor: > 1 } yarn ? yarn.LogMultiplier * MathF.Log(yarn.Factor) + 1 : 1;

    /// <summary>What cosines and sines are multiplied with: mscale over mscale_all_dim, both as factors. 1 for every model of the family that is known.</summary>
    public float Magnitude => Yarn is { Factor: > 1 } yarn ? (0.1f * yarn.Scale * MathF.Log(yarn.Factor) + 1) / AttentionFactor : 1;

    internal string? Problem =>
        !(Base > 1) ? $"a rope base of {Base}"
        : Yarn is { } yarn && !(yarn.Factor >= 1 && yarn.OriginalContext > 0 && yarn.BetaFast > 0 && yarn.BetaSlow > 0) ? $"a rope scaling that makes no sense: {yarn}"
        : null;

    /// <summary>Radians for each position, one for each pair.</summary>
    public double[] Frequencies()
    {
        double[] frequencies = new double[Width / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double plain = Math.Pow(Base, -2.0 * i / Width);
            frequencies[i] = Yarn is { } yarn ? yarn.Stretch(plain, i, Width, Base) : plain;
        }
        return frequencies;
    }
}

/// <summary>Slow rotations are stretched by the factor, fast ones are left, those between are mixed.</summary>
/// <param name="Factor">By how much the context grew.</param>
/// <param name="OriginalContext">The context of the first training.</param>
/// <param name="BetaFast">Rotations over the original context above which a pair is left alone.</param>
/// <param name="BetaSlow">Rotations below which it is stretched wholly.</param>
/// <param name="LogMultiplier">0.1 · mscale_all_dim.</param>
/// <param name="Scale">mscale.</param>
public sealed record Yarn(float Factor, int OriginalContext, float BetaFast, float BetaSlow, float LogMultiplier, float Scale)
{
    internal double Stretch(double frequency, int pair, int width, double by)
    {
        double low = Math.Max(Math.Floor(Pair(BetaFast, width, by)), 0), high = Math.Min(Math.Ceiling(Pair(BetaSlow, width, by)), width - 1);
        if (low == high) high += 0.001;
        double ramp = Math.Clamp((pair - low) / (high - low), 0, 1);
        return frequency / Factor * ramp + frequency * (1 - ramp);
    }

    /// <summary>The pair, as a fraction, that makes so many rotations over the original context.</summary>
    double Pair(double rotations, int width, double by) => width * Math.Log(OriginalContext / (rotations * 2 * Math.PI)) / (2 * Math.Log(by));
}
