// `baltoro use` while the real Claude Code is at work: the next request goes to the new model, and the task ends right.

using System.CommandLine;
using Baltoro.Cli.Commands;
using Baltoro.ScriptedUpstream;
using Progress = Baltoro.ScriptedUpstream.Progress;

namespace Baltoro.Cli.Tests.EndToEnd;

public class SwitchingTests
{
    const int Calls = 60, CallsBefore = 25;

    [Fact]
    public async Task Switching_in_the_middle_of_60_calls_sends_the_next_request_to_the_new_model_and_the_run_ends_right()
    {
        using var scratch = new Scratch();
        var switched = -1;
        var trail = Trail.Script();
        // Kimi itself has the switch thrown while it answers: every later request must find GLM.
        await using var cast = await Cast.Of((number, conversation) =>
        {
            if (conversation.CallsSoFar == CallsBefore && switched < 0) switched = Use(scratch, "glm");
            return trail(number, conversation);
        }, "kimi", "glm");
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var task = Trail.Of(Calls, client.Folder);
        task.Lay();

        var ending = await client.Run(task.Task, "baltoro", TimeSpan.FromMinutes(3));

        Assert.Empty(cast.Violations);
        Assert.Equal((0, Trail.Finished), (switched, ending.Result()));
        Assert.Equal(task.Answer, await File.ReadAllTextAsync(task.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(0, CallsBefore + 1), Walked(cast["kimi"]));
        Assert.Equal(Enumerable.Range(CallsBefore + 1, Calls - CallsBefore), Walked(cast["glm"]));
        // GLM gets what Kimi thought before.
        Assert.Equal(task.Thoughts, cast["glm"].Asked[^1].ThoughtsBeforeCalls());
    }

    [Fact]
    public async Task A_choice_survives_the_gateways_restart()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), "kimi", "glm");
        await using (await GatewayProcess.Before(scratch, cast)) Assert.Equal(0, Use(scratch, "glm"));
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        using var client = new Anthropic.AnthropicClient { BaseUrl = gateway.Url, ApiKey = "client-key", AuthToken = null, MaxRetries = 0 };

        await client.Messages.Create(new() { Model = "baltoro", MaxTokens = 100, Messages = [new Anthropic.Models.Messages.UserMessageParam("Hello.")] }, TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (cast["kimi"].Asked.Count, cast["glm"].Asked.Count));
    }

    /// <summary>How many calls had been made at each request of the task.</summary>
    static IEnumerable<int> Walked(Upstream upstream) => upstream.Asked
        .Where(request => request.Conversation!.Turns.OfType<Turn.User>().Any(turn => Progress.IsTask(turn.Text)))
        .Select(request => request.Conversation!.CallsSoFar);

    static int Use(Scratch scratch, string model) => UseCommand.Create(() => new Surroundings
    {
        Environment = new Dictionary<string, string> { ["HOME"] = GatewayProcess.Home(scratch) }, Folder = scratch.Path,
        Platform = Models.Platform.Linux, Today = DateOnly.FromDateTime(DateTime.UtcNow),
    }).Parse([model, "--config", Path.Combine(scratch.Path, "config.json")]).Invoke(new InvocationConfiguration { Output = TextWriter.Null });
}
