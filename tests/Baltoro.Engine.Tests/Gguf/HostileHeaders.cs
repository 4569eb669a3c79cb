// GGUF headers that are wrong in one place each: the error names the key or the tensor, the byte, what was found and what was expected.

using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests.Gguf;

public class HostileHeaders
{
    [Fact]
    public void A_header_without_a_fault_is_read() => Assert.Equal(["a", "b"], Tensors(new RawHeader().Key("k", GgufKind.Bool, 1).Tensor("a", [32, 2], 0, 0).Tensor("b", [32], 2, 256).File(288)));

    [Theory]
    [InlineData(0, "at byte 53: general.alignment: is 0; a power of two from 8 was expected")]
    [InlineData(4, "at byte 53: general.alignment: is 4; a power of two from 8 was expected")]
    [InlineData(24, "at byte 53: general.alignment: is 24; a power of two from 8 was expected")]
    [InlineData(-1, "at byte 53: general.alignment: is 4294967295; 0 to 2147483647 was expected")]
    public void An_alignment_that_is_none(int alignment, string problem) => Said(problem, new RawHeader().Integer("general.alignment", alignment).File());

    [Fact]
    public void An_alignment_of_another_kind() =>
        Said("at byte 53: general.alignment: holds Float32; an integer was expected", new RawHeader().Key("general.alignment", GgufKind.Float32, 0, 0, 0, 0).File());

    [Fact]
    public void A_larger_alignment_is_kept_to() =>
        Said("at byte 90: b: begins at 32, which is no multiple of 64", new RawHeader().Integer("general.alignment", 64).Tensor("a", [8], 0, 0).Tensor("b", [8], 0, 32).File(96));

    [Fact]
    public void The_same_key_twice() => Said("at byte 50: k: stands in the file twice", new RawHeader().Integer("k", 1).Integer("k", 1).File(), anywhere: true);

    [Fact]
    public void The_same_tensor_twice() => Said("t: stands in the file twice", new RawHeader().Tensor("t", [8], 0, 0).Tensor("t", [8], 0, 32).File(64), anywhere: true);

    [Fact]
    public void An_array_in_an_array() => Said("k: an array of arrays is not read", new RawHeader().Key("k", GgufKind.Array, RawHeader.Array(GgufKind.Array, 1, RawHeader.Array(GgufKind.UInt8, 1, 1))).File(), anywhere: true);

    [Theory]
    [InlineData(13), InlineData(99), InlineData(-1)]
    public void A_kind_that_is_unknown(int kind) => Said($"k: value kind {(uint)kind} is unknown", new RawHeader().Key("k", (GgufKind)kind, new byte[8]).File(), anywhere: true);

    [Fact]
    public void An_array_of_a_kind_that_is_unknown() => Said("k: value kind 77 is unknown", new RawHeader().Key("k", GgufKind.Array, RawHeader.Array((GgufKind)77, 1, new byte[8])).File(), anywhere: true);

    [Theory]
    [InlineData(long.MaxValue), InlineData(-1), InlineData(1L << 40)]
    public void An_array_longer_than_the_file(long count) =>
        Said($"k: {(ulong)count} of them do not fit in the ", new RawHeader().Key("k", GgufKind.Array, RawHeader.Array(GgufKind.UInt64, count, new byte[64])).File(), anywhere: true);

    [Theory]
    [InlineData(long.MaxValue), InlineData(-1), InlineData(1L << 31)]
    public void A_text_longer_than_the_file(long bytes) =>
        Said($"k: {(ulong)bytes} of them do not fit in the ", new RawHeader().Key("k", GgufKind.String, BitConverter.GetBytes(bytes)).File(), anywhere: true);

    [Fact]
    public void A_truth_that_is_neither() => Said("at byte 37: k: a truth of 2; 0 or 1 was expected", new RawHeader().Key("k", GgufKind.Bool, 2).File());

