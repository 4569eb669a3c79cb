// A model file behind the built executable, asked by the official packages: the weights are random, the counts are not.

using System.ClientModel;
using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tests.Checkpoints;
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

    [Fact]
    public async Task Packed_weights_that_cannot_be_kept_are_logged_once()
    {
        using var scratch = new Scratch();
        var file = Path.Combine(scratch.Folder("models"), "tiny.gguf");
        RandomModel.Write(file, KnownShapes.Find("tiny", 1), TensorType.Q8_0);
        // What cannot be replaced by a file, even by those who may write everywhere.
        scratch.Folder(Path.Combine("models", "tiny.gguf.panels"));
        await using var gateway = await GatewayProcess.Before(scratch, [(Player.Named("kimi"), "http://127.0.0.1:9")], folder: Path.GetDirectoryName(file));
        using var http = new HttpClient { BaseAddress = new(gateway.Url) };
        for (var i = 0; i < 2; i++)
        {
            using var body = new StringContent($$"""{ "model": "local:{{file}}", "max_tokens": 8, "messages": [{ "role": "user", "content": "hello" }] }""", Encoding.UTF8, "application/json");
            using var reply = await http.PostAsync(new Uri("/v1/messages", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)reply.StatusCode);
        }
        Assert.Single(gateway.Failures, line => line.Contains($" ! {file}: the packed weights are not kept, so that each start packs them anew: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checkpoint_s_folder_is_asked_over_both_dialects_and_drawn_as_the_request_says()
    {
        using var scratch = new Scratch();
        var folder = Path.Combine(scratch.Folder("models"), "Kimi-K2.5");
        new RandomCheckpoint().Write(folder);
        await using var gateway = await GatewayProcess.Before(scratch, [(Player.Named("kimi"), "http://127.0.0.1:9")], folder: Path.GetDirectoryName(folder));
        using var http = new HttpClient { BaseAddress = new(gateway.Url) };

        var (_, counted) = await Ask("/v1/messages/count_tokens", "");
        var (_, message) = await Ask("/v1/messages", """ "max_tokens": 40, "temperature": 1, "top_k": 1, """);
        var (_, likeliest) = await Ask("/v1/chat/completions", """ "max_tokens": 40, "temperature": 0, """);
        Assert.Equal(counted.GetProperty("input_tokens").GetInt64(), likeliest.GetProperty("usage").GetProperty("prompt_tokens").GetInt64());
        Assert.Equal(message.GetProperty("usage").GetProperty("output_tokens").GetInt64(), likeliest.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
        foreach (var seed in (int[])[1, 2])
        {
            var (_, drawn) = await Ask("/v1/chat/completions", $""" "max_tokens": 40, "temperature": 2, "min_p": 1, "seed": {seed}, """);
            Assert.Equal(Said(likeliest), Said(drawn));
        }
        var (_, penalised) = await Ask("/v1/chat/completions", """ "max_tokens": 40, "temperature": 0, "repetition_penalty": 0.001, """);
        Assert.NotEqual(Said(likeliest), Said(penalised));
        var (status, refused) = await Ask("/v1/chat/completions", """ "min_p": 2, """);
        Assert.Equal((400, "the sampling has a min-p of 2; 0 to 1 was expected"), (status, refused.GetProperty("error").GetProperty("message").GetString()));

        string Said(JsonElement completion) => completion.GetProperty("choices")[0].GetProperty("message").GetRawText();

        async Task<(int, JsonElement)> Ask(string path, string fields)
        {
            using var body = new StringContent($$"""{ {{fields}} "model": "local:{{folder}}", "messages": [{ "role": "user", "content": "hello world" }] }""", Encoding.UTF8, "application/json");
            using var reply = await http.PostAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);
            return ((int)reply.StatusCode, JsonDocument.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement);
        }
    }
}
