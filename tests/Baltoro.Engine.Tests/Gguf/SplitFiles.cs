// Models in several files: opened by any part, the same bits as in one, and every part that is wrong is named.

using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests.Gguf;

public sealed class SplitFiles : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Three_parts_give_the_bits_of_the_whole_by_whichever_they_are_opened()
    {
        Write();
        using Model whole = Model.Open(Golden.At("tiny.gguf"), Golden.Exact("scalar"));
        float[] expected = Golden.Whole(whole);
        for (int i = 1; i <= 3; i++)
        {
            using Model parts = Model.Open(Part(i), Golden.Exact("scalar"));
            Assert.Equal(expected, Golden.Whole(parts));
        }
    }

    [Fact]
    public void A_part_that_is_not_there_is_named()
    {
        Write();
        File.Delete(Part(2));
        Assert.Contains(Part(2), Assert.Throws<FileNotFoundException>(() => GgufFile.Open(Part(1)).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_another_number_of_parts() => Said("split.count: is 4, and by the file's name there are 3 parts", part: 2, count: 4);

    [Fact]
    public void A_part_in_another_part_s_place() => Said("split.no: is 0; 1 was expected", part: 2, number: 0);

    [Fact]
    public void A_file_that_is_a_part_and_is_not_called_so()
    {
        Write();
        File.Move(Part(1), _folder.At("x.gguf"));
        Assert.EndsWith("split.count: is 3, and by the file's name there are 1 parts", Assert.Throws<ModelFileException>(() => GgufFile.Open(_folder.At("x.gguf")).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_tensors_than_the_first_part_promises() => Said("split.tensors.count: is 1000, and all parts together have ", part: 1, tensors: 1000);

    [Fact]
    public void A_tensor_in_two_parts()
    {
        Write();
        GgufWriter again = new();
        again.Add("split.count", 3);
        again.Add("split.no", 2);
        again.Add("token_embd.weight", TensorType.F32, [8], stream => stream.Write(new byte[32]));
        again.Write(Part(3));
        Assert.EndsWith("token_embd.weight: stands in two parts of the model", Assert.Throws<ModelFileException>(() => GgufFile.Open(Part(1)).Dispose()).Message, StringComparison.Ordinal);
    }

    void Said(string problem, int part, int? count = null, int? number = null, int? tensors = null)
    {
        Write(part, count, number, tensors);
        string said = Assert.Throws<ModelFileException>(() => GgufFile.Open(Part(3)).Dispose()).Message;
        Assert.StartsWith(Part(part), said, StringComparison.Ordinal);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    /// <summary>As llama.cpp's gguf-split writes it: the first part has all keys.</summary>
    unsafe void Write(int wrong = 0, int? count = null, int? number = null, int? tensors = null)
    {
        using GgufFile tiny = GgufFile.Open(Golden.At("tiny.gguf"));
        for (int i = 1; i <= 3; i++)
        {
            GgufWriter part = new();
            if (i == 1)
                foreach (string key in tiny.Metadata.Keys) Golden.Copy(tiny, key, part);
            part.Add("split.count", i == wrong ? count ?? 3 : 3);
            part.Add("split.no", i == wrong ? number ?? i - 1 : i - 1);
            part.Add("split.tensors.count", i == wrong ? tensors ?? tiny.Tensors.Count : tiny.Tensors.Count);
            foreach (GgufTensor tensor in tiny.Tensors.Values.Where((_, at) => at % 3 == i - 1))
            {
                byte[] elements = new ReadOnlySpan<byte>(tensor.Elements, (int)tensor.Bytes).ToArray();
                part.Add(tensor.Name, tensor.Type, tensor.Dimensions.ToArray(), stream => stream.Write(elements));
            }
            part.Write(Part(i));
        }
    }

    string Part(int i) => _folder.At($"tiny-0000{i}-of-00003.gguf");
}
