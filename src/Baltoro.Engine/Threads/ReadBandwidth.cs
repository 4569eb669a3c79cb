// How fast memory can be read by the threads that compute. Knows no weights.

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Threads;

/// <summary>The yardstick of decoding, which reads every weight once for each token.</summary>
static unsafe class ReadBandwidth
{
    const long PartBytes = 1 << 20;

    /// <summary>Bytes per second, by the wall clock.</summary>
    public static double Measure(Crew crew, byte* start, long bytes)
    {
        int parts = (int)Math.Max(1, bytes / PartBytes);
        long part = Math.Min(bytes, PartBytes) / 256 * 256;
        // Each lane writes one word, so that nothing of the reading can be left out.
        ulong[] seen = new ulong[crew.Lanes * 8];
        long began = Stopwatch.GetTimestamp();
        crew.Run(parts, (index, lane) => seen[lane * 8] ^= Read(start + index * PartBytes, part));
        return parts * (double)part / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static ulong Read(byte* at, long bytes)
    {
        Vector512<ulong> a = default, b = default, c = default, d = default;
        for (long i = 0; i < bytes; i += 256)
        {
            a ^= Vector512.Load((ulong*)(at + i));
            b ^= Vector512.Load((ulong*)(at + i + 64));
            c ^= Vector512.Load((ulong*)(at + i + 128));
            d ^= Vector512.Load((ulong*)(at + i + 192));
        }
        return Vector512.Sum(a ^ b ^ c ^ d);
    }
}
