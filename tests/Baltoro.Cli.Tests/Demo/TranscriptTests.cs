// What the small model learns from is what the agent shows it: the rows of training against the real loop with the real tools in a real folder.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Cli.Demo;
using Baltoro.Transcripts;
using Baltoro.Worlds;
using Transcript = Baltoro.Transcripts.Transcript;

namespace Baltoro.Cli.Tests.Demo;

public class TranscriptTests
{
    public static TheoryData<Skill, int> Worlds()
    {
        TheoryData<Skill, int> all = [];
        foreach (Skill skill in Enum.GetValues<Skill>())
            for (int seed = 1; seed <= 4; seed++) all.Add(skill, seed);
        return all;
    }

    [Theory, MemberData(nameof(Worlds))]
    public async Task A_row_is_to_the_letter_what_the_agent_shows_and_the_folder_comes_out_right(Skill skill, int seed)
    {
        (World world, Transcript played) = Rows.Play(new Draw((ulong)seed), Split.Train, skill);
        OracleModel model = await Walk(world, window: 100_000);
        Assert.Equal(Enumerable.Range(0, played.Steps).Select(i => played.Window(0, i + 1).ToString()), model.Seen);
    }

    [Theory, MemberData(nameof(Worlds))]
    public async Task In_a_small_window_it_is_a_row_that_begins_later(Skill skill, int seed)
    {
        (World world, Transcript played) = Rows.Play(new Draw((ulong)seed), Split.HeldOut, skill, size: 12);
        OracleModel model = await Walk(world, window: 512);
        Assert.Equal(Enumerable.Range(0, played.Steps).Select(i => played.Window(i - model.Visible[i], model.Visible[i] + 1).ToString()), model.Seen);
        if (played.Steps > 10) Assert.All(model.Visible.Skip(1), visible => Assert.InRange(visible, 1, 9));
    }

    internal static async Task<OracleModel> Walk(World world, int window)
    {
        OracleModel model = new(Rows.OracleOf(world), window);
        string folder = Directory.CreateTempSubdirectory("baltoro-test-").FullName;
        try
        {
            using Interruption interruption = new();
            StringWriter progress = new();
            WorldOutcome outcome = await WorldRun.Of(world, folder, model, new(), 200, new TextOutput(TextWriter.Null, progress), interruption);
            Assert.True(outcome.IsSolved, $"{outcome.End}: {string.Join(", ", outcome.Differences)}");
            // Room is made by leaving steps out, and that is what is told.
            Assert.Equal(model.Visible.Zip(model.Visible.Skip(1)).Any(pair => pair.Second < pair.First + 1), progress.ToString().Contains("tokens the request and the last steps stay", StringComparison.Ordinal));
            Assert.DoesNotContain("hand-off note", progress.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return model;
    }
}
