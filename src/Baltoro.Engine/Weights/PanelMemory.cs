// Packs all matrices of a model into one piece of memory. Knows no file.

using Baltoro.Engine.Kernels;
using Baltoro.Engine.Threads;

namespace Baltoro.Engine.Weights;

/// <summary>Matrices one behind the other, each beginning at a multiple of 64 bytes.</summary>
static unsafe class PanelMemory
{
    const int Alignment = 64;

    /// <summary>Panels that are packed between two looks at cancellation.</summary>
    const int Stride = 4096;

    public static long Bytes(IReadOnlyList<Matrices> matrices) => matrices.Sum(one => Padded(one.Bytes));

    /// <summary>Says to every matrix where it is, the first at <paramref name="start"/>.</summary>
    public static void Place(IReadOnlyList<Matrices> matrices, byte* start)
    {
        foreach (Matrices one in matrices)
        {
            one.Place(start);
            start += Padded(one.Bytes);
        }
    }

    /// <summary>Packs every matrix to its place behind <paramref name="start"/>, which is zeroed memory.</summary>
    /// <param name="progress">Is told the share that is done, 0 to 1.</param>
    public static void Pack(IReadOnlyList<Matrices> matrices, byte* start, Crew crew, IProgress<double>? progress, CancellationToken cancellation)
    {
        double all = Bytes(matrices);
        byte* at = start;
        foreach (Matrices one in matrices)
        {
            for (int first = 0; first < one.PanelCount; first += Stride)
            {
                cancellation.ThrowIfCancellationRequested();
                int from = first;
                byte* to = at;
                crew.Run(Math.Min(Stride, one.PanelCount - first), (part, _) => one.Pack(from + part, to));
                progress?.Report((at - start + one.Bytes * Math.Min(1.0, (first + Stride) / (double)one.PanelCount)) / all);
            }
            at += Padded(one.Bytes);
        }
    }

    static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
