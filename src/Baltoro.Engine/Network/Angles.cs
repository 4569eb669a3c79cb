// Cosines and sines of a batch's positions. Knows no queries and no keys.

using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Network;

/// <summary>For each row of a batch the angles of its position, the same for all layers and heads.</summary>
sealed unsafe class Angles(Rope rope, Batch batch) : IDisposable
{
    readonly double[] _frequencies = rope.Frequencies();
    readonly Native<float> _cosines = new((long)batch.Rows * rope.Width / 2);
    readonly Native<float> _sines = new((long)batch.Rows * rope.Width / 2);

    public float* Cosines(int row) => _cosines.Start + (long)row * rope.Width / 2;

    public float* Sines(int row) => _sines.Start + (long)row * rope.Width / 2;

    public void Prepare()
    {
        for (int row = 0; row < batch.Count; row++)
            for (int i = 0; i < _frequencies.Length; i++)
            {
                var (sine, cosine) = Math.SinCos(batch.Positions[row] * _frequencies[i]);
                (Cosines(row)[i], Sines(row)[i]) = ((float)(cosine * rope.Magnitude), (float)(sine * rope.Magnitude));
            }
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}
