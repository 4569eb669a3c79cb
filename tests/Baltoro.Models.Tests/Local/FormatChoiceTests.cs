// Which format a file gets, from its template or its vocabulary.

using Baltoro.Engine.Gguf;
using Baltoro.Models.Local;

namespace Baltoro.Models.Tests.Local;

public class FormatChoiceTests
{
    static readonly string[] Kimi = ["<|im_end|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>", "<|im_middle|>"],
        DeepSeek = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"], Glm = ["<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"];

    [Fact]
    public void A_template_says_by_its_marks() => Assert.Equal(
        ["kimi-k2", "kimi-k2-thinking", "kimi-k2.5", "glm-4.7", "deepseek-v3.1", "deepseek-r1", "deepseek-v3", "dialogue"],
        [
            Chosen(Kimi, "<|im_user|>user<|im_middle|>"),
            Chosen(Kimi, "<|im_middle|> <think></think>"),
            Chosen(Kimi, "<|im_middle|> <think> {% if preserve_thinking %}"),
            Chosen(Glm, "[gMASK]<sop>"),
            Chosen(DeepSeek, "{{'<｜Assistant｜></think>'}}"),
            Chosen(DeepSeek, "{{'<｜Assistant｜><think>\\n'}} content.split('</think>')"),
            Chosen(DeepSeek, "{{'<｜Assistant｜>'}}"),
            Chosen(Kimi, "User: {{ content }}"),
        ]);

    [Fact]
    public void Without_a_template_the_vocabulary_does() =>
        Assert.Equal(["kimi-k2", "kimi-k2-thinking", "dialogue"], [Chosen(Kimi, null), Chosen([.. Kimi, "<think>"], null), Chosen(["[EOS]"], null)]);

    [Fact]
    public void A_template_whose_marks_the_vocabulary_lacks_is_an_error_that_names_the_mark() => Assert.EndsWith(
        "tokenizer.ggml.tokens: no control token is called <|im_system|>; the chat format kimi-k2 of tokenizer.chat_template needs one", Chosen(["<|im_end|>"], "<|im_middle|>"), StringComparison.Ordinal);

    [Fact]
    public void A_window_is_no_larger_than_the_cache_s_memory()
    {
        // Kimi K2: 61 layers of 576 numbers of two bytes and two scales of four are 70,760 bytes a token, 4 GiB hold 60,697 of them, whole pages of 32 fewer.
        Assert.Equal(60_672, ((LocalFile.Readable)Look(Kimi, null, writer =>
        {
            writer.Add("deepseek2.block_count", 61);
            writer.Add("deepseek2.attention.kv_lora_rank", 512);
            writer.Add("deepseek2.rope.dimension_count", 64);
        }, 262_144)).Context);
    }

    /// <summary>The format's name, or what is wrong.</summary>
    static string Chosen(string[] controls, string? template) =>
        Look(controls, template, _ => { }, 4096) switch { LocalFile.Readable readable => readable.Format, LocalFile.Unreadable unreadable => unreadable.Problem, _ => "" };

    static LocalFile Look(string[] controls, string? template, Action<GgufWriter> more, int context)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("baltoro-format-").FullName, "vocabulary.gguf");
        GgufWriter writer = new();
        writer.Add("general.architecture", "deepseek2");
        writer.Add("deepseek2.context_length", context);
        more(writer);
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.tokens", (IReadOnlyList<string>)["a", .. controls]);
        writer.Add("tokenizer.ggml.token_type", (IReadOnlyList<int>)[1, .. controls.Select(_ => 3)]);
        if (template is not null) writer.Add("tokenizer.chat_template", template);
        writer.Write(path);
        LocalFile file = LocalFile.Look(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return file;
    }
}
