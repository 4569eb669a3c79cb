// The forward pass of training: from tokens to logits, as libtorch operations. Knows no data and no optimiser.

using Baltoro.Engine.Network;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Baltoro.Trainer;

/// <summary>The architecture that the engine runs (Baltoro.Engine/Network), B rows of T tokens, N = B·T. Safe from several threads with leaves of their own.</summary>
sealed class Network : IDisposable
{
    readonly Shape _shape;
    readonly Parameters _parameters;
    readonly Tensor _cosines, _sines;  // [context, 1, rotary / 2]
    const int Round = 32;

    // Kept, for TorchSharp 0.107.0 lets the collector free a number's native copy while an operation still reads it; "a + b" has such a number, too: b's factor.
    static readonly Scalar One = 1;
    readonly Scalar _epsilon, _nearlyNothing = 1e-20, _scale;

    public Network(Parameters parameters)
    {
        (_parameters, _shape) = (parameters, parameters.Shape);
        (_epsilon, _scale) = (_shape.Epsilon, _shape.Routing!.Scale);
        float[] frequencies = [.. _shape.Rope.Frequencies().Select(one => (float)one)];
        using var scope = NewDisposeScope();
        Tensor angles = outer(arange(_shape.Context, dtype: ScalarType.Float32), tensor(frequencies)).unsqueeze(1);
        (_cosines, _sines) = (angles.cos().DetachFromDisposeScope(), angles.sin().DetachFromDisposeScope());
    }