    [Fact]
    public void A_truth_in_an_array_that_is_neither() => Said("at byte 51: k: a truth of 7; 0 or 1 was expected", new RawHeader().Key("k", GgufKind.Array, RawHeader.Array(GgufKind.Bool, 3, 1, 0, 7)).File());

    [Fact]
    public void A_key_without_a_name() => Said("at byte 24: metadata key 0: a name of 0 bytes; 1 to 1024 were expected", new RawHeader().Integer("", 1).File());

    [Fact]
    public void A_key_whose_name_is_too_long() => Said("at byte 24: metadata key 0: a name of 1025 bytes; 1 to 1024 were expected", new RawHeader().Integer(new('k', 1025), 1).File());

    [Fact]
    public void A_key_whose_name_is_no_text() => Said("at byte 32: metadata key 0: a name in UTF-8 was expected", new RawHeader().Key([0xFF, 0xFE], GgufKind.Bool, 1).File());

    [Fact]
    public void What_a_terminal_would_obey_stays_out_of_the_message() =>
        Said("at byte 42: k [2J : a truth of 9; 0 or 1 was expected", new RawHeader().Key("k\u001b[2J\n", GgufKind.Bool, 9).File(), anywhere: true);

    [Theory]
    [InlineData(new ulong[0], "t: has 0 dimensions; 1 to 4 were expected")]
    [InlineData(new ulong[] { 8, 1, 1, 1, 1 }, "t: has 5 dimensions; 1 to 4 were expected")]
    [InlineData(new ulong[] { 0 }, "t: a size of 0 makes no tensor")]
    [InlineData(new ulong[] { 8, 0 }, "t: a size of 0 makes no tensor")]
    [InlineData(new ulong[] { 1UL << 63 }, "t: a size of 9223372036854775808 makes no tensor")]
    [InlineData(new ulong[] { 1UL << 32, 1UL << 32 }, "t: a size of 4294967296 makes no tensor")]
    [InlineData(new ulong[] { 1UL << 40 }, "t: 4398046511104 bytes from 64 + 0 end behind the file's 64")]
    public void Sizes_that_make_no_tensor(ulong[] sizes, string problem) => Said(problem, new RawHeader().Tensor("t", sizes, 0, 0).File(), anywhere: true);

    [Fact]
    public void A_row_that_is_not_made_of_blocks() => Said("t: a row of 48 elements is not made of blocks of 32 as Q4_0 is", new RawHeader().Tensor("t", [48, 2], 2, 0).File(64), anywhere: true);

    [Theory]
    [InlineData(3), InlineData(9), InlineData(31), InlineData(uint.MaxValue)]
    public void A_type_that_is_not_read(uint type) =>
        Said($"t: is of type {type}, which is not read; the types that are: F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K", new RawHeader().Tensor("t", [32], type, 0).File(64), anywhere: true);

    [Theory]
    [InlineData(8UL, "at byte 24: t: begins at 8, which is no multiple of 32")]
    [InlineData(64UL, "at byte 24: t: 32 bytes from 64 + 64 end behind the file's 128")]
    [InlineData(ulong.MaxValue - 31, "at byte 24: t: 32 bytes from 64 + 18446744073709551584 end behind the file's 128")]
    public void Elements_that_are_not_in_the_file(ulong offset, string problem) => Said(problem, new RawHeader().Tensor("t", [8], 0, offset).File(64));

    [Fact]
    public void Two_tensors_in_one_place() =>
        Said("at byte 128: b: begins inside of a, which ends at 160", new RawHeader().Tensor("a", [16], 0, 0).Tensor("b", [8], 0, 32).File(96));

    [Fact]
    public void More_keys_than_any_model_has()
    {
        RawHeader header = new();
        for (int i = 0; i <= GgufHeader.MostKeys; i++) header.Key($"{i:0000}", GgufKind.Bool, 0);
        Said("at byte 16: metadata count: is 1025; at most 1024 was expected", header.File());
    }

