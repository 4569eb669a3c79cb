// A prompt too long is told in the only words from which Claude Code recovers, with true numbers.

using System.Text.Json;
using System.Text.RegularExpressions;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

public partial class OverflowTests
{
    const int Window = 20_000;
    static readonly string Long = string.Concat(Enumerable.Repeat("twenty-five letters long. ", 8_000));

    [Theory, InlineData("claude"), InlineData("messages"), InlineData("kimi"), InlineData("deepseek"), InlineData("openrouter"), InlineData("self-hosted"), InlineData("plain")]
    public async Task The_words_of_any_vendor_become_the_words_that_clients_recover_from(string alias)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        cast[alias].Vendor.Window = Window;

        await RefusesTheLongPrompt(gateway, alias);

        Assert.Single(cast[alias].Asked);
    }

    /// <summary>GLM tells no numbers: the gateway must have counted itself.</summary>
    [Fact]
    public async Task A_window_known_beforehand_gives_the_same_words()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), "glm");
        await using var gateway = await GatewayProcess.Before(scratch, cast, window: Window);
        cast["glm"].Vendor.Window = Window;

        await RefusesTheLongPrompt(gateway, "glm");
    }

    static async Task RefusesTheLongPrompt(GatewayProcess gateway, string alias)
    {
        using var client = new AnthropicClient { BaseUrl = gateway.Url, ApiKey = "client-key", AuthToken = null, MaxRetries = 0 };
        var refusal = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => client.Messages.Create(
            new MessageCreateParams { Model = alias, MaxTokens = 1000, Messages = [new UserMessageParam(Long)] }, TestContext.Current.CancellationToken));
        using var body = JsonDocument.Parse(refusal.ResponseBody);
        var words = Words.Match(body.RootElement.GetProperty("error").GetProperty("message").GetString()!);
        Assert.True(words.Success, refusal.ResponseBody);
        Assert.Equal(Window, int.Parse(words.Groups["maximum"].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(int.Parse(words.Groups["tokens"].Value, System.Globalization.CultureInfo.InvariantCulture), Window + 1, 2 * Long.Length / 4);
    }

    [GeneratedRegex(@"prompt is too long: (?<tokens>\d+) tokens > (?<maximum>\d+) maximum")]
    static partial Regex Words { get; }
}
