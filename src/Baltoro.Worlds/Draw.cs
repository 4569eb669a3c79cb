// A stream of random choices that is the same for the same seed on every machine and runtime. It knows nothing of what is chosen.

namespace Baltoro.Worlds;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014). Not for secrets; not thread-safe.</summary>
public sealed class Draw(ulong seed)
{
    ulong _state = seed;

    public ulong Bits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to <paramref name="end"/>, which is left out. The bias is below 2^-32.</summary>
    public int Below(int end) => (int)(((Bits() >> 32) * (ulong)end) >> 32);

    /// <summary>Both ends included.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool Chance(double share) => (Bits() >> 11) * (1.0 / (1UL << 53)) < share;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>In place.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
