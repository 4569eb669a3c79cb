// Model files that are not what they should be: every one gets an error that says what, where and what was expected.

using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests.Gguf;

public sealed class DamagedFiles : IDisposable
{
    static readonly byte[] Good = File.ReadAllBytes(Golden.At("tiny_q4_0.gguf"));

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Another_kind_of_file_is_told_by_its_first_bytes() =>
        Assert.Equal("at byte 0: magic: is 0x04034b50; \"GGUF\" was expected", Problem([0x50, 0x4B, 3, 4, .. new byte[100]]));

    [Fact]
    public void An_empty_file_is_said_to_be_empty() => Assert.Equal("at byte 0: the file is empty", Problem([]));

    [Fact]
    public void Another_version_is_refused()
    {
        byte[] file = [.. Good];
        file[4] = 2;
        Assert.Equal("at byte 4: version: is 2; 3 was expected", Problem(file));
    }

    [Fact]
    public void A_file_that_was_cut_off_names_the_tensor_that_is_not_whole() =>
        Assert.Matches(@"^at byte \d+: blk\.2\.ffn_down_shexp\.weight: \d+ bytes from \d+ \+ \d+ end behind the file's \d+$", Problem(Good[..^200]));

    [Fact]
    public void A_file_that_was_cut_off_in_its_header_says_where() => Assert.StartsWith("at byte ", Problem(Good[..3000]));

    [Fact]
    public void A_count_beyond_the_file_is_refused_before_anything_is_made_for_it()
    {
        byte[] file = [.. Good];
        BitConverter.TryWriteBytes(file.AsSpan(8), 1L << 40);
        Assert.Equal($"at byte 8: tensor count: {1L << 40} of them do not fit in the {Good.Length - 16} bytes that are left", Problem(file));
    }

    [Fact]
    public void A_type_that_is_not_read_is_named_with_those_that_are() =>
        Assert.Contains("is of type 9, which is not read; the types that are: F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K", Problem(With("token_embd.weight", 4 + 2 * 8, 9)));

    [Fact]
    public void A_tensor_of_other_sizes_than_the_model_asks_for_is_named()
    {
        byte[] file = With("blk.0.attn_q_a.weight", 4 + 8, 64);
        Assert.Matches(@"^at byte \d+: blk\.0\.attn_q_a\.weight: is \[256, 64\]; \[256, 96\] was expected$", Problem(file));
    }

    [Fact]
    public void A_key_of_another_kind_is_named()
    {
        byte[] file = [.. Good];
        int at = file.AsSpan().IndexOf("deepseek2.block_count"u8) + "deepseek2.block_count".Length;
        BitConverter.TryWriteBytes(file.AsSpan(at), (int)GgufKind.Float32);
        Assert.Equal($"at byte {at + 4}: deepseek2.block_count: holds Float32; an integer was expected", Problem(file));
    }

    [Fact]
    public void Another_architecture_is_named()
    {
        byte[] file = [.. Good];
        "deepsick2"u8.CopyTo(file.AsSpan(file.AsSpan().IndexOf("general.architecture"u8) + "general.architecture".Length + 12));
        Assert.EndsWith("general.architecture: is \"deepsick2\"; \"deepseek2\" was expected", Problem(file));
    }

    [Fact]
    public void A_hundred_thousand_damaged_headers_are_read_or_refused_and_nothing_else()
    {
        // The header ends where the first tensor begins; what stands behind it is not the header's.
        using GgufFile whole = GgufFile.Open(Golden.At("tiny_q4_0.gguf"));
        int header = (int)whole.Tensors.Values.Min(tensor => tensor.Offset);
        Random random = new(1);
        byte[] file = [.. Good];
        long most = 0;
        int read = 0, refused = 0;
        for (int i = 0; i < 100_000; i++)
        {
            int changes = random.Next(1, 5), length = random.Next(8) == 0 ? random.Next(1, Good.Length) : Good.Length;
            for (int k = 0; k < changes; k++) Damage(file, random, header);
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (Read(file.AsSpan(0, length))) read++;
            else refused++;
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            Good.AsSpan(0, header).CopyTo(file);
        }
        Assert.True(read > 100 && refused > 10_000, $"{read} were read and {refused} refused");
        Assert.InRange(most, 1, Good.Length);
    }

    static void Damage(byte[] file, Random random, int header)
    {
        int at = random.Next(header - 8);
        switch (random.Next(4))
        {
            case 0: file[at] = (byte)random.Next(256); break;
            case 1: file[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: BitConverter.TryWriteBytes(file.AsSpan(at), random.NextInt64()); break;
            default: file.AsSpan(at, 8).Fill((byte)(random.Next(2) * 255)); break;
        }
    }

    static unsafe bool Read(ReadOnlySpan<byte> file)
    {
        try
        {
            fixed (byte* start = file)
            {
                GgufHeader header = GgufHeader.Read("damaged.gguf", start, file.Length);
                foreach (GgufTensor tensor in header.Tensors)
                    if (tensor.Elements < start || tensor.Elements + tensor.Bytes > start + file.Length) throw new InvalidOperationException($"{tensor.Name} lies outside.");
                foreach (string key in header.Metadata.Keys) header.Metadata.Describe(key);
                return true;
            }
        }
        catch (ModelFileException)
        {
            return false;
        }
    }

    /// <summary>The good file with four bytes behind a tensor's name changed.</summary>
    static byte[] With(string tensor, int behind, int value)
    {
        byte[] file = [.. Good], name = System.Text.Encoding.ASCII.GetBytes(tensor);
        BitConverter.TryWriteBytes(file.AsSpan(file.AsSpan().IndexOf(name) + name.Length + behind), value);
        return file;
    }

    /// <summary>What opening the file says, without the path.</summary>
    string Problem(byte[] file)
    {
        string path = _folder.At("damaged.gguf");
        File.WriteAllBytes(path, file);
        ModelFileException error = Assert.Throws<ModelFileException>(() => Model.Open(path).Dispose());
        return error.Message[(path.Length + 2)..];
    }
}
