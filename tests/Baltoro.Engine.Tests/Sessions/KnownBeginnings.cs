// A session begins with what earlier sessions left in the cache, and with nothing that is not its own text's.

namespace Baltoro.Engine.Tests.Sessions;

public sealed class KnownBeginnings : IDisposable
{
    static readonly int[] Long = [.. Golden.Tokens, .. Golden.Tokens.Reverse(), 5];

    readonly Model _model = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 1, CacheMemory = 64 << 20, BatchTokens = 64 });
    readonly float[] _logits = new float[Golden.Vocabulary];

    public void Dispose() => _model.Dispose();

    [Theory, InlineData(20, 0), InlineData(32, 0), InlineData(33, 32), InlineData(64, 32), InlineData(65, 64), InlineData(129, 128)]
    public void Whole_pages_are_reused_and_one_token_is_always_left_to_see(int length, int reused)
    {
        float[] first = Evaluate(Long[..length], out int before);
        float[] again = Evaluate(Long[..length], out int after);
        Assert.Equal((0, reused), (before, after));
        Assert.Equal(first, again);
    }

    [Fact]
    public void A_text_that_branches_off_reuses_what_stands_before_the_branch()
    {
        Evaluate(Long, out _);
        int[] other = [.. Long[..70], 9, 9, 9, .. Long[73..]];
        float[] reusing = Evaluate(other, out int reused);
        Assert.Equal(64, reused);
        using Model fresh = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 1, CacheMemory = 64 << 20, BatchTokens = 64 });
        using Session session = fresh.Begin();
        float[] logits = new float[Golden.Vocabulary];
        session.Evaluate(other, logits);
        Assert.Equal(logits, reusing);
    }

    [Fact]
    public void A_session_that_goes_back_into_a_known_page_leaves_it_as_it_is_for_others()
    {
        float[] first = Evaluate(Long, out _);
        using (Session session = _model.Begin(Long))
        {
            session.Cut(40);
            session.Evaluate([1, 2, 3, 4], _logits);
        }
        Assert.Equal(first, Evaluate(Long, out int reused));
        Assert.Equal(128, reused);
    }

    [Fact]
    public void What_nobody_uses_gives_way_when_memory_is_wanted()
    {
        using Model small = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 1, CacheMemory = 5 * _model.Pool.PageBytes, BatchTokens = 64 });
        for (int i = 0; i < 6; i++)
        {
            using Session session = small.Begin([i, .. Long]);
            session.Evaluate([i, .. Long], _logits);
        }
        Assert.Equal(0, small.Pool.Held - small.Known.Count);
    }

    float[] Evaluate(int[] tokens, out int reused)
    {
        using Session session = _model.Begin(tokens);
        reused = session.Length;
        session.Evaluate(tokens.AsSpan(reused), _logits);
        return [.. _logits];
    }
}
