// Several texts continued at once: each as if it were alone, and none waits for another's end.

using Baltoro.Engine.Sampling;

namespace Baltoro.Engine.Tests.Sessions;

public sealed class Together : IDisposable
{
    readonly Model _model = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 2, CacheMemory = 64 << 20, BatchTokens = 48 });
    readonly Scheduler _scheduler;

    public Together() => _scheduler = new(_model);

    public void Dispose()
    {
        _scheduler.Dispose();
        _model.Dispose();
    }

    static GenerationOrder Order(int i) => new()
    {
        Prompt = [.. Golden.Tokens.Skip(i).Concat(Golden.Tokens).Take(3 + 17 * i)], Sampling = new() { Temperature = 2, TopP = 0.95f, Seed = (ulong)i }, MaxTokens = 20 + i,
    };

    [Fact]
    public async Task Texts_that_run_together_are_those_that_run_alone()
    {
        int[][] alone = new int[6][];
        for (int i = 0; i < alone.Length; i++) alone[i] = await Read(_scheduler, Order(i));
        int[][] together = await Task.WhenAll(Enumerable.Range(0, alone.Length).Select(i => Task.Run(() => Read(_scheduler, Order(i)))));
        Assert.Equal(alone, together);
        Assert.Equal([20, 21, 22, 23, 24, 25], alone.Select(text => text.Length));
    }

    [Fact]
    public async Task A_stop_token_ends_the_text_and_is_no_part_of_it()
    {
        int[] text = await Read(_scheduler, Order(2));
        int stop = text[7];
        Assert.Equal(text.TakeWhile(token => token != stop), await Read(_scheduler, Order(2) with { StopTokens = [stop] }));
    }

    [Fact]
    public async Task Who_stops_reading_gives_back_the_memory()
    {
        await foreach (int _ in _scheduler.Generate(Order(3) with { MaxTokens = 100_000 })) break;
        // The next one's end is behind the first one's leaving.
        await Read(_scheduler, Order(1) with { MaxTokens = 2 });
        Assert.Equal(0, _model.Pool.Held - _model.Known.Count);
    }

    [Fact]
    public async Task A_cancelled_text_ends_with_the_cancellation()
    {
        using CancellationTokenSource stop = new();
        int read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int _ in _scheduler.Generate(Order(3) with { MaxTokens = 100_000 }, stop.Token))
                if (++read == 3) await stop.CancelAsync();
        });
        Assert.Equal(20, (await Read(_scheduler, Order(0))).Length);
    }

    [Fact]
    public async Task A_text_that_outgrows_the_memory_says_so_and_the_others_go_on()
    {
        using Model small = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 1, CacheMemory = 4 * _model.Pool.PageBytes, BatchTokens = 48 });
        using Scheduler scheduler = new(small);
        Task<int[]> modest = Task.Run(() => Read(scheduler, Order(0)));
        await Assert.ThrowsAsync<CacheFullException>(() => Read(scheduler, Order(1) with { MaxTokens = 1000 }));
        Assert.Equal(20, (await modest).Length);
    }

    [Fact]
    public async Task What_is_no_token_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Read(_scheduler, new() { Prompt = [1, 2, 999] }));

    [Fact]
    public async Task An_empty_prompt_is_refused() => await Assert.ThrowsAsync<ArgumentException>(() => Read(_scheduler, new() { Prompt = [] }));

    static async Task<int[]> Read(Scheduler scheduler, GenerationOrder order)
    {
        List<int> text = [];
        await foreach (int token in scheduler.Generate(order)) text.Add(token);
        return [.. text];
    }
}
