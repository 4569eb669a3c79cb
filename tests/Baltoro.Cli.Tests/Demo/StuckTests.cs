// A small model that goes in circles: it is not told so, for it would not understand, but drawn from more freely, and the run ends.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Cli.Demo;
using Baltoro.Transcripts;
using Baltoro.Worlds;
using Turn = Baltoro.Transcripts.Turn;

namespace Baltoro.Cli.Tests.Demo;

public class StuckTests
{
    [Fact]
    public async Task What_it_repeats_is_drawn_more_freely_each_time_until_the_run_ends()
    {
        OracleModel model = new(new Stubborn(), window: 100_000);
        string folder = Directory.CreateTempSubdirectory("baltoro-test-").FullName;
        try
        {
            using Interruption interruption = new();
            WorldOutcome outcome = await WorldRun.Of(DeclineWorld.Make(new Draw(1), Split.Train), folder, model, new() { Temperature = 0, Seed = 5 }, 50, new TextOutput(TextWriter.Null, TextWriter.Null), interruption);
            Assert.IsType<RunEnd.Looped>(outcome.End);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Assert.Equal([0, 0, 0.4, 0.8, .. Enumerable.Repeat(1.0, 8)], model.Drawn.Select(drawn => drawn.Temperature!.Value));
        Assert.Equal(Enumerable.Range(5, 12).Select(seed => (long?)seed), model.Drawn.Select(drawn => drawn.Seed));
        Assert.DoesNotContain("system-reminder", model.Seen[^1]);
    }

    sealed class Stubborn : Oracle
    {
        public override Turn Next() => new Turn.Calls("next nowhere.md", new("Read", ("file_path", "nowhere.md")));

        public override void Observe(string result)
        {
        }
    }
}
