// Changes parameters by their gradients, and the routers' biases by the experts' load. Knows no data and no forward pass.

using TorchSharp;
using static TorchSharp.torch;

namespace Baltoro.Trainer;

/// <summary>
/// AdamW (arXiv 1711.05101) with the gradient's norm clipped at 1, and beside it the moving average of the weights, which is what is examined and shipped.
/// Experts are kept in balance as DeepSeek-V3 does it (arXiv 2412.19437, section 2.1.2): the bias of one with more than the mean goes down, of the others up.
/// </summary>
sealed class Optimiser : IDisposable
{
    const double Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8, Decay = 0.05, BiasRate = 2e-3;

    static readonly Scalar One = 1;

    readonly Parameters _parameters;

    public Optimiser(Parameters parameters)
    {
        _parameters = parameters;
        First = zeros_like(parameters.Flat).DetachFromDisposeScope();
        Second = zeros_like(parameters.Flat).DetachFromDisposeScope();
        Mean = parameters.Flat.clone().DetachFromDisposeScope();
    }

    /// <summary>Steps made.</summary>
    public int Steps { get; set; }

    /// <summary>Moving averages of gradients, of their squares, and of the weights, each [count].</summary>
    public Tensor First { get; }

    public Tensor Second { get; }

    public Tensor Mean { get; }

    /// <param name="gradient">[count], as <see cref="Parameters.Flat"/>; is changed.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="memory">How much of <see cref="Mean"/> stays.</param>
    /// <returns>The gradient's norm before it was clipped.</returns>
    public double Step(Tensor gradient, double rate, double memory)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        double norm = gradient.norm().item<float>();
        // Held until all is done, for TorchSharp 0.107.0 lets the collector free a number's native copy while an operation still reads it.
        Scalar clip = Math.Min(1, 1 / (norm + 1e-6)), firstOld = Beta1, firstNew = 1 - Beta1, secondOld = Beta2, secondNew = 1 - Beta2, shrink = 1 - rate * Decay,
            correction = 1 - Math.Pow(Beta2, Steps), epsilon = Epsilon, move = -rate / (1 - Math.Pow(Beta1, Steps)), meanOld = memory, meanNew = 1 - memory;
        gradient.mul_(clip);
        First.mul_(firstOld).add_(gradient, firstNew);
        Second.mul_(secondOld).addcmul_(gradient, gradient, secondNew);
        foreach (string name in _parameters.Names)
            if (_parameters[name].dim() >= 2 && name != "embedding") _parameters[name].mul_(shrink);
        Tensor divisor = Second.div(correction).sqrt_().add_(epsilon);
        _parameters.Flat.addcdiv_(First, divisor, move);
        Mean.mul_(meanOld).add_(_parameters.Flat, meanNew);
        foreach (Scalar one in (Scalar[])[clip, firstOld, firstNew, secondOld, secondNew, shrink, correction, epsilon, move, meanOld, meanNew]) GC.KeepAlive(one);
        return norm;
    }

    /// <param name="load">Tokens of each expert since the last time; is set to zero.</param>
    public void Balance(int layer, long[] load)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double mean = load.Average(one => (double)one);
        float[] change = [.. load.Select(one => (float)(Math.Sign(mean - one) * BiasRate))];
        Array.Clear(load);
        _parameters.Biases.select(0, layer).add_(tensor(change), One);
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        Mean.Dispose();
    }
}
