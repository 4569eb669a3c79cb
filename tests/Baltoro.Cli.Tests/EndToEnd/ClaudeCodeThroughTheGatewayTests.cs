using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

/// <summary>The promise of the product: the real Claude Code finishes a long task on any model, and on several in one conversation.</summary>
public class ClaudeCodeThroughTheGatewayTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Theory, MemberData(nameof(Player.Aliases), MemberType = typeof(Player))]
    public async Task Finishes_300_tool_calls_with_every_thought_back_at_its_model(string alias)
    {
        using var scratch = new Scratch();
        await using var gateway = await GatewayProcess.Before(scratch, Trail.Script(), alias);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(300, client.Folder);
        trail.Lay();

        var ending = await client.Run(trail.Task, alias, Limit);

        Assert.Empty(gateway.Violations);
        Assert.Equal(Trail.Finished, ending.Result());
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Equal(trail.Thoughts, gateway.Upstream().Asked[^1].ThoughtsBeforeCalls());
    }

    /// <summary>Claude is left out: Claude Code itself moves its cache marks from request to request, and they are passed on.</summary>
    [Theory, InlineData("kimi"), InlineData("glm"), InlineData("deepseek"), InlineData("openrouter"), InlineData("plain")]
    public async Task Each_request_repeats_the_one_before_byte_for_byte_so_that_prefix_caches_hit(string alias)
    {
        using var scratch = new Scratch();
        await using var gateway = await GatewayProcess.Before(scratch, Trail.Script(), alias);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(20, client.Folder);
        trail.Lay();

        (await client.Run(trail.Task, alias, Limit)).Result();

        var asked = gateway.Upstream().Asked;
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.True(SharedPrefix.Between(pair.First, pair.Second) is { Whole: true },
            $"request {pair.Second.Number}: {SharedPrefix.Between(pair.First, pair.Second)}"));
    }

    [Fact]
    public async Task Switches_from_Kimi_to_Claude_to_GLM_to_DeepSeek_and_back_every_10_calls_without_a_single_refusal()
    {
        const int CallsPerModel = 10;
        string[] models = ["kimi", "claude", "glm", "deepseek", "kimi"];
        using var scratch = new Scratch();
        await using var gateway = await GatewayProcess.Before(scratch, Trail.Script(CallsPerModel), [.. models.Distinct()]);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(CallsPerModel * models.Length, client.Folder);
        trail.Lay();

        var last = "";
        foreach (var (turn, model) in models.Index())
            last = (await client.Run(turn == 0 ? trail.Task : Trail.GoOn, model, Limit, goOn: turn > 0)).Result();

        Assert.Empty(gateway.Violations);
        Assert.Equal(Trail.Finished, last);
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
        // Claude Code asks Claude to leave out the text of its thinking; a sealed thought says nothing to another model.
        var expected = trail.Thoughts.Select((thought, i) => models[i / CallsPerModel] == "claude" ? "" : thought);
        Assert.Equal(expected, gateway.Upstream("kimi").Asked[^1].ThoughtsBeforeCalls());
    }
}
