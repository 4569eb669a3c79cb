// A model with random weights that is asked like any other: it says nothing sensible, and what is counted, ended and refused can be checked to the token.

using Baltoro.Chat;
using Baltoro.Chat.OpenAI;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using Baltoro.Models.Local;

namespace Baltoro.Models.Tests.Local;

public sealed class RandomFile : IDisposable
{
    public RandomFile() => RandomModel.Write(Path, KnownShapes.Find("tiny"), TensorType.Q8_0);

    public string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("baltoro-local").FullName, "tiny.gguf");

    public LocalEngines Engines { get; } = new(_ => new() { Threads = 2, CacheMemory = 64 << 20 }, _ => null);

    public LocalModel Model(Func<ModelCard, ModelCard>? change = null)
    {
        ModelCard card = Configured.Settings().Found($"local:{Path}").Card;
        return new(change is null ? card : change(card), Path, Engines);
    }

    public void Dispose()
    {
        Engines.Dispose();
        Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
    }
}

public class LocalModelTests(RandomFile file) : IClassFixture<RandomFile>
{
    static readonly ChatRequest Hello = Shown.Asked(Shown.User("Hello")) with { OutputLimit = 40, Sampling = new() { Temperature = 0.8, Seed = 7 } };

    [Fact]
    public void The_card_is_the_file_s()
    {
        ModelCard card = file.Model().Card;
        Assert.Equal(("tiny", 32_768, Dialect.Kimi, IdDialect.Kimi, ThinkingSupport.Always), (card.Origin.Model, card.Window, card.Dialect, card.Ids, card.Thinking));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_reply_however_many_are_asked_at_once()
    {
        LocalModel model = file.Model();
        string alone = await Said(model, Hello);
        string[] together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Said(model, Hello)));
        Assert.All(together, said => Assert.Equal(alone, said));
    }

    [Fact]
    public async Task Tokens_are_counted_and_what_the_cache_knew_is_cache_read()
    {
        LocalModel model = file.Model();
        ChatRequest request = Hello with { System = [new Block.Text(string.Concat(Enumerable.Repeat("Counted to the token. ", 12)))] };
        long prompt = (await model.Count(request, CancellationToken.None))!.Value;
        Usage first = (await Asked(model, request)).Usage, second = (await Asked(model, request)).Usage;
        Assert.Equal(prompt, first.TotalInput);
        Assert.Equal(prompt, second.TotalInput);
        // In pages of 32, and never the last token.
        Assert.Equal((prompt - 1) / 32 * 32, second.CacheRead);
        Assert.True(first.Output is > 0 and <= 40);
    }

    [Fact]
    public async Task What_one_process_read_is_cache_read_to_the_next_one()
    {
        string folder = Path.Combine(Path.GetDirectoryName(file.Path)!, "kept");
        ChatRequest request = Hello with { System = [new Block.Text(string.Concat(Enumerable.Repeat("Counted to the token. ", 60)))] };
        List<Usage> used = [];
        List<string> told = [], said = [];
        for (int process = 0; process < 2; process++)
        {
            using LocalEngines engines = new(_ => new() { Threads = 2, CacheMemory = 64 << 20, Prefixes = new(folder, 1 << 30, told.Add) }, _ => null);
            Reply reply = await Asked(new(file.Model().Card, file.Path, engines), request);
            used.Add(reply.Usage);
            said.Add(reply.Line());
        }
        Assert.Equal((used[0].TotalInput, said[0]), (used[1].TotalInput, said[1]));
        Assert.Equal((0, (used[0].TotalInput - 1) / 256 * 256), (used[0].CacheRead, used[1].CacheRead));
        Assert.InRange(used[1].Input, 1, 256);
        Assert.Empty(told);
    }

    [Fact]
    public async Task Packed_weights_that_cannot_be_kept_are_told_once_however_often_the_model_is_asked()
    {
        // What cannot be replaced by a file, even by those who may write everywhere.
        string place = Directory.CreateDirectory(file.Path + ".panels").FullName;
        try
        {
            List<string> told = [];
            using LocalEngines engines = new(path => new() { Threads = 1, CacheMemory = 64 << 20, PanelFile = ModelPath.Panels(path) }, _ => null, told.Add);
            LocalModel model = new(file.Model().Card, file.Path, engines);
            for (int i = 0; i < 3; i++) await Said(model, Hello);
            Assert.StartsWith($"{file.Path}: the packed weights are not kept, so that each start packs them anew: ", Assert.Single(told), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(place);
        }
    }

    [Fact]
    public void All_that_a_request_says_of_drawing_is_what_the_engine_draws_by()
    {
        Assert.Equal(new() { Temperature = 0.5f, TopP = 0.75f, TopK = 40, MinP = 0.125f, RepetitionPenalty = 1.25f, FrequencyPenalty = 0.25f, PresencePenalty = -0.5f, Seed = 9 },
            LocalModel.SamplingOf(Asking(""" "temperature":0.5,"top_p":0.75,"top_k":40,"min_p":0.125,"repetition_penalty":1.25,"frequency_penalty":0.25,"presence_penalty":-0.5,"seed":9 """)));
        Assert.Equal(new() { Seed = 9 }, LocalModel.SamplingOf(Asking(""" "top_k":-1,"seed":9 """)));
    }

    [Fact]
    public async Task Replies_are_drawn_as_the_body_of_their_request_says()
    {
        LocalModel model = file.Model();
        string likeliest = await Said(model, Asking(""" "temperature":0,"seed":1 """)), hot = await Said(model, Asking(""" "temperature":3,"seed":1 """));
        string[] narrowed = await Task.WhenAll(Said(model, Asking(""" "temperature":3,"seed":1,"min_p":1 """)), Said(model, Asking(""" "temperature":3,"seed":1,"top_k":1 """)));
        Assert.NotEqual(likeliest, hot);
        Assert.All(narrowed, said => Assert.Equal(likeliest, said));
        // What was there once more likely than not comes again: a prize, not a penalty.
        Assert.NotEqual(likeliest, await Said(model, Asking(""" "temperature":0,"repetition_penalty":0.001 """)));
    }

    [Theory]
    [InlineData(""" "min_p":1.5 """, "the sampling has a min-p of 1.5; 0 to 1 was expected")]
    [InlineData(""" "repetition_penalty":0 """, "the sampling has a repetition penalty of 0; more than 0 was expected")]
    public async Task What_cannot_be_drawn_by_is_refused(string fields, string problem) =>
        Assert.Equal(new Failure.InvalidRequest(problem), await Failed(file.Model(), Asking(fields)));

    [Fact]
    public async Task A_request_s_account_gets_what_was_used_also_of_a_reply_that_nobody_heard_to_its_end()
    {
        Account account = new();
        await foreach (ReplyEvent step in file.Model().Reply(Hello with { Account = account }, CancellationToken.None))
            if (step.Value is string) break;
        Assert.False(Assert.Single(account.Attempts).IsEstimate);
        Assert.InRange(account.Attempts[0].Usage.Output, 1, 40);
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_is_refused_with_both_numbers()
    {
        LocalModel model = file.Model(card => card with { Window = 50 });
        ChatRequest request = Shown.Asked(Shown.User(new string('x', 100)));
        Assert.Equal(new Failure.PromptTooLong((await model.Count(request, CancellationToken.None))!.Value, 50), await Failed(model, request));
    }

    [Fact]
    public async Task The_end_of_the_window_is_no_output_limit()
    {
        LocalModel roomy = file.Model();
        int prompt = (int)(await roomy.Count(Hello, CancellationToken.None))!.Value;
        // Seeds whose reply does not end by itself so soon.
        Reply[] cut = [await Ended(roomy, 5), await Ended(file.Model(card => card with { Window = prompt + 5 }), 40)];
        Assert.Equal([StopReason.OutputLimit, StopReason.WindowFull], cut.Select(reply => reply.Reason));
        Assert.All(cut, reply => Assert.Equal(5, reply.Usage.Output));
    }

    [Fact]
    public async Task A_stop_sequence_ends_the_text_in_front_of_it()
    {
        LocalModel model = file.Model();
        for (int seed = 0; ; seed++)
        {
            ChatRequest request = Hello with { Sampling = new() { Seed = seed } };
            if ((await Heard(model, request)).Result is not { } whole || whole.Blocks is not [Block.Text { Content: { Length: > 6 } text }]) continue;
            Reply stopped = await Asked(model, request with { StopSequences = [text[3..5]] });
            int at = text.IndexOf(text[3..5], StringComparison.Ordinal);
            Assert.Equal((StopReason.StopSequence, text[3..5], text[..at]), (stopped.Reason, stopped.StopSequence, string.Concat(stopped.Blocks.OfType<Block.Text>().Select(block => block.Content))));
            return;
        }
    }

    [Fact]
    public async Task A_cancelled_reply_ends_at_once()
    {
        using CancellationTokenSource source = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ReplyEvent step in file.Model().Reply(Hello with { OutputLimit = 10_000 }, source.Token))
                if (step.Value is ReplyEvent.Opened) await source.CancelAsync();
        });
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_no_model_is_a_failure_that_names_it()
    {
        string none = Path.Combine(Path.GetDirectoryName(file.Path)!, "none.gguf"), junk = Path.ChangeExtension(none, ".junk");
        File.WriteAllText(junk, "no model");
        using LocalEngines engines = new(_ => new(), _ => null);
        ModelCard card = file.Model().Card;
        Assert.Contains(none, Assert.IsType<Failure.NotFound>(await Failed(new LocalModel(card, none, engines), Hello)).Message, StringComparison.Ordinal);
        Assert.Contains(junk, Assert.IsType<Failure.Unsupported>(await Failed(new LocalModel(card, junk, engines), Hello)).Message, StringComparison.Ordinal);
    }

    /// <summary>A request as it comes over Chat Completions, with these fields besides.</summary>
    static ChatRequest Asking(string fields) => Assert.IsType<Chat.Wire.Reading.Read>(
        RequestReader.Read(System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":"Hello"}],"max_tokens":20,{{fields}}}"""))).Request.Request;

    static async Task<Reply> Ended(LocalModel model, int limit)
    {
        for (int seed = 0; ; seed++)
            if ((await Heard(model, Hello with { OutputLimit = limit, Sampling = new() { Seed = seed } })).Result is { Reason: StopReason.OutputLimit or StopReason.WindowFull } cut) return cut;
    }

    static async Task<string> Said(LocalModel model, ChatRequest request)
    {
        ReplyFold heard = await Heard(model, request);
        return heard.Result?.Line() ?? $"{heard.Failure}";
    }

    static async Task<Reply> Asked(LocalModel model, ChatRequest request) => (await Heard(model, request)).Result ?? throw new InvalidOperationException("The reply failed.");

    static async Task<Failure?> Failed(LocalModel model, ChatRequest request) => (await Heard(model, request)).Failure;

    static async Task<ReplyFold> Heard(LocalModel model, ChatRequest request)
    {
        ReplyFold fold = new();
        await foreach (ReplyEvent step in model.Reply(request, CancellationToken.None)) fold.Add(step);
        return fold;
    }
}
