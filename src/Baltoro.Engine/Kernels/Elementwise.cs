// Operations on one vector that cost little beside the products: norms, activations, rotations. Knows no weights and no cache.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>Lengths are multiples of 8. Compiled at once and fully, as all kernels are: a slow first second would be the first seconds of every start. Results do not depend on the instruction set: the lanes are the same everywhere.</summary>
static unsafe class Elementwise
{
    /// <summary>y = w * x / sqrt(mean(x²) + epsilon). y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Norm(float* x, float* w, float* y, int n, float epsilon)
    {
        Vector256<float> a = default, b = default;
        int i = 0;
        for (; i + 16 <= n; i += 16)
        {
            Vector256<float> first = Vector256.Load(x + i), second = Vector256.Load(x + i + 8);
            a = Vector256.FusedMultiplyAdd(first, first, a);
            b = Vector256.FusedMultiplyAdd(second, second, b);
        }
        for (; i < n; i += 8) a = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(x + i), a);
        Vector256<float> by = Vector256.Create(1 / MathF.Sqrt(Vector256.Sum(a + b) / n + epsilon));
        for (i = 0; i < n; i += 8) (Vector256.Load(w + i) * (Vector256.Load(x + i) * by)).Store(y + i);
    }

    /// <summary>y += x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float* y, int n)
    {
        for (int i = 0; i < n; i += 8) (Vector256.Load(y + i) + Vector256.Load(x + i)).Store(y + i);
    }

    /// <summary>y += a * x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float a, float* x, float* y, int n)
    {
        Vector256<float> by = Vector256.Create(a);
        for (int i = 0; i < n; i += 8) Vector256.FusedMultiplyAdd(by, Vector256.Load(x + i), Vector256.Load(y + i)).Store(y + i);
    }

    /// <summary>y *= a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float a, float* y, int n)
    {
        Vector256<float> by = Vector256.Create(a);
        for (int i = 0; i < n; i += 8) (Vector256.Load(y + i) * by).Store(y + i);
    }

    /// <summary>The largest of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Most(float* x, int n)
    {
        Vector256<float> most = Vector256.Load(x);
        for (int i = 8; i < n; i += 8) most = Vector256.Max(most, Vector256.Load(x + i));
        float largest = most[0];
        for (int i = 1; i < 8; i++) largest = MathF.Max(largest, most[i]);
        return largest;
    }

    /// <summary>x = e^(x - most); the sum of all is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials(float* x, float most, int n)
    {
        Vector256<float> less = Vector256.Create(most), sum = default;
        for (int i = 0; i < n; i += 8)
        {
            Vector256<float> power = Exp(Vector256.Load(x + i) - less);
            power.Store(x + i);
            sum += power;
        }
        return Vector256.Sum(sum);
    }

    /// <summary>e^x to within two units of the last place; 0 below -87.</summary>
    /// <remarks>2^n e^r, where r is what a multiple of ln 2 leaves of x; the polynomial is Cephes' expf (S. Moshier).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        Vector256<float> near = Vector256.MinNative(Vector256.MaxNative(x, Vector256.Create(-87f)), Vector256.Create(88f));
        Vector256<float> n = Vector256.Round(near * 1.44269504088896341f);
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), x));
        Vector256<float> p = Vector256.FusedMultiplyAdd(Vector256.Create(1.9875691500e-4f), r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r + Vector256<float>.One);
        Vector256<float> power = ((Vector256.ConvertToInt32Native(n) + Vector256.Create(127)) << 23).AsSingle();
        return Vector256.AndNot(p * power, Vector256.LessThan(x, Vector256.Create(-87f)));
    }

    /// <summary>The sum of products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* x, float* y, int n)
    {
        Vector256<float> sum = default;
        for (int i = 0; i < n; i += 8) sum = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), sum);
        return Vector256.Sum(sum);
    }

    /// <summary>y = silu(gate) * up, silu(x) = x / (1 + e^-x). y may be either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gate(float* gate, float* up, float* y, int n)
    {
        for (int i = 0; i < n; i += 8)
        {
            Vector256<float> x = Vector256.Load(gate + i);
            (x / (Vector256<float>.One + Exp(-x)) * Vector256.Load(up + i)).Store(y + i);
        }
    }

    /// <summary>Turns the pairs (x[2i], x[2i+1]) by the angles whose cosines and sines are given, n / 2 of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(float* x, float* cosines, float* sines, int n)
    {
        for (int i = 0; i < n; i += 2)
        {
            (float even, float odd, float cosine, float sine) = (x[i], x[i + 1], cosines[i / 2], sines[i / 2]);
            x[i] = even * cosine - odd * sine;
            x[i + 1] = even * sine + odd * cosine;
        }
    }

    /// <summary>Rounds floats to bfloats, half to even. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(float* x, ushort* y, int n)
    {
        for (int i = 0; i < n; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(x[i]);
            y[i] = float.IsNaN(x[i]) ? (ushort)(bits >> 16 | 64) : (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
        }
    }
}
