// Packed weights in a file: used when they are the model's, made anew when they are not, done without when there is no place for them.

namespace Baltoro.Engine.Tests.Weights;

public sealed class PanelFiles : IDisposable
{
    readonly Folder _folder = new();
    readonly string _model;
    readonly string _panels;

    public PanelFiles()
    {
        (_model, _panels) = (_folder.At("model.gguf"), _folder.At("model.gguf.panels"));
        File.Copy(Golden.At("tiny_q4_0.gguf"), _model);
    }

    public void Dispose() => _folder.Dispose();

    ModelOptions Options => new() { Threads = 1, CacheMemory = 16 << 20, BatchTokens = 64, PanelFile = _panels };

    [Fact]
    public void The_second_start_packs_nothing_and_gives_the_same_logits()
    {
        float[] first = Logits(out int packed), second = Logits(out int packedAgain);
        Assert.Equal((true, 0), (packed > 0, packedAgain));
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_model_that_was_changed_is_packed_anew()
    {
        Logits(out _);
        File.SetLastWriteTimeUtc(_model, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Logits(out int packed);
        Assert.True(packed > 0);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_made_anew()
    {
        float[] first = Logits(out _);
        File.WriteAllBytes(_panels, File.ReadAllBytes(_panels)[..^100]);
        Assert.Equal(first, Logits(out int packed));
        Assert.True(packed > 0);
    }

    [Fact]
    public void Where_no_file_can_be_written_the_weights_are_packed_in_memory_and_the_model_says_why()
    {
        using Model model = Model.Open(_model, Options with { PanelFile = _folder.At("no/such/folder/panels") });
        Assert.NotNull(model.NoPanelFile);
        Assert.Equal(64 * Golden.Vocabulary, Golden.Whole(model).Length);
    }

    [Fact]
    public void All_is_said_to_be_done_only_when_the_file_is_in_its_place()
    {
        Steps steps = new(() => File.Exists(_panels));
        using Model model = Model.Open(_model, Options, steps);
        Assert.Equal(steps.Shares.Order(), steps.Shares);
        Assert.Equal([.. Enumerable.Repeat((true, false), steps.Count - 1), (false, true)], steps.Shares.Zip(steps.Seen, (share, isThere) => (share < 1, isThere)));
    }

    [Fact]
    public void What_the_cache_has_room_for_is_known_without_opening_the_model()
    {
        using Model model = Model.Open(_model, Options);
        Assert.Equal(model.CacheTokens, Model.CacheTokensOf(_model, Options));
    }

    float[] Logits(out int packed)
    {
        Steps steps = new();
        using Model model = Model.Open(_model, Options, steps);
        Assert.Null(model.NoPanelFile);
        packed = steps.Count;
        return Golden.Whole(model);
    }

    /// <param name="look">What is looked at with each report.</param>
    sealed class Steps(Func<bool>? look = null) : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public List<bool> Seen { get; } = [];

        public int Count => Shares.Count;

        public void Report(double value)
        {
            Shares.Add(value);
            Seen.Add(look?.Invoke() ?? false);
        }
    }
}
