// The weights in the box under the faults of the design's table: they come to what they come to without.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Chat;
using Baltoro.Cli.Demo;
using Baltoro.Worlds;

namespace Baltoro.Cli.Tests.Demo;

public class FaultTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public async Task Faults_on_the_way_to_the_model_change_nothing_of_what_it_does(int seed)
    {
        using PioletModel model = Piolet.Open(null);
        FaultyModel faulty = new(model.Chat);
        WorldOutcome plain = await Walk(model.Chat, seed), through = await Walk(faulty, seed);
        Assert.Equal((plain.End, plain.Differences, plain.Calls), (through.End, through.Differences, through.Calls));
        Assert.True(faulty.Made.Count >= 3, string.Join(", ", faulty.Made));
    }

    static async Task<WorldOutcome> Walk(IChatModel model, int seed)
    {
        string folder = Directory.CreateTempSubdirectory("baltoro-test-").FullName;
        try
        {
            using Interruption interruption = new();
            TrailWorld world = TrailWorld.Make(new Draw((ulong)seed), Split.RealWords, 11);
            return await WorldRun.Of(world, folder, model, new() { Temperature = 0, Seed = seed }, 25, new TextOutput(TextWriter.Null, TextWriter.Null), interruption);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
