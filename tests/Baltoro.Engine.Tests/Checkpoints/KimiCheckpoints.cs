// Checkpoints in safetensors with INT4 experts: the same logits as the same weights in GGUF, and errors that name what is wrong.

using System.Text;
using Baltoro.Engine.Checkpoints;
using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Tests.Checkpoints;

public sealed class KimiCheckpoints : IDisposable
{
    readonly Folder _folder = new();

    public KimiCheckpoints() => TinyCheckpoint.Write(_folder);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Simd => [.. KernelChoice.Available];

    [Theory, MemberData(nameof(Simd))]
    public void A_checkpoint_gives_the_bits_of_a_GGUF_file_with_the_same_weights(string simd)
    {
        using Model gguf = Model.Open(_folder.At("same.gguf"), Golden.Exact(simd)), checkpoint = Model.Open(_folder.Path, Golden.Exact(simd));
        Assert.Equal(gguf.Shape, checkpoint.Shape);
        Assert.Equal(Golden.Whole(gguf), Golden.Whole(checkpoint));
    }

    [Fact]
    public void The_index_or_a_part_opens_the_whole_too()
    {
        using Model index = Model.Open(_folder.At("model.safetensors.index.json"), Golden.Exact("scalar")), part = Model.Open(_folder.At("model-00002-of-00002.safetensors"), Golden.Exact("scalar"));
        Assert.Equal(index.WeightBytes, part.WeightBytes);
    }

    [Fact]
    public void Scales_that_no_half_can_hold_are_kept_as_they_are()
    {
        float[] row = new float[64], decoded = new float[64];
        ushort[] scales = [0x0480, 0x7F00];
        uint[] packed = [.. Enumerable.Repeat(0xFEDCBA98u, 8)];
        unsafe
        {
            fixed (uint* values = packed)
            fixed (ushort* scale = scales)
            fixed (float* to = row)
                new PackedMatrices([new("f", "w", "I32", [1, 8], 0, (nint)values, 32)], [new("f", "s", "BF16", [1, 2], 0, (nint)scale, 4)]) { Name = "w", Count = 1, Rows = 1, Columns = 64 }.Decode(0, 0, to);
        }
        for (int i = 0; i < 64; i++) decoded[i] = BitConverter.Int32BitsToSingle(scales[i / 32] << 16) * (i % 8);
        Assert.Equal(decoded, row);
    }

    [Theory]
    [InlineData("\"kimi_k2\"", "\"llama\"", "model_type: is \"llama\"; kimi_k2, deepseek_v3 or deepseek_v2 was expected")]
    [InlineData("\"q_lora_rank\": 96", "\"q_lora_rank\": -1", "q_lora_rank: a whole number from 0 was expected")]
    [InlineData("\"kv_lora_rank\": 64, ", "", "kv_lora_rank: a whole number from 0 was expected, and it is missing")]
    [InlineData("pack-quantized", "float-quantized", "quantization_config: format: is \"float-quantized\"; \"pack-quantized\" was expected")]
    [InlineData("\"group_size\": 32", "\"group_size\": 128", "quantization_config.config_groups.group_0: 4 bits in groups of 32 were expected")]
    [InlineData("\"scoring_func\": \"sigmoid\"", "\"scoring_func\": \"dice\"", "scoring_func: is \"dice\"; sigmoid or softmax was expected")]
    [InlineData("\"type\": \"yarn\"", "\"type\": \"linear\"", "rope_scaling: type is \"linear\"; yarn was expected")]
    [InlineData("\"kv_lora_rank\": 64", "\"kv_lora_rank\": 96", "is [96, 256] of BF16; [128, 256] of BF16 was expected")]
    public void A_configuration_that_is_not_read_is_told_by_its_key(string from, string to, string problem)
    {
        File.WriteAllText(_folder.At("config.json"), File.ReadAllText(_folder.At("config.json")).Replace(from, to, StringComparison.Ordinal));
        Assert.EndsWith(problem, Assert.Throws<ModelFileException>(() => Model.Open(_folder.Path).Dispose()).Message);
    }

    [Fact]
    public void An_index_leads_to_no_other_folder()
    {
        string index = _folder.At("model.safetensors.index.json");
        File.WriteAllText(index, File.ReadAllText(index).Replace("model-00001-of-00002", "../model-00001-of-00002", StringComparison.Ordinal));
        Assert.EndsWith("the name of a safetensors file beside the index was expected", Assert.Throws<ModelFileException>(() => Model.Open(_folder.Path).Dispose()).Message);
    }

    [Fact]
    public void A_tensor_that_is_missing_is_named()
    {
        string index = _folder.At("model.safetensors.index.json");
        File.WriteAllText(index, File.ReadAllText(index).Replace("model.norm.weight", "model.form.weight", StringComparison.Ordinal));
        Assert.Contains("model.form.weight: is not in model-0000", Assert.Throws<ModelFileException>(() => Model.Open(_folder.Path).Dispose()).Message);
    }

