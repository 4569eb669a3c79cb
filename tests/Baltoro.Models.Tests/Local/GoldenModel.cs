// The golden model asked as a chat model: greedy replies are the likeliest tokens of the reference, and of the plain forward pass.

using System.Runtime.InteropServices;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Engine.Sampling;
using Baltoro.Engine.Tokenizers;
using Baltoro.Models.Local;

namespace Baltoro.Models.Tests.Local;

public sealed class GoldenModel : IDisposable
{
    const int Vocabulary = 512;

    static readonly ModelOptions Options = new() { Threads = 2, CacheMemory = 64 << 20 };

    static readonly int[] Tokens = [.. JsonDocument.Parse(File.ReadAllBytes(At("tokens.json"))).RootElement.EnumerateArray().Select(token => token.GetInt32())];

    readonly LocalEngines _engines = new(_ => Options, _ => null);

    public void Dispose() => _engines.Dispose();

    static string At(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    [Fact]
    public async Task Behind_each_beginning_of_the_reference_s_text_the_likeliest_token_comes()
    {
        // With the cache as it is served, in 13-bit integers under scales, and all 64 beginnings at once: mixed batches and reused prefixes.
        float[] reference = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(At("ref_double.f32bin"))).ToArray();
        LocalEngine engine = await _engines.Get(At("tiny.gguf"), CancellationToken.None);
        int[] expected = [.. Tokens.Select((_, position) => Likeliest(reference.AsSpan(position * Vocabulary, Vocabulary)))];
        int[] chosen = await Task.WhenAll(Tokens.Select((_, position) => Next(engine, Tokens[..(position + 1)])));
        Assert.Equal(expected, chosen);
    }

    [Fact]
    public async Task A_greedy_reply_is_what_the_forward_pass_finds_likeliest_token_by_token()
    {
        ModelCard card = Configured.Settings().Found($"local:{At("tiny.gguf")}").Card;
        ChatRequest request = Shown.Asked(Shown.User("abba baab")) with { OutputLimit = 48, Sampling = new() { Temperature = 0 } };
        LocalModel model = new(card, At("tiny.gguf"), _engines);
        ReplyFold fold = new();
        await foreach (ReplyEvent step in model.Reply(request, CancellationToken.None)) fold.Add(step);
        Assert.NotNull(fold.Result);

        LocalEngine engine = await _engines.Get(At("tiny.gguf"), CancellationToken.None);
        int[] expected = Greedy(engine, engine.Encode(engine.Format.Render(request)), 48);
        TokenDecoder decoder = new(engine.Tokenizer);
        string text = string.Concat(expected.Select(decoder.Add)) + decoder.Finish();
        Assert.Equal(text, string.Concat(fold.Result.Blocks.OfType<Block.Text>().Select(block => block.Content)));
        Assert.Equal(expected.Length, fold.Result.Usage.Output);
    }

    /// <summary>One token after another, without a scheduler, until one that ends a reply.</summary>
    static int[] Greedy(LocalEngine engine, int[] prompt, int most)
    {
        using Model plain = Model.Open(At("tiny.gguf"), Options);
        using Session session = plain.Begin();
        float[] logits = new float[Vocabulary];
        session.Evaluate(prompt, logits);
        List<int> chosen = [];
        while (chosen.Count < most)
        {
            foreach (int token in engine.Unused) logits[token] = float.NegativeInfinity;
            int next = Likeliest(logits);
            if (engine.Stops.Contains(next)) break;
            chosen.Add(next);
            session.Evaluate([next], logits);
        }
        return [.. chosen];
    }

    static async Task<int> Next(LocalEngine engine, int[] prompt)
    {
        await foreach (int token in engine.Scheduler.Generate(new() { Prompt = prompt, Sampling = new SamplingSettings { Temperature = 0 }, MaxTokens = 1 })) return token;
        return -1;
    }

    static int Likeliest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }
}
