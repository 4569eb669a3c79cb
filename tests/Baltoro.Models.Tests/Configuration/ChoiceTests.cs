// What `baltoro use` leaves behind, and how a running gateway takes it up.

namespace Baltoro.Models.Tests;

public sealed class ChoiceTests : IDisposable
{
    static readonly Settings Settings = Configured.Settings(
        """{ "default": "kimi", "routes": { "steady": ["glm-5.2", "kimi"] } }""", null, ("NOVITA_API_KEY", "k"), ("ZAI_API_KEY", "k"));

    readonly string _folder = Directory.CreateTempSubdirectory("baltoro-").FullName;
    readonly List<(string Words, bool IsWrong)> _told = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    ChoiceFile File => new(Path.Combine(_folder, "state", "baltoro"));

    StandingModels Standing() => new(Settings.Models, File, (words, isWrong) => _told.Add((words, isWrong)));

    static string Asked(ModelDirectory models) => models.FindAll("baltoro") is Lookup<Chat.Sequence<Target>>.Found found
        ? string.Join(' ', found.Value.Select(target => $"{target.Card.Origin.Provider}:{target.Card.Origin.Model}")) : "?";

    [Fact]
    public void Nothing_is_chosen_at_first()
    {
        StandingModels standing = Standing();
        Assert.Same(Settings.Models, standing.Now);
        Assert.Equal((Choice.None.Instance, 0), (standing.Choice, _told.Count));
    }

    [Theory]
    [InlineData("glm-5.2", "zai:glm-5.2")]
    [InlineData("steady", "zai:glm-5.2 novita:moonshotai/kimi-k2-thinking")]
    [InlineData("glm-5.2,kimi", "zai:glm-5.2 novita:moonshotai/kimi-k2-thinking")]
    [InlineData("novita:zai-org/glm-4.7", "novita:zai-org/glm-4.7")]
    public void A_choice_stands_at_the_next_look(string name, string asked)
    {
        StandingModels standing = Standing();
        Assert.Equal("novita:moonshotai/kimi-k2-thinking", Asked(standing.Now));
        File.Write(name);
        Assert.Equal(asked, Asked(standing.Now));
    }

    [Fact]
    public void Two_choices_within_one_tick_of_the_clock_are_two()
    {
        StandingModels standing = Standing();
        List<string> asked = [];
        for (int i = 0; i < 50; i++)
        {
            File.Write(i % 2 == 0 ? "glm-5.2" : "glm-4.6");
            asked.Add(Asked(standing.Now));
        }
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? "zai:glm-5.2" : "zai:glm-4.6"), asked);
    }

    [Fact]
    public void A_choice_outlives_the_gateway()
    {
        File.Write("glm-5.2");
        Assert.Equal("zai:glm-5.2", Asked(Standing().Now));
    }

    [Fact]
    public void Taking_the_choice_back_brings_the_configured_default_back()
    {
        StandingModels standing = Standing();
        File.Write("glm-5.2");
        _ = standing.Now;
        File.Clear();
        Assert.Same(Settings.Models, standing.Now);
        Assert.Equal([("\"baltoro\" now means zai/glm-5.2 at zai", false), ("\"baltoro\" now means moonshotai/kimi-k2-thinking at novita, the configured default", false)], _told);
    }

    [Theory]
    [InlineData("glm-9", "There is no model \"glm-9\".")]
    [InlineData("baltoro", "\"baltoro\" cannot mean itself.")]
    [InlineData("\0\u0001", "There is no model")]
    public void A_choice_that_means_nothing_is_reported_once_and_the_configured_default_serves(string name, string problem)
    {
        File.Write(name);
        StandingModels standing = Standing();
        Assert.Equal("novita:moonshotai/kimi-k2-thinking", Asked(standing.Now));
        _ = standing.Now;
        (string words, bool isWrong) = Assert.Single(_told);
        Assert.True(isWrong);
        Assert.Contains(problem, words);
        Assert.EndsWith("\"baltoro\" means moonshotai/kimi-k2-thinking at novita", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_files_place_is_reported_and_the_configured_default_serves()
    {
        Directory.CreateDirectory(File.Path);
        Assert.Equal("novita:moonshotai/kimi-k2-thinking", Asked(Standing().Now));
        Assert.True(Assert.Single(_told).IsWrong);
    }

    [Fact]
    public void A_claude_without_a_key_is_not_taken_for_the_default() =>
        Assert.Equal("anthropic:claude-opus-5-5", Asked(Assert.IsType<Choice.Made>(Choice.Of(Settings.Models, "claude-opus-5-5")).Models));

    [Fact]
    public void Claude_Codes_own_names_follow_the_choice() =>
        Assert.Equal("zai", Assert.IsType<Lookup<Target>.Found>(Assert.IsType<Choice.Made>(Choice.Of(Settings.Models, "glm-5.2")).Models.Find("claude-haiku-4-5")).Value.Upstream.Name);

    [Fact]
    public void A_look_at_an_unchanged_choice_allocates_nothing()
    {
        File.Write("glm-5.2");
        StandingModels standing = Standing();
        _ = standing.Now;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) _ = standing.Now;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_choice_and_no_draft()
    {
        File.Write("glm-5.2");
        Directory.CreateDirectory(Path.Combine(_folder, "other", "choice"));
        Assert.ThrowsAny<Exception>(() => new ChoiceFile(Path.Combine(_folder, "other")).Write("kimi"));
        Assert.Equal([Path.Combine(_folder, "other", "choice")], Directory.GetFileSystemEntries(Path.Combine(_folder, "other")));
        Assert.Equal("glm-5.2", File.Read());
    }
}