    static readonly TestTensor[] Some = [.. Enumerable.Range(0, 12).Select(i => new TestTensor($"layer.{i}.weight", i % 2 == 0 ? "BF16" : "I32", [i + 1, 8], new byte[(i + 1) * 8 * (i % 2 == 0 ? 2 : 4)]))];

    [Theory]
    [InlineData("\"shape\":[1,8]", "\"shape\":[1,9]", "layer.0.weight: [1, 9] of BF16 are 18 bytes, and it has 16")]
    [InlineData("\"data_offsets\":[0,16]", "\"data_offsets\":[16,0]", "layer.0.weight: bytes 16 to 0 are not inside of the 1920 that follow the header")]
    [InlineData("\"data_offsets\":[0,16]", "\"data_offsets\":[64,80]", "and the tensor before ends at ")]
    [InlineData("\"data_offsets\":[0,16]", "\"data_offsets\":[0]", "layer.0.weight: dtype, shape and two data_offsets were expected")]
    [InlineData("\"shape\":[1,8]", "\"shape\":[-1,8]", "layer.0.weight: up to 8 whole numbers from 0 were expected")]
    [InlineData("\"shape\":[1,8]", "\"shape\":[4611686018427387904,4]", "layer.0.weight: [4611686018427387904, 4] makes no tensor")]
    [InlineData("\"BF16\"", "\"BF17\"", "layer.0.weight: is of type \"BF17\", which is unknown")]
    [InlineData("layer.1.weight", "layer.0.weight", "layer.0.weight: stands in the file twice")]
    [InlineData("\"shape\"", "\"form\"", "layer.0.weight: has a property \"form\"; dtype, shape and data_offsets were expected")]
    [InlineData("\"shape\":[1,8]", "\"shape\":null", "the header: byte 0x6e stands outside of a text")]
    [InlineData("{\"__meta", "[{\"__meta", "the header: StartArray stands where StartObject was expected")]
    public void A_header_that_is_not_as_the_format_says_is_told_by_its_tensor(string from, string to, string problem)
    {
        string header = SafetensorsWriter.Header(Some);
        int at = header.IndexOf(from, StringComparison.Ordinal);
        byte[] file = SafetensorsWriter.File(header[..at] + to + header[(at + from.Length)..], [.. Some.SelectMany(tensor => tensor.Bytes)]);
        Assert.Contains(problem, Read(file).Problem);
    }

    [Fact]
    public void A_hundred_thousand_damaged_headers_are_read_or_refused_and_nothing_else()
    {
        byte[] good = SafetensorsWriter.File([.. Some, new("big", "U8", [1 << 16], new byte[1 << 16])]), file = [.. good];
        int header = 8 + (int)BitConverter.ToInt64(good);
        // The first errors load the platform's texts of them.
        foreach (string broken in (string[])["{", "{\"a\":[}", "{\"a\":{\"shape\":[1-0]}}", "{\"\\ud800\":{}}", "{} {}", "{\"a\" 1}", "{\u0001}"]) Assert.NotNull(Read(SafetensorsWriter.File(broken, [])).Problem);
        Random random = new(1);
        long most = 0;
        int read = 0, refused = 0;
        for (int i = 0; i < 100_000; i++)
        {
            int length = random.Next(8) == 0 ? random.Next(1, good.Length) : good.Length;
            for (int k = random.Next(1, 4); k > 0; k--) Damage(file, random, header);
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (Read(file.AsSpan(0, length)).Problem is null) read++;
            else refused++;
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            good.AsSpan(0, header).CopyTo(file);
        }
        Assert.True(read > 100 && refused > 10_000, $"{read} were read and {refused} refused");
        Assert.InRange(most, 1, good.Length);
    }

    static void Damage(byte[] file, Random random, int header)
    {
        int at = random.Next(8) == 0 ? random.Next(8) : 8 + random.Next(header - 8);
        switch (random.Next(4))
        {
            case 0: file[at] = (byte)random.Next(256); break;
            case 1: file[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: file[at] = (byte)"0123456789{}[],:\""[random.Next(17)]; break;
            default: file.AsSpan(8 + random.Next(header - 16), 8).CopyTo(file.AsSpan(Math.Min(at, header - 8))); break;
        }
    }

    static unsafe (int Tensors, string? Problem) Read(ReadOnlySpan<byte> file)
    {
        try
        {
            fixed (byte* start = file)
            {
                Dictionary<string, SafeTensor> tensors = SafetensorsFile.Read("damaged.safetensors", start, file.Length);
                foreach (SafeTensor tensor in tensors.Values)
                    if ((byte*)tensor.Elements < start || (byte*)tensor.Elements + tensor.Bytes > start + file.Length) throw new InvalidOperationException($"{tensor.Name} lies outside.");
                return (tensors.Count, null);
            }
        }
        catch (ModelFileException e)
        {
            return (0, e.Message);
        }
    }
}
