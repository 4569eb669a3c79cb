// What a checkpoint's folder says of text: the vocabulary, its control tokens, the template; and errors that name file and key.

using Baltoro.Engine.Tokenizers;

namespace Baltoro.Engine.Tests.Checkpoints;

public sealed class FolderVocabularies : IDisposable
{
    readonly Folder _folder = new();

    public FolderVocabularies() => new RandomCheckpoint().Write(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ranks_and_control_tokens_make_the_vocabulary()
    {
        Tokenizer tokenizer = Preface.Look(_folder.Path, preface => preface.ReadTokenizer());
        Assert.Equal((320, RandomCheckpoint.FirstControl, $"{RandomCheckpoint.End},{RandomCheckpoint.OtherEnd}"), (tokenizer.Count, tokenizer.Begin, string.Join(',', tokenizer.Ends)));
        Assert.Equal([259, 264, 267], tokenizer.Encode("hello world漢字"));
        Assert.Equal(("<|im_user|>", "<|reserved_token_319|>"), (tokenizer.Name(tokenizer.Controls["<|im_user|>"]), tokenizer.Name(319)));
        Assert.True(tokenizer.IsControl(319));
        Assert.DoesNotContain(tokenizer.Encode("<|im_end|><|reserved_token_319|>"), tokenizer.IsControl);
    }

    [Fact]
    public void Any_file_of_the_folder_stands_for_it() =>
        Assert.All(["config.json", "model.safetensors.index.json", "model-00002-of-00002.safetensors"], name => Assert.Equal(RandomCheckpoint.Template, Preface.Look(_folder.At(name), preface => preface.Template)));

    [Fact]
    public void A_template_in_a_file_of_its_own_goes_before_the_key()
    {
        File.WriteAllText(_folder.At("chat_template.jinja"), "other");
        Assert.Equal("other", Preface.Look(_folder.Path, preface => preface.Template));
    }

    [Fact]
    public void Of_several_templates_the_default_one_counts()
    {
        Change("tokenizer_config.json", $"\"{RandomCheckpoint.Template}\"", """[{"name": "tool_use", "template": "a"}, {"name": "default", "template": "b"}]""");
        Assert.Equal("b", Preface.Look(_folder.Path, preface => preface.Template));
    }

    [Fact]
    public void The_size_of_the_cache_is_told_from_the_configuration() => Assert.Equal((32_768, 2L * (64 * 2 + 8)), Preface.Look(_folder.Path, preface => (preface.Context, preface.CacheBytes)));

    [Theory]
    [InlineData("tokenizer_config.json", "\"added_tokens_decoder\"", "\"added\"", "added_tokens_decoder: an object was expected")]
    [InlineData("tokenizer_config.json", "\"270\"", "\"1e9\"", "added_tokens_decoder: \"1e9\": a token's number, 0 to 319, was expected")]
    [InlineData("tokenizer_config.json", "\"270\"", "\"320\"", "added_tokens_decoder: \"320\": a token's number, 0 to 319, was expected")]
    [InlineData("tokenizer_config.json", "\"270\"", "\"267\"", "added_tokens_decoder: 267 (\"<|im_end|>\") is a rank of tiktoken.model; 268 to 319 was expected")]
    [InlineData("tokenizer_config.json", "\"content\": \"[EOS]\"", "\"content\": 3", "added_tokens_decoder.269.content: a text was expected")]
    [InlineData("tokenizer_config.json", "\"[EOS]\"", "\"[BOS]\"", "added_tokens_decoder.269.content: \"[BOS]\" is the name of token 268 too")]
    [InlineData("tokenizer_config.json", $"\"{RandomCheckpoint.Template}\"", "[]", "chat_template: a text was expected, or a list with one called \"default\"")]
    [InlineData("tokenizer_config.json", "{\"added", "[{\"added", "line 1: is no JSON")]
    [InlineData("config.json", "\"eos_token_id\": 270", "\"eos_token_id\": 320", "eos_token_id: a token's number, 0 to 319, was expected")]
    [InlineData("config.json", "\"vocab_size\": 320", "\"vocab_size\": 200", "bos_token_id: a token's number, 0 to 199, was expected")]
    [InlineData("generation_config.json", "269", "-1", "eos_token_id: a token's number, 0 to 319, was expected")]
    [InlineData("generation_config.json", "{", "[{", "line 1: is no JSON")]
    [InlineData("tiktoken.model", " 255\n", " 257\n", "line 256: has rank 257; 255 was expected")]
    public void What_is_wrong_is_told_by_file_and_key(string file, string from, string to, string problem)
    {
        Change(file, from, to);
        string said = Assert.Throws<ModelFileException>(() => Preface.Look(_folder.Path, preface => preface.ReadTokenizer())).Message;
        Assert.StartsWith(_folder.At(file), said, StringComparison.Ordinal);
        Assert.EndsWith(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void More_ranks_than_the_vocabulary_are_told_with_both_numbers()
    {
        File.AppendAllLines(_folder.At("tiktoken.model"), Enumerable.Range(268, 52).Select(rank => $"{Convert.ToBase64String([(byte)'a', (byte)rank, (byte)'b'])} {rank}"));
        Assert.EndsWith("tiktoken.model: at byte 0: has 320 ranks; vocab_size of config.json is 320, and control tokens come behind the ranks",
            Assert.Throws<ModelFileException>(() => Preface.Look(_folder.Path, preface => preface.ReadTokenizer())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_vocabulary_is_told_which_file_it_would_be()
    {
        File.Move(_folder.At("tiktoken.model"), _folder.At("tokenizer.json"));
        Assert.EndsWith("tiktoken.model: at byte 0: is missing: the vocabulary of a checkpoint is read from it, and not from tokenizer.json",
            Assert.Throws<ModelFileException>(() => Preface.Look(_folder.Path, preface => preface.ReadTokenizer())).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("config.json"), InlineData("tokenizer_config.json")]
    public void A_file_that_is_missing_is_named(string file)
    {
        File.Delete(_folder.At(file));
        Assert.Contains(_folder.At(file), Assert.Throws<FileNotFoundException>(() => Preface.Look(_folder.Path, preface => preface.Name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kimi_s_real_vocabulary_is_read_from_a_folder()
    {
        File.Copy(SharedData.Find("data", "kimi-tiktoken.model"), _folder.At("tiktoken.model"), overwrite: true);
        Change("config.json", "\"vocab_size\": 320", "\"vocab_size\": 163840");
        Change("config.json", "\"bos_token_id\": 268, \"eos_token_id\": 270", "\"bos_token_id\": 163584, \"eos_token_id\": [163586]");
        File.Delete(_folder.At("generation_config.json"));
        File.WriteAllText(_folder.At("tokenizer_config.json"), """{"added_tokens_decoder": {"163586": {"content": "<|im_end|>"}}}""");
        Tokenizer kimi = Preface.Look(_folder.Path, preface => preface.ReadTokenizer());
        Assert.Equal((163_840, 163_584, 163_586, "<|reserved_token_163839|>"), (kimi.Count, kimi.Begin, kimi.Controls["<|im_end|>"], kimi.Name(163_839)));
        Assert.Equal(["get", "User", "Name"], kimi.Encode("getUserName").Select(token => System.Text.Encoding.UTF8.GetString(kimi.Bytes(token))));
    }

    [Fact]
    public void What_stands_in_it_can_be_listed()
    {
        ModelContents contents = ModelContents.Read(_folder.Path);
        Assert.Contains(("model_type", "\"kimi_k2\""), contents.Facts);
        Assert.Contains(("quantization_config.config_groups.group_0.weights.group_size", "32"), contents.Facts);
        Assert.Contains(new("model.layers.1.mlp.experts.3.down_proj.weight_packed", "I32", "[64, 4]", 1024), contents.Tensors);
    }

    void Change(string file, string from, string to)
    {
        string text = File.ReadAllText(_folder.At(file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(_folder.At(file), text.Replace(from, to, StringComparison.Ordinal));
    }
}
