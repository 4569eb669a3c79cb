// The numbers that training changes, as 32-bit floats, by name. Knows no loss and no file.

using Baltoro.Engine.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Baltoro.Trainer;

/// <summary>
/// Matrices are [output, input] as in the engine. What reads the same input is kept as one matrix: "down" is the query's and the latent's projection and the
/// rotary key, [query rank + latent + rotary, hidden]; "widen" is gate above up. All are views of <see cref="Flat"/>, so that an optimiser needs few operations.
/// Tensors are owned here and stay until <see cref="Dispose"/>.
/// </summary>
sealed class Parameters : IDisposable
{
    /// <summary>Output projections begin near zero, so that layers begin as nearly nothing beside the residual.</summary>
    const double Quiet = 0.05;

    readonly List<(string Name, long[] Sizes, double Deviation)> _plan = [];
    readonly Dictionary<string, Tensor> _views = [];

    /// <param name="shape">Has experts.</param>
    public Parameters(Shape shape)
    {
        Shape = shape;
        Plan(shape.Routing ?? throw new ArgumentException("The model has no experts.", nameof(shape)));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Flat = zeros(_plan.Sum(one => Length(one.Sizes))).DetachFromDisposeScope();
        Biases = zeros(shape.Layers, shape.Routing!.Experts).DetachFromDisposeScope();
        long at = 0;
        foreach (var (name, sizes, deviation) in _plan)
        {
            Tensor view = Flat.narrow(0, at, Length(sizes)).view(sizes).DetachFromDisposeScope();
            // A deviation of zero stands for a norm's weight.
            view.copy_(deviation == 0 ? ones(sizes) : randn(sizes) * deviation);
            _views[name] = view;
            at += Length(sizes);
        }
    }

    public Shape Shape { get; }

    /// <summary>All of what gradients change, [count].</summary>
    public Tensor Flat { get; }

    /// <summary>The router's correction biases, [layers, experts], zero where there is no router: moved by load, not by gradient.</summary>
    public Tensor Biases { get; }

    /// <summary>In the order in which they stand in <see cref="Flat"/>.</summary>
    public IEnumerable<string> Names => _plan.Select(one => one.Name);

    public Tensor this[string name] => _views[name];

    /// <summary>Leaves to differentiate by, matrices in <paramref name="precision"/>; what is small or decides a choice stays in 32 bits. To be disposed of by the caller.</summary>
    public Dictionary<string, Tensor> Copy(ScalarType precision)
    {
        using var none = no_grad();
        Dictionary<string, Tensor> copies = [];
        foreach (string name in Names)
        {
            Tensor master = _views[name];
            bool exact = master.dim() == 1 || name == "embedding" || name.EndsWith("router", StringComparison.Ordinal);
            Tensor copy = exact || precision == ScalarType.Float32 ? master.clone() : master.to_type(precision);
            copy.requires_grad = true;
            copies[name] = copy.DetachFromDisposeScope();
        }
        return copies;
    }

    public void Dispose()
    {
        foreach (Tensor one in _views.Values) one.Dispose();
        Flat.Dispose();
        Biases.Dispose();
    }

    void Plan(Routing routing)
    {
        int hidden = Shape.Hidden;
        _plan.Add(("embedding", [Shape.Vocabulary, hidden], 0.05));
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            string at = $"{layer}.";
            Norm(at + "attention norm", hidden);
            Norm(at + "feed norm", hidden);
            Norm(at + "query norm", Shape.QueryRank);
            Norm(at + "latent norm", Shape.Latent);
            Matrix(at + "down", 1, Shape.QueryRank + Shape.CacheRow, hidden);
            Matrix(at + "query up", 1, Shape.Heads * Shape.Query, Shape.QueryRank);
            Matrix(at + "latent up", 1, Shape.Heads * (Shape.Plain + Shape.Value), Shape.Latent);
            Matrix(at + "output", Quiet, hidden, Shape.Heads * Shape.Value);
            if (layer < Shape.DenseLayers)
            {
                Matrix(at + "widen", 1, 2 * Shape.DenseWidth, hidden);
                Matrix(at + "narrow", Quiet, hidden, Shape.DenseWidth);
                continue;
            }
            Matrix(at + "router", 1, routing.Experts, hidden);
            Matrix(at + "shared widen", 1, 2 * routing.Width * routing.Shared, hidden);
            Matrix(at + "shared narrow", Quiet, hidden, routing.Width * routing.Shared);
            Matrix(at + "experts widen", 1, routing.Experts, 2 * routing.Width, hidden);
            Matrix(at + "experts narrow", Quiet, routing.Experts, hidden, routing.Width);
        }
        Norm("norm", hidden);
    }

    void Norm(string name, long length) => _plan.Add((name, [length], 0));

    void Matrix(string name, double scale, params long[] sizes) => _plan.Add((name, sizes, scale / Math.Sqrt(sizes[^1])));

    static long Length(long[] sizes) => sizes.Aggregate(1L, (all, size) => all * size);
}
