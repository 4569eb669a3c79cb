// A token's logits follow from its past alone: not from how the past came in, who shares it, or what else is computed.

namespace Baltoro.Engine.Tests.Sessions;

public sealed class SamePast : IDisposable
{
    static readonly ModelOptions Options = new() { Threads = 2, CacheMemory = 64 << 20, BatchTokens = 64 };

    readonly Model _model = Model.Open(Golden.At("tiny_q4_0.gguf"), Options);
    readonly float[] _whole;

    public SamePast() => _whole = Golden.Whole(_model);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Token_by_token_gives_the_bits_of_one_piece()
    {
        using Session session = _model.Begin();
        float[] logits = new float[_whole.Length];
        for (int i = 0; i < Golden.Tokens.Length; i++) session.Evaluate(Golden.Tokens.AsSpan(i, 1), Row(logits, i));
        Assert.Equal(_whole, logits);
    }

    [Theory, InlineData(1), InlineData(3), InlineData(17), InlineData(32), InlineData(63)]
    public void Pieces_of_any_size_end_with_the_same_bits(int size)
    {
        using Session session = _model.Begin();
        float[] logits = new float[Golden.Vocabulary];
        foreach (int[] piece in Golden.Tokens.Chunk(size)) session.Evaluate(piece, logits);
        Assert.Equal(Row(_whole, 63).ToArray(), logits);
    }

    [Fact]
    public void A_fork_goes_its_own_way_and_leaves_the_other_as_it_was()
    {
        using Session trunk = _model.Begin();
        float[] logits = new float[Golden.Vocabulary];
        trunk.Evaluate(Golden.Tokens.AsSpan(0, 40), logits);
        using (Session fork = trunk.Fork())
        {
            fork.Evaluate([1, 2, 3], logits);
            fork.Cut(40);
            fork.Evaluate(Golden.Tokens.AsSpan(40), logits);
            Assert.Equal(Row(_whole, 63).ToArray(), logits);
        }
        trunk.Evaluate(Golden.Tokens.AsSpan(40), logits);
        Assert.Equal(Row(_whole, 63).ToArray(), logits);
    }

    [Fact]
    public void Forks_share_what_they_have_in_common()
    {
        using Session trunk = _model.Begin();
        trunk.Evaluate(Golden.Tokens, new float[Golden.Vocabulary]);
        int before = _model.Pool.Held;
        Session[] forks = [.. Enumerable.Range(0, 5).Select(_ => trunk.Fork())];
        Assert.Equal(before, _model.Pool.Held);
        foreach (Session fork in forks) fork.Dispose();
        Assert.Equal(before, _model.Pool.Held);
    }

    [Fact]
    public void Going_back_and_on_again_gives_the_same_bits()
    {
        using Session session = _model.Begin();
        float[] logits = new float[Golden.Vocabulary];
        session.Evaluate(Golden.Tokens, logits);
        session.Cut(21);
        session.Evaluate([7, 7, 7], logits);
        session.Cut(21);
        session.Evaluate(Golden.Tokens.AsSpan(21), logits);
        Assert.Equal(Row(_whole, 63).ToArray(), logits);
    }

    [Fact]
    public void Sessions_of_different_depths_in_one_batch_get_the_bits_that_they_get_alone()
    {
        int[] depths = [1, 5, 31, 32, 33, 47, 62];
        Session[] sessions = [.. depths.Select(depth =>
        {
            Session session = _model.Begin();
            session.Evaluate(Golden.Tokens.AsSpan(0, depth), new float[Golden.Vocabulary]);
            return session;
        })];
        float[] logits = new float[depths.Length * Golden.Vocabulary];
        _model.Step(sessions, [.. depths.Select(depth => Golden.Tokens[depth])], logits);
        for (int i = 0; i < depths.Length; i++) Assert.Equal(Row(_whole, depths[i]).ToArray(), Row(logits, i).ToArray());
        foreach (Session session in sessions) session.Dispose();
    }

    [Fact]
    public void More_sessions_than_one_pass_has_room_for_are_refused_and_stay_as_they_were()
    {
        Session[] sessions = [.. Enumerable.Range(0, Model.MostTogether + 1).Select(_ => _model.Begin())];
        float[] logits = new float[sessions.Length * Golden.Vocabulary];
        ArgumentException refused = Assert.Throws<ArgumentException>(() => _model.Step(sessions, new int[sessions.Length], logits));
        Assert.StartsWith("There are 33 sessions; 32 at most were expected", refused.Message, StringComparison.Ordinal);
        Assert.All(sessions, session => Assert.Equal(0, session.Length));
        _model.Step(sessions.AsSpan(1), new int[Model.MostTogether], logits);
        Assert.All(sessions[1..], session => Assert.Equal(1, session.Length));
        foreach (Session session in sessions) session.Dispose();
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using Model alone = Model.Open(Golden.At("tiny_q4_0.gguf"), Options with { Threads = 1 });
        Assert.Equal(_whole, Golden.Whole(alone));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using Model alone = Model.Open(Golden.At("tiny_q4_0.gguf"), Options with { Threads = 1 });
        Session[] sessions = [alone.Begin(), alone.Begin()];
        float[] logits = new float[2 * Golden.Vocabulary];
        foreach (Session session in sessions) session.Evaluate(Golden.Tokens.AsSpan(0, 40), logits.AsSpan(0, Golden.Vocabulary));
        long least = long.MaxValue;
        // Several times, because the compiler may still replace code while it runs, and takes memory of this thread for that.
        for (int round = 0; round < 4; round++)
        {
            foreach (Session session in sessions) session.Cut(40);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++) alone.Step(sessions, [i, i + 1], logits);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        foreach (Session session in sessions) session.Dispose();
    }

    [Fact]
    public void A_session_that_outgrows_the_caches_memory_is_told_so_and_keeps_what_it_has()
    {
        using Model small = Model.Open(Golden.At("tiny_q4_0.gguf"), Options with { CacheMemory = 2 * _model.Pool.PageBytes });
        using Session session = small.Begin();
        float[] logits = new float[Golden.Vocabulary];
        session.Evaluate(Golden.Tokens, logits);
        CacheFullException full = Assert.Throws<CacheFullException>(() => session.Evaluate([1], logits));
        Assert.Equal($"The cache's memory is used up: 2 pages of {small.Pool.PageBytes} bytes are held by sessions. Close some, or allow it more.", full.Message);
        Assert.Equal(Golden.Tokens, session.Tokens);
        session.Cut(63);
        session.Evaluate(Golden.Tokens.AsSpan(63), logits);
        Assert.Equal(Row(_whole, 63).ToArray(), logits);
    }

    [Fact]
    public void A_session_that_outgrows_the_context_is_told_so()
    {
        using Model small = Model.Open(Golden.At("tiny_q4_0.gguf"), Options with { Context = 10 });
        using Session session = small.Begin();
        CacheFullException full = Assert.Throws<CacheFullException>(() => session.Evaluate(Golden.Tokens.AsSpan(0, 11), new float[Golden.Vocabulary]));
        Assert.Equal("0 tokens and 11 more are beyond the context of 10.", full.Message);
    }

    [Fact]
    public void A_number_that_is_no_token_is_refused()
    {
        using Session session = _model.Begin();
        Assert.Contains("512 is no token; 0 to 511 was expected", Assert.Throws<ArgumentOutOfRangeException>(() => session.Evaluate([0, 512], new float[Golden.Vocabulary])).Message);
        Assert.Equal(0, session.Length);
    }

    static Span<float> Row(float[] logits, int row) => logits.AsSpan(row * Golden.Vocabulary, Golden.Vocabulary);
}
