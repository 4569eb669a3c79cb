// A model file behind the built executable, asked by the official packages: the weights are random, the counts are not.

using System.ClientModel;
using Anthropic;
using Anthropic.Models.Messages;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using OpenAI;
using OpenAI.Chat;

namespace Baltoro.Cli.Tests.EndToEnd;

public class LocalModelThroughTheGatewayTests
{
    [Fact]
    public async Task Both_packages_get_replies_that_were_counted_to_the_token()
    {
        using var scratch = new Scratch();
        var file = Path.Combine(scratch.Folder("models"), "tiny.gguf");
        RandomModel.Write(file, KnownShapes.Find("tiny"), TensorType.Q8_0);
        await using var gateway = await GatewayProcess.Before(scratch, [(Player.Named("kimi"), "http://127.0.0.1:9")], folder: Path.GetDirectoryName(file));
        var cancellation = TestContext.Current.CancellationToken;

        using var anthropic = new AnthropicClient { BaseUrl = gateway.Url, ApiKey = "client-key", AuthToken = null, MaxRetries = 0, ResponseValidation = true };
        List<MessageParam> messages = [new UserMessageParam("Say something. " + new string('x', 200))];
        var counted = await anthropic.Messages.CountTokens(new MessageCountTokensParams { Model = $"local:{file}", Messages = messages }, cancellation);
        var reply = await anthropic.Messages.CreateStreaming(new MessageCreateParams { Model = $"local:{file}", MaxTokens = 400, Messages = messages }, cancellation).Aggregate();
        Assert.Equal(counted.InputTokens, reply.Usage.InputTokens + (reply.Usage.CacheReadInputTokens ?? 0));
        Assert.InRange(reply.Usage.OutputTokens, 1, 400);

        var chat = new ChatClient($"local:{file}", new ApiKeyCredential("client-key"), new OpenAIClientOptions { Endpoint = new(gateway.Url + "/v1") });
        var completion = (await chat.CompleteChatAsync([new UserChatMessage("Say something. " + new string('x', 200))], new ChatCompletionOptions { MaxOutputTokenCount = 400 }, cancellation)).Value;
        Assert.Equal(counted.InputTokens, completion.Usage.InputTokenCount);
        // The same prompt a second time: all of its whole pages are known.
        Assert.Equal((counted.InputTokens - 1) / 32 * 32, completion.Usage.InputTokenDetails.CachedTokenCount);

        // A file that nobody gave free is not opened, and whether it is there is not told.
        foreach (var other in (string[])["config.json", "not-there"])
        {
            var elsewhere = new ChatClient($"local:{Path.Combine(scratch.Path, other)}", new ApiKeyCredential("client-key"), new OpenAIClientOptions { Endpoint = new(gateway.Url + "/v1") });
            var refused = await Assert.ThrowsAsync<ClientResultException>(() => elsewhere.CompleteChatAsync([new UserChatMessage("hi")], null, cancellation));
            Assert.Equal(404, refused.Status);
            Assert.Contains("is a file that clients of this gateway may not name", refused.Message, StringComparison.Ordinal);
        }
    }
}
