// The running softmax over a block of positions for a group of heads, one in each lane. Knows no latents and no queries.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>Eight heads at a time, the same in every instruction set: positions are added up in their order, so no lane has to meet another.</summary>
static unsafe class HeadSoftmax
{
    const int Block = KernelSet.Block, Lanes = LatentKernel.Heads;

    /// <summary>Turns scores into weights under the largest score so far, times the scale of each position, and rounds them for <see cref="LatentKernel.Mix"/>.</summary>
    /// <param name="scores">[32, 16]; their memory is used.</param>
    /// <param name="visible">Positions that count; the others weigh nothing.</param>
    /// <param name="states">[16, 2]: the largest score so far, and the sum of weights under it.</param>
    /// <param name="mixed">[16, latent]: what was mixed under an earlier largest score, brought under the new one.</param>
    /// <param name="weights">[16, 16 heads] pairs of positions.</param>
    /// <param name="weightScales">[16]</param>
    public static void Weigh(float* scores, float* scales, int visible, int heads, float* states, float* mixed, int latent, int* weights, float* weightScales)
    {
        for (int h = 0; h < heads; h += 8) Eight(scores + h, scales, visible, Math.Min(8, heads - h), states + 2 * h, mixed + (long)h * latent, latent, weights + h, weightScales + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Eight(float* scores, float* scales, int visible, int heads, float* states, float* mixed, int latent, int* weights, float* weightScales)
    {
        Vector256<float> old = Vector256.Create(states[0], states[2], states[4], states[6], states[8], states[10], states[12], states[14]), most = old;
        for (int p = 0; p < visible; p++) most = Vector256.MaxNative(Vector256.Load(scores + p * Lanes), most);
        Vector256<float> kept = Elementwise.Exp(old - most);
        if (!Vector256.EqualsAll(kept, Vector256<float>.One))
            for (int h = 0; h < heads; h++)
                // Before anything was mixed there is nothing to bring down; behind a score that is larger by far, all of it becomes nothing.
                if (kept[h] != 1 && !float.IsNegativeInfinity(old[h])) Elementwise.Scale(kept[h], mixed + (long)h * latent, latent);

        Vector256<float> sum = default, largest = default;
        for (int p = 0; p < visible; p++)
        {
            Vector256<float> weight = Elementwise.Exp(Vector256.Load(scores + p * Lanes) - most), scaled = weight * Vector256.Create(scales[p]);
            sum += weight;
            largest = Vector256.MaxNative(scaled, largest);
            scaled.Store(scores + p * Lanes);
        }
        for (int p = visible; p < Block; p++) Vector256<float>.Zero.Store(scores + p * Lanes);
        for (int h = 0; h < 8; h++) (states[2 * h], states[2 * h + 1]) = (most[h], MathF.FusedMultiplyAdd(states[2 * h + 1], kept[h], sum[h]));

        Vector256<float> by = Vector256.Create((float)LatentKernel.MostOfWeight) / largest;
        // Where all are as good as zero they become zero.
        by = Vector256.ConditionalSelect(Vector256.LessThanOrEqual(by, Vector256.Create(float.MaxValue)), by, default);
        (largest / Vector256.Create((float)LatentKernel.MostOfWeight)).Store(weightScales);
        for (int p = 0; p < Block; p += 2, scores += 2 * Lanes)
            (Rounded(scores, by) & Vector256.Create(0xFFFF) | Rounded(scores + Lanes, by) << 16).Store(weights + p / 2 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Rounded(float* x, Vector256<float> by) => Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(x) * by));
}
