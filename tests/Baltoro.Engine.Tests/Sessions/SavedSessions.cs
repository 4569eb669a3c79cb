// Sessions on disk: loaded, they go on as if they had never left; what is no session of this model is refused.

namespace Baltoro.Engine.Tests.Sessions;

public sealed class SavedSessions : IDisposable
{
    static readonly ModelOptions Options = new() { Threads = 1, CacheMemory = 64 << 20, BatchTokens = 64 };

    readonly Folder _folder = new();
    readonly Model _model = Model.Open(Golden.At("tiny_q4_0.gguf"), Options);
    readonly float[] _logits = new float[Golden.Vocabulary];

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    string Path => _folder.At("session.cache");

    [Fact]
    public void A_saved_session_goes_on_in_another_process_with_the_same_bits()
    {
        Save(Golden.Tokens.AsSpan(0, 50).ToArray());
        using Model other = Model.Open(Golden.At("tiny_q4_0.gguf"), Options);
        using Session session = other.Load(Path);
        Assert.Equal(Golden.Tokens.AsSpan(0, 50), session.Tokens);
        session.Evaluate(Golden.Tokens.AsSpan(50), _logits);
        Assert.Equal(Golden.Whole(_model)[(63 * Golden.Vocabulary)..], _logits);
    }

    [Fact]
    public void A_loaded_session_is_a_known_beginning_for_others()
    {
        Save(Golden.Tokens);
        using Model other = Model.Open(Golden.At("tiny_q4_0.gguf"), Options);
        other.Load(Path).Dispose();
        using Session session = other.Begin([.. Golden.Tokens, 1]);
        Assert.Equal(64, session.Length);
    }

    [Fact]
    public void A_session_of_another_model_is_refused()
    {
        Save(Golden.Tokens);
        using Model other = Model.Open(Golden.At("tiny.gguf"), Options);
        Assert.Equal($"{Path}: at byte 16: was saved with another model or precision", Assert.Throws<ModelFileException>(() => other.Load(Path)).Message);
    }

    [Fact]
    public void A_session_that_was_cut_off_is_refused_and_holds_no_memory()
    {
        Save(Golden.Tokens);
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..^1]);
        using Model other = Model.Open(Golden.At("tiny_q4_0.gguf"), Options);
        Assert.Contains("at byte 48: has 64 tokens and ", Assert.Throws<ModelFileException>(() => other.Load(Path)).Message);
        Assert.Equal(0, other.Pool.Held);
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        File.WriteAllText(Path, "hello");
        Assert.Equal($"{Path}: at byte 0: is no saved cache", Assert.Throws<ModelFileException>(() => _model.Load(Path)).Message);
    }

    void Save(int[] tokens)
    {
        using Session session = _model.Begin();
        session.Evaluate(tokens, _logits);
        session.Save(Path);
    }
}
