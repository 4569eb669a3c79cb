// Texts that may not be anything: what a constraint forbids never comes, whatever else runs, and where it says that all is said the text ends.

using Baltoro.Engine.Constraint;
using Baltoro.Engine.Sampling;

namespace Baltoro.Engine.Tests.Constraint;

public sealed class ConstrainedTexts : IDisposable
{
    readonly Model _model = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 2, CacheMemory = 64 << 20, BatchTokens = 48 });
    readonly Scheduler _scheduler;

    public ConstrainedTexts() => _scheduler = new(_model);

    public void Dispose()
    {
        _scheduler.Dispose();
        _model.Dispose();
    }

    static GenerationOrder Order(int i) => new()
    {
        Prompt = [.. Golden.Tokens.Skip(i).Take(5 + i)], Sampling = new() { Temperature = 2, Seed = (ulong)i, RepetitionPenalty = 0.1f, FrequencyPenalty = -3 },
        MaxTokens = 30, StopTokens = [7], Constraint = new Counting(3),
    };

    [Fact]
    public async Task A_constrained_text_is_what_the_constraint_says_and_ends_with_it() =>
        // Two tokens of 500 and above, then one of 200 to 209.
        Assert.Matches("^5(0[0-9]|1[01]) 5(0[0-9]|1[01]) 20[0-9]$", string.Join(' ', await Read(Order(1))));

    [Fact]
    public async Task Constrained_texts_are_the_same_alone_and_together()
    {
        int[][] alone = new int[5][];
        for (int i = 0; i < alone.Length; i++) alone[i] = await Read(Order(i));
        Assert.Equal(alone, await Task.WhenAll(Enumerable.Range(0, alone.Length).Select(i => Task.Run(() => Read(Order(i))))));
    }

    [Fact]
    public async Task A_constraint_is_told_how_many_tokens_are_left()
    {
        Counting constraint = new(3);
        await Read(Order(2) with { MaxTokens = 9, Constraint = constraint });
        Assert.Equal([9, 8, 7], constraint.Lefts);
    }

    [Fact]
    public async Task A_text_whose_constraint_leaves_nothing_but_a_stop_ends() =>
        Assert.Equal(2, (await Read(Order(3) with { Constraint = new Counting(3, stop: 7) })).Length);

    [Fact]
    public async Task A_constraint_that_leaves_nothing_is_an_error_of_its_text_alone()
    {
        Task<int[]> other = Task.Run(() => Read(Order(0)));
        await Assert.ThrowsAsync<ArgumentException>(() => Read(Order(1) with { Constraint = new Counting(3, stop: -1) }));
        Assert.Equal(3, (await other).Length);
    }

    [Fact]
    public void Penalties_bring_nothing_back()
    {
        Sampler sampler = new(new() { Temperature = 5, RepetitionPenalty = 0.01f, FrequencyPenalty = -1000, PresencePenalty = -1000 }, 512);
        for (int i = 0; i < 100; i++) Assert.InRange(sampler.Choose(new float[512], [1, 1, 2, 3], new Counting(1), 1), 200, 209);
    }

    async Task<int[]> Read(GenerationOrder order)
    {
        List<int> text = [];
        await foreach (int token in _scheduler.Generate(order)) text.Add(token);
        return [.. text];
    }

    /// <summary>So many tokens: large ones, and at last one of ten, or a stop, or nothing.</summary>
    sealed class Counting(int tokens, int? stop = null) : TokenConstraint
    {
        int _accepted;

        public List<int> Lefts { get; } = [];

        public override void Restrict(Span<float> logits, int left)
        {
            Lefts.Add(left);
            (int first, int count) = _accepted < tokens - 1 ? (500, 12) : stop is { } only ? (Math.Max(0, only), only < 0 ? 0 : 1) : (200, 10);
            logits[..first].Fill(float.NegativeInfinity);
            logits[(first + count)..].Fill(float.NegativeInfinity);
        }

        public override bool Accept(int token) => ++_accepted < tokens;
    }
}
