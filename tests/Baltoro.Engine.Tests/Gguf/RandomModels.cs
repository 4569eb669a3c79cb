// Random-weight files: they open, run, and are the same for the same seed; in every type, and split in parts.

using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests.Gguf;

public sealed class RandomModels : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorType.F32), InlineData(TensorType.F16), InlineData(TensorType.BF16), InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0), InlineData(TensorType.Q4_K), InlineData(TensorType.Q5_K), InlineData(TensorType.Q6_K)]
    public void Every_type_runs_and_its_logits_are_numbers(TensorType type)
    {
        string path = _folder.At("random.gguf");
        RandomModel.Write(path, KnownShapes.Find("tiny"), type);
        using Model model = Model.Open(path, new() { Threads = 1, CacheMemory = 16 << 20, BatchTokens = 16 });
        using Session session = model.Begin();
        float[] logits = new float[512];
        session.Evaluate([1, 2, 3, 4, 5, 6, 7, 8, 9], logits);
        Assert.All(logits, logit => Assert.InRange(logit, -100, 100));
        Assert.True(logits.Distinct().Count() > 400);
    }

    [Fact]
    public void A_shape_without_compressed_queries_and_with_groups_of_experts_gives_the_same_logits_token_by_token_and_in_every_instruction_set()
    {
        string path = _folder.At("random.gguf");
        Network.Shape tiny = KnownShapes.Find("tiny");
        RandomModel.Write(path, tiny with { QueryRank = 0, Routing = tiny.Routing! with { Gating = Network.Gating.Softmax, Groups = 4, ChosenGroups = 2, Shared = 0 } }, TensorType.Q8_0);
        float[][] all = [.. Baltoro.Engine.Kernels.KernelChoice.Available.SelectMany(simd =>
        {
            using Model model = Model.Open(path, new() { Threads = 2, CacheMemory = 16 << 20, Simd = simd });
            using Session whole = model.Begin(), step = model.Begin();
            float[] last = new float[512], stepped = new float[512];
            whole.Evaluate(Golden.Tokens, last);
            foreach (int token in Golden.Tokens) step.Evaluate([token], stepped);
            return (float[][])[last, stepped];
        })];
        Assert.All(all, one => Assert.Equal(all[0], one));
        Assert.True(all[0].Distinct().Count() > 400);
    }

    [Theory]
    [InlineData(TensorType.F32), InlineData(TensorType.F16), InlineData(TensorType.BF16), InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0), InlineData(TensorType.Q4_K), InlineData(TensorType.Q5_K), InlineData(TensorType.Q6_K)]
    public unsafe void Weights_of_every_type_are_zero_in_the_mean_and_about_as_spread_as_was_asked(TensorType type)
    {
        RandomModel.Write(_folder.At("random.gguf"), KnownShapes.Find("tiny"), type);
        using GgufFile file = GgufFile.Open(_folder.At("random.gguf"));
        GgufTensor tensor = file.Tensor("token_embd.weight");
        float[] values = new float[tensor.Rows * tensor.Columns];
        fixed (float* to = values) Baltoro.Engine.Weights.StoredBlocks.Decode(tensor.Type, tensor.Elements, values.Length, to);
        double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (double)value * value)) * Math.Sqrt(tensor.Columns);
        Assert.InRange(mean * Math.Sqrt(tensor.Columns), -0.02, 0.02);
        Assert.InRange(deviation, 0.7, 1.4);
    }

    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_another_seed_others()
    {
        byte[] first = Write(1), again = Write(1), other = Write(2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Theory, InlineData("moonlight"), InlineData("k2"), InlineData("glm-flash"), InlineData("tiny")]
    public void A_shape_is_read_back_from_its_file_as_it_was_written(string name) => ReadBack(KnownShapes.Find(name));

    [Fact]
    public void So_is_one_with_groups_of_experts_under_softmax_and_a_ramp_of_its_own()
    {
        Network.Shape tiny = KnownShapes.Find("tiny");
        ReadBack(tiny with
        {
            Rope = tiny.Rope with { Yarn = new(40, 4096, 16, 2, 0.0625f, 0.625f) },
            Routing = tiny.Routing! with { Gating = Network.Gating.Softmax, Groups = 4, ChosenGroups = 2, Shared = 0, Normalised = false, Scale = 16 },
        });
    }

    void ReadBack(Network.Shape shape)
    {
        // Without tensors but the one whose rows are the vocabulary.
        GgufWriter file = new();
        Network.ShapeWriter.Write(file, shape, "random weights");
        file.Add("token_embd.weight", TensorType.Q4_0, [32, shape.Vocabulary], stream => stream.Write(new byte[18 * shape.Vocabulary]));
        file.Write(_folder.At("keys.gguf"));
        using GgufFile read = GgufFile.Open(_folder.At("keys.gguf"));
        Assert.Equal(shape, Network.ShapeReader.Read(read));
    }

    [Fact]
    public void Lists_are_read_back_as_they_were_written()
    {
        GgufWriter file = new();
        file.Add("words", ["", "zwei wörter", "\n"]);
        file.Add("numbers", [3, -1, int.MaxValue]);
        file.Write(_folder.At("lists.gguf"));
        using GgufFile read = GgufFile.Open(_folder.At("lists.gguf"));
        List<string> words = [];
        foreach (ReadOnlySpan<byte> word in read.Metadata.Texts("words")) words.Add(System.Text.Encoding.UTF8.GetString(word));
        Assert.Equal(["", "zwei wörter", "\n"], words);
        Assert.Equal([3, -1, int.MaxValue], read.Metadata.Integers("numbers"));
    }

    byte[] Write(ulong seed)
    {
        RandomModel.Write(_folder.At("random.gguf"), KnownShapes.Find("tiny", 1), TensorType.Q4_0, seed);
        return File.ReadAllBytes(_folder.At("random.gguf"));
    }
}
