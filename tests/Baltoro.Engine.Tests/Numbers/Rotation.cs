// The frequencies of rotary positions against values computed by hand for Kimi K2's two configurations.

using Baltoro.Engine.Network;

namespace Baltoro.Engine.Tests.Numbers;

public class Rotation
{
    static Rope Kimi(float betaFast) => new() { Width = 64, Base = 50_000, Yarn = new(64, 4096, betaFast, 1, 0.1f, 1) };

    [Theory]
    [InlineData(1, 0, 1), InlineData(1, 8, 6.687403e-2), InlineData(1, 9, 4.768861e-2), InlineData(1, 14, 8.794287e-3), InlineData(1, 19, 1.621760e-3)]
    [InlineData(1, 20, 1.807023e-5), InlineData(1, 31, 4.382206e-7), InlineData(32, 8, 6.687403e-2), InlineData(32, 9, 4.377666e-2)]
    [InlineData(32, 14, 4.465849e-3), InlineData(32, 19, 1.583750e-4), InlineData(32, 20, 1.807023e-5)]
    public void Frequencies_are_stretched_as_YaRN_says(float betaFast, int pair, double expected) =>
        Assert.InRange(Kimi(betaFast).Frequencies()[pair] / expected, 1 - 1e-6, 1 + 1e-6);

    [Fact]
    public void The_scale_of_scores_grows_with_the_stretching()
    {
        Shape kimi = KnownShapes.Find("k2");
        Assert.Equal(0.14467963f, kimi.ScoreScale, 7);
        Assert.Equal(0.07216878f, (kimi with { Rope = kimi.Rope with { Yarn = null } }).ScoreScale, 7);
        Assert.Equal(1, kimi.Rope.Magnitude);
    }
}