    [Theory]
    [InlineData(GgufHeader.MostKeys, 1), InlineData(1, GgufHeader.MostTensors), InlineData(GgufHeader.MostKeys, GgufHeader.MostTensors)]
    public unsafe void As_many_and_as_small_entries_as_may_be_cost_no_more_memory_than_the_file_has_bytes_and_4_MiB(int keys, int tensors)
    {
        RawHeader header = new RawHeader().Integer("general.alignment", 8);
        for (int i = 1; i < keys; i++) header.Key(Short(i), GgufKind.Bool, 0);
        for (int i = 0; i < tensors; i++) header.Tensor(Short(i), [1], 0, 8 * (ulong)i);
        byte[] file = header.File(8 * tensors);
        fixed (byte* start = file)
        {
            GgufHeader.Read("f", start, file.Length);
            long before = GC.GetAllocatedBytesForCurrentThread();
            GgufHeader read = GgufHeader.Read("f", start, file.Length);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal((keys, tensors), (read.Metadata.Keys.Count(), read.Tensors.Count));
            Assert.InRange(allocated, 1, file.Length + (4L << 20));
        }

        // As few bytes as tell it from the others.
        static string Short(int i) => string.Concat(i < 64 ? [(char)(' ' + i)] : i < 4096 ? [(char)(' ' + i / 64), (char)(' ' + i % 64)] : new[] { (char)(' ' + i / 4096), (char)(' ' + i / 64 % 64), (char)(' ' + i % 64) });
    }

    [Fact]
    public void Another_order_of_bytes() => Said("at byte 4: version: is 50331648; 3 was expected", [.. "GGUF"u8, 0, 0, 0, 3, .. new byte[100]]);

    [Theory]
    [InlineData("deepseek2.block_count", int.MaxValue, "the model has 2147483647 layers; 1 to 1024 were expected")]
    [InlineData("deepseek2.context_length", int.MaxValue, "the model has a context of 2147483647; 1 to 67108864 were expected")]
    [InlineData("deepseek2.attention.head_count", 1 << 20, "the model has 1048576 heads")]
    [InlineData("deepseek2.attention.key_length_mla", 1 << 19, "the model has 4096 heads of 524288 values; at most 16777216 in all were expected")]
    [InlineData("deepseek2.expert_count", 1 << 20, "the model has 1048576 experts")]
    [InlineData("deepseek2.expert_used_count", 9, "the model has 9 experts of 8 for each token")]
    [InlineData("deepseek2.rope.dimension_count", 33, "the model has a key width of 31; a positive multiple of 32 was expected")]
    public void Sizes_of_no_model_that_could_run(string key, int value, string problem)
    {
        using Folder folder = new();
        byte[] file = File.ReadAllBytes(Golden.At("tiny_q4_0.gguf"));
        Set(key, value);
        if (value == 1 << 19) Set("deepseek2.attention.head_count", 4096);
        File.WriteAllBytes(folder.At("x.gguf"), file);
        Assert.EndsWith($"deepseek2.block_count: {problem}", Assert.Throws<ModelFileException>(() => Model.Open(folder.At("x.gguf")).Dispose()).Message, StringComparison.Ordinal);

        void Set(string name, int number) => BitConverter.TryWriteBytes(file.AsSpan(file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(name)) + name.Length + 4), number);
    }

    static void Said(string problem, byte[] file, bool anywhere = false)
    {
        string said = Assert.Throws<ModelFileException>(() => Tensors(file)).Message["f: ".Length..];
        if (anywhere) Assert.Contains(problem, said, StringComparison.Ordinal);
        else Assert.Equal(problem, said);
    }

    static unsafe string[] Tensors(byte[] file)
    {
        fixed (byte* start = file) return [.. GgufHeader.Read("f", start, file.Length).Tensors.Select(tensor => tensor.Name)];
    }
}