    /// <param name="leaves">Of <see cref="Parameters.Copy"/>.</param>
    /// <param name="ids">[B, T]</param>
    /// <param name="places">[R], of N: after which tokens logits are wanted.</param>
    /// <param name="loads">For each layer, where the tokens of each expert are counted; null where nobody wants to know.</param>
    /// <returns>[R, vocabulary], 32-bit.</returns>
    public Tensor Logits(Dictionary<string, Tensor> leaves, Tensor ids, Tensor places, ScalarType precision, long[][]? loads)
    {
        long rows = ids.shape[0], length = ids.shape[1];
        Tensor cosines = _cosines.narrow(0, 0, length).to_type(precision), sines = _sines.narrow(0, 0, length).to_type(precision);
        Tensor x = leaves["embedding"].index_select(0, ids.flatten());
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            string at = $"{layer}.";
            x = x.add(Attend(leaves, at, Norm(x, leaves[at + "attention norm"]).to_type(precision), rows, length, cosines, sines), One);
            Tensor exact = Norm(x, leaves[at + "feed norm"]), h = exact.to_type(precision);
            x = layer < _shape.DenseLayers
                ? x.add(Gated(h, leaves[at + "widen"], leaves[at + "narrow"]), One)
                : x.add(Gated(h, leaves[at + "shared widen"], leaves[at + "shared narrow"]), One).add(Route(leaves, layer, exact, h, precision, loads?[layer]), One);
        }
        Tensor last = Norm(x.index_select(0, places), leaves["norm"]).to_type(precision);
        return last.matmul(leaves["embedding"].to_type(precision).t()).to_type(ScalarType.Float32);
    }

    Tensor Attend(Dictionary<string, Tensor> leaves, string at, Tensor h, long rows, long length, Tensor cosines, Tensor sines)
    {
        int heads = _shape.Heads, plain = _shape.Plain, rotary = _shape.Rotary, value = _shape.Value;
        Tensor[] down = h.matmul(leaves[at + "down"].t()).split([_shape.QueryRank, _shape.Latent, rotary], -1);
        Tensor[] query = Norm(down[0], leaves[at + "query norm"]).to_type(h.dtype).matmul(leaves[at + "query up"].t()).view(rows, length, heads, plain + rotary).split([plain, rotary], -1);
        Tensor[] pair = Norm(down[1], leaves[at + "latent norm"]).to_type(h.dtype).matmul(leaves[at + "latent up"].t()).view(rows, length, heads, plain + value).split([plain, value], -1);
        Tensor queries = cat([query[0], Turn(query[1], cosines, sines)], -1).transpose(1, 2);
        Tensor shared = Turn(down[2].view(rows, length, 1, rotary), cosines, sines).expand(rows, length, heads, rotary);
        Tensor keys = cat([pair[0], shared], -1).transpose(1, 2);
        return F.scaled_dot_product_attention(queries, keys, pair[1].transpose(1, 2), null, 0, true)
            .transpose(1, 2).reshape(rows * length, heads * value).matmul(leaves[at + "output"].t());
    }

    /// <summary>Each token through the experts that the engine's router would choose. Slots (token, choice) are sorted by expert, so that each expert is one product.</summary>
    Tensor Route(Dictionary<string, Tensor> leaves, int layer, Tensor exact, Tensor h, ScalarType precision, long[]? load)
    {
        Routing routing = _shape.Routing!;
        string at = $"{layer}.";
        int chosen = routing.Chosen;
        long tokens = h.shape[0];
        Tensor probabilities = exact.matmul(leaves[at + "router"].t()).sigmoid();
        Tensor experts;
        using (no_grad()) experts = probabilities.detach().add(_parameters.Biases.select(0, layer), One).topk(chosen, -1, true, false).indexes;
        Tensor weights = probabilities.gather(1, experts);
        weights = weights.div(weights.sum([-1], true).add(_nearlyNothing)).mul(_scale);

        long[] flat = experts.flatten().data<long>().ToArray(), counts = new long[routing.Experts], next = new long[routing.Experts];
        foreach (long expert in flat) counts[expert]++;
        if (load is not null)
            for (int e = 0; e < counts.Length; e++) Interlocked.Add(ref load[e], counts[e]);
        // Each expert's share is filled up to a round number with tokens that nobody reads back: libtorch makes code for each shape that it meets.
        for (int e = 0; e < counts.Length; e++) counts[e] = (counts[e] + Round - 1) / Round * Round;
        for (int e = 1; e < next.Length; e++) next[e] = next[e - 1] + counts[e - 1];
        long[] source = new long[counts.Sum()], place = new long[flat.Length];
        for (int slot = 0; slot < flat.Length; slot++)
        {
            place[slot] = next[flat[slot]]++;
            source[place[slot]] = slot / chosen;
        }
        Tensor[] parts = h.index_select(0, tensor(source)).split(counts, 0), widen = leaves[at + "experts widen"].unbind(0), narrow = leaves[at + "experts narrow"].unbind(0);
        Tensor[] outputs = [.. Enumerable.Range(0, counts.Length).Where(e => counts[e] > 0).Select(e => Gated(parts[e], widen[e], narrow[e]))];
        Tensor back = cat(outputs, 0).index_select(0, tensor(place)).view(tokens, chosen, _shape.Hidden);
        return (back * weights.to_type(precision).unsqueeze(-1)).sum([1]);
    }

    static Tensor Gated(Tensor h, Tensor widen, Tensor narrow)
    {
        Tensor[] halves = h.matmul(widen.t()).chunk(2, -1);
        return (F.silu(halves[0]) * halves[1]).matmul(narrow.t());
    }

    Tensor Norm(Tensor x, Tensor weight)
    {
        Tensor wide = x.to_type(ScalarType.Float32);
        return wide * (wide * wide).mean([-1], true).add(_epsilon).rsqrt() * weight;
    }

    /// <summary>Pairs of neighbours turned. First the pairs' first numbers come out, then their second: the same for queries and keys, so that products are what they were.</summary>
    static Tensor Turn(Tensor x, Tensor cosines, Tensor sines)
    {
        Tensor[] pair = x.reshape(x.shape[0], x.shape[1], x.shape[2], x.shape[3] / 2, 2).unbind(4);
        return cat([pair[0] * cosines - pair[1] * sines, (pair[0] * sines).add(pair[1] * cosines, One)], -1);
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}
