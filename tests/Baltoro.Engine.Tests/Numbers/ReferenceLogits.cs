// The whole forward pass against logits from an independent double-precision pass without weight absorption.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Tests.Numbers;

public class ReferenceLogits
{
    public static TheoryData<string> Simd => [.. KernelChoice.Available];

    public static TheoryData<string, int, int> Wide
    {
        get
        {
            TheoryData<string, int, int> all = [];
            foreach (string simd in KernelChoice.Available)
            {
                all.Add(simd, 15, 1);
                all.Add(simd, 60, 0);
            }
            return all;
        }
    }

    [Theory, MemberData(nameof(Simd))]
    public void Float_weights_give_the_reference_logits(string simd)
    {
        using Model model = Model.Open(Golden.At("tiny.gguf"), Golden.Exact(simd));
        Near("ref_double.f32bin", 1e-5, Golden.Whole(model));
    }

    [Theory, MemberData(nameof(Simd))]
    public void With_the_cache_in_sixteen_bits_half_of_the_positions_are_within_two_parts_in_a_thousand(string simd)
    {
        // Others are farther off, because a router chose another expert: as many as with attention in floats over the same cache.
        using Model model = Model.Open(Golden.At("tiny.gguf"), Golden.Exact(simd) with { CachePrecision = CachePrecision.Rounded16 });
        Assert.InRange(HalfOfThePositions("ref_double.f32bin", Golden.Whole(model)), 0, 2e-3);
    }

    [Theory, MemberData(nameof(Simd))]
    public void Half_weights_give_the_reference_logits(string simd)
    {
        using Folder folder = new();
        using Model model = Model.Open(Golden.WriteHalves(folder.Path), Golden.Exact(simd));
        Near("ref_double_f16weights.f32bin", 1e-5, Golden.Whole(model));
    }

    [Theory, MemberData(nameof(Simd))]
    public void Keys_and_values_that_are_stored_as_one_tensor_give_the_reference_logits(string simd)
    {
        using Folder folder = new();
        using Model model = Model.Open(Golden.WriteJoined(folder.Path), Golden.Exact(simd));
        Near("ref_double.f32bin", 1e-5, Golden.Whole(model));
    }

    /// <summary>Heads are attended for in groups of sixteen: here the model's own stand in the first and the second, or all in the fourth.</summary>
    [Theory, MemberData(nameof(Wide))]
    public void More_heads_than_sixteen_give_the_reference_logits(string simd, int before, int behind)
    {
        using Folder folder = new();
        string path = Golden.WriteIdleHeads(folder.Path, before, behind);
        using Model exact = Model.Open(path, Golden.Exact(simd)), rounded = Model.Open(path, Golden.Exact(simd) with { CachePrecision = CachePrecision.Rounded16 });
        Near("ref_double.f32bin", 1e-5, Golden.Whole(exact));
        Assert.InRange(HalfOfThePositions("ref_double.f32bin", Golden.Whole(rounded)), 0, 2e-3);
    }

    [Theory, MemberData(nameof(Simd))]
    public void The_ramp_of_YaRN_is_read_from_the_file(string simd)
    {
        using Folder folder = new();
        using Model model = Model.Open(Golden.WriteK2Yarn(folder.Path), Golden.Exact(simd));
        Near("ref_double_k2yarn.f32bin", 1e-5, Golden.Whole(model));
    }

    [Theory, MemberData(nameof(Simd))]
    public void Four_bit_weights_with_activations_of_eight_bits_give_the_reference_logits_position_by_position(string simd)
    {
        using Model model = Model.Open(Golden.At("tiny_q4_0.gguf"), Golden.Exact(simd));
        float[] expected = Golden.Logits("ref_double_q4_0weights_q8act.f32bin"), actual = Golden.Whole(model);
        Assert.Equal(Golden.Largest(expected), Golden.Largest(actual));
        for (int i = 0; i < Golden.Tokens.Length; i++)
            Assert.InRange(Golden.RelativeRms(expected.AsSpan(i * Golden.Vocabulary, Golden.Vocabulary), actual.AsSpan(i * Golden.Vocabulary, Golden.Vocabulary)), 0, 2e-2);
    }

    [Fact]
    public void All_instruction_sets_give_the_same_bits()
    {
        float[][] logits = [.. KernelChoice.Available.Select(simd =>
        {
            using Model model = Model.Open(Golden.At("tiny_q4_0.gguf"), Golden.Exact(simd));
            return Golden.Whole(model);
        })];
        Assert.All(logits, one => Assert.Equal(logits[0], one));
    }

    /// <summary>The most by which the nearer half of the positions are off.</summary>
    static double HalfOfThePositions(string reference, float[] actual)
    {
        float[] expected = Golden.Logits(reference);
        return Enumerable.Range(0, Golden.Tokens.Length).Select(i =>
            Golden.RelativeRms(expected.AsSpan(i * Golden.Vocabulary, Golden.Vocabulary), actual.AsSpan(i * Golden.Vocabulary, Golden.Vocabulary))).Order().ElementAt(Golden.Tokens.Length / 2);
    }

    static void Near(string reference, double tolerance, float[] actual)
    {
        float[] expected = Golden.Logits(reference);
        Assert.InRange(Golden.RelativeRms(expected, actual), 0, tolerance);
        Assert.Equal(Golden.Largest(expected), Golden.Largest(actual));
    }
}
