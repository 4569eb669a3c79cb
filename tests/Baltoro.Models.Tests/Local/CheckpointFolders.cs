// Folders in the form of Moonshot's own INT4 checkpoints, asked like any model. The weights are random, the vocabulary is made by hand.

using Baltoro.Chat;
using Baltoro.Engine.Tests.Checkpoints;
using Baltoro.Models.Local;

namespace Baltoro.Models.Tests.Local;

public sealed class CheckpointFolders : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("baltoro-checkpoint-").FullName;
    readonly LocalEngines _engines = new(_ => new() { Threads = 1, CacheMemory = 64 << 20 }, _ => null);

    string Kimi => Path.Combine(_folder, "Kimi-K2.5");

    public CheckpointFolders() => new RandomCheckpoint().Write(Kimi);

    public void Dispose()
    {
        _engines.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_card_is_the_folder_s()
    {
        ModelCard card = Card(Kimi);
        Assert.Equal(("Kimi-K2.5", 32_768, Dialect.Kimi, IdDialect.Kimi, ThinkingSupport.Always), (card.Origin.Model, card.Window, card.Dialect, card.Ids, card.Thinking));
    }

    [Fact]
    public async Task A_folder_and_any_file_of_it_are_one_model_that_replies()
    {
        ChatRequest request = Shown.Asked(Shown.User("hello world")) with { OutputLimit = 30, Sampling = new() { Temperature = 0 } };
        List<string> said = [];
        foreach (string path in (string[])[Kimi, Kimi + "/", Path.Combine(Kimi, "config.json"), Path.Combine(Kimi, "model-00001-of-00002.safetensors")])
        {
            Target target = Configured.Settings().Found($"local:{path}");
            Assert.Equal((Kimi, null), (target.File, target.Problem));
            LocalModel model = new(target.Card, target.File!, _engines);
            Reply reply = await Asked(model, request);
            Assert.Equal(await model.Count(request, CancellationToken.None), reply.Usage.TotalInput);
            Assert.InRange(reply.Usage.Output, 1, 30);
            said.Add(reply.Line());
        }
        Assert.Single(said.Distinct());
    }

    [Fact]
    public async Task A_call_of_a_checkpoint_is_a_call_of_the_request_s_tool()
    {
        ToolSpec.Function tool = new("Now", null, RawJson.Of("""{"type":"object","properties":{"zone":{"enum":["here","there"]}},"required":["zone"],"additionalProperties":false}"""));
        Reply reply = await Asked(new(Card(Kimi), Kimi, _engines), Shown.Asked(Shown.User("hello")) with
        {
            Tools = [tool], ToolChoice = new ToolChoice.Named("Now") { OneAtATime = true }, OutputLimit = 200, Sampling = new() { Seed = 2 },
        });
        Block.ToolCall call = Assert.Single(reply.Blocks.OfType<Block.ToolCall>());
        Assert.Equal(("functions.Now:0", "Now", true), (call.Id, call.Name, call.Arguments is "{\"zone\":\"here\"}" or "{\"zone\":\"there\"}"));
    }

    [Fact]
    public async Task What_is_about_text_may_stand_apart_and_the_template_says_which_Kimi_it_is()
    {
        string pictures = Path.Combine(_folder, "pictures");
        new RandomCheckpoint(Nested: true).Write(pictures);
        RandomCheckpoint.WriteVocabulary(pictures, RandomCheckpoint.Template25);
        Assert.Equal(["kimi-k2-thinking", "kimi-k2.5"], ((string[])[Kimi, pictures]).Select(path => Assert.IsType<LocalFile.Readable>(LocalFile.Look(path)).Format));
        LocalEngine engine = await _engines.Get(pictures, CancellationToken.None);
        Assert.Equal("kimi-k2.5", engine.Format.Name);
        Assert.InRange((await Asked(new(Card(pictures), pictures, _engines), Shown.Asked(Shown.User("hello")) with { OutputLimit = 10, Sampling = new() { Seed = 1 } })).Usage.Output, 1, 10);
    }

    [Fact]
    public async Task Every_end_that_the_folder_names_ends_a_reply()
    {
        LocalEngine engine = await _engines.Get(Kimi, CancellationToken.None);
        Assert.Contains(RandomCheckpoint.End, engine.Stops);
        Assert.Contains(RandomCheckpoint.OtherEnd, engine.Stops);
    }

    [Fact]
    public void A_template_without_its_control_tokens_is_told_by_file_key_and_name()
    {
        string file = Path.Combine(Kimi, "tokenizer_config.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("<|im_user|>", "<|user|>", StringComparison.Ordinal));
        Assert.Equal($"{file}: at byte 0: added_tokens_decoder: no control token is called <|im_user|>; the chat format kimi-k2-thinking of chat_template needs one",
            Configured.Settings().Found($"local:{Kimi}").Problem);
    }

    [Fact]
    public void A_folder_that_was_mended_is_read_anew()
    {
        string file = Path.Combine(Kimi, "tokenizer_config.json"), good = File.ReadAllText(file);
        File.WriteAllText(file, "{}");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(1));
        Assert.NotNull(Configured.Settings().Found($"local:{Kimi}").Problem);
        File.WriteAllText(file, good);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(2));
        Assert.Null(Configured.Settings().Found($"local:{Kimi}").Problem);
    }

    [Fact]
    public async Task Weights_that_are_missing_are_a_failure_that_names_the_file()
    {
        ModelCard card = Card(Kimi);
        File.Delete(Path.Combine(Kimi, "model-00002-of-00002.safetensors"));
        ReplyFold fold = await Heard(new(card, Kimi, _engines), Shown.Asked(Shown.User("hello")));
        Assert.Contains("model-00002-of-00002.safetensors", Assert.IsType<Failure.NotFound>(fold.Failure).Message, StringComparison.Ordinal);
    }

    static ModelCard Card(string path) => Configured.Settings().Found($"local:{path}").Card;

    static async Task<Reply> Asked(LocalModel model, ChatRequest request)
    {
        ReplyFold fold = await Heard(model, request);
        return fold.Result ?? throw new InvalidOperationException($"The reply failed: {fold.Failure}");
    }

    static async Task<ReplyFold> Heard(LocalModel model, ChatRequest request)
    {
        ReplyFold fold = new();
        await foreach (ReplyEvent step in model.Reply(request, CancellationToken.None)) fold.Add(step);
        return fold;
    }
}
