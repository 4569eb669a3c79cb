// What the cache's rounding does to logits far into a text, against a cache of floats.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests.Numbers;

public sealed class Depth : IDisposable
{
    const int Length = 4096, Places = 64;

    readonly Folder _folder = new();

    [Fact]
    public void What_the_cache_rounds_off_does_not_grow_with_depth()
    {
        string path = _folder.At("random.gguf");
        RandomModel.Write(path, KnownShapes.Find("tiny"), TensorType.F32);
        float[][] exact = Logits(path, CachePrecision.Single), rounded = Logits(path, CachePrecision.Rounded16);
        double[] off = [.. exact.Zip(rounded, (a, b) => Golden.RelativeRms(a, b))];
        // Medians, because where a router chose another expert for it, that is the difference.
        double beginning = Median(off[..Places]), middle = Median(off[(Length / 2)..(Length / 2 + Places)]), end = Median(off[^Places..]);
        Assert.InRange(beginning, 1e-6, 2e-3);
        Assert.InRange(middle, 1e-6, 1.5 * beginning);
        Assert.InRange(end, 1e-6, 1.5 * beginning);
    }

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    static float[][] Logits(string path, CachePrecision precision)
    {
        using Model model = Model.Open(path, new() { CachePrecision = precision });
        using Session session = model.Begin();
        float[][] logits = new float[Length][];
        Random random = new(1);
        session.EvaluateAll([.. Enumerable.Range(0, Length).Select(_ => random.Next(Golden.Vocabulary))], (position, row) => logits[position] = row.ToArray());
        return logits;
    }

    public void Dispose() => _folder.Dispose();
}
