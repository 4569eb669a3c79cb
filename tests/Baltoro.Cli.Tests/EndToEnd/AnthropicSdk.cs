// A tool loop as users of the official Anthropic package write it; its accumulator judges every stream.

using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

static class AnthropicSdk
{
    /// <param name="modelOfReply">The model to ask for the reply of that number.</param>
    public static async Task<Walk> Walk(Trail trail, string baseUrl, Func<int, string> modelOfReply, bool streaming)
    {
        using var client = new AnthropicClient { BaseUrl = baseUrl, ApiKey = "client-key", AuthToken = null, MaxRetries = 0, ResponseValidation = true };
        var tools = new PaperTools(trail);
        List<MessageParam> messages = [new UserMessageParam(trail.Task)];
        for (var number = 0; ; number++)
        {
            var request = new MessageCreateParams
            {
                Model = modelOfReply(number), MaxTokens = 32_000, Messages = [.. messages], Thinking = new ThinkingConfigAdaptive(),
                System = "You walk trails.",
                Tools = [Tool("Read", PaperTools.ReadSchema), Tool("Write", PaperTools.WriteSchema)],
            };
            var reply = streaming
                ? await client.Messages.CreateStreaming(request, TestContext.Current.CancellationToken).Aggregate()
                : await client.Messages.Create(request, TestContext.Current.CancellationToken);
            messages.Add(new AssistantMessageParam(new MessageContentParam([.. reply.Content.Select(b => new ContentBlockParam(b.Json))])));
            var calls = reply.Content.Select(b => b.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>().ToList();
            if (calls.Count == 0)
            {
                Assert.Equal("end_turn", reply.StopReason!.Raw());
                var words = string.Concat(reply.Content.Select(b => b.TryPickText(out var text) ? text.Text : ""));
                var cached = reply.Usage.CacheReadInputTokens ?? 0;
                return new Walk(words, tools.Written.GetValueOrDefault(trail.AnswerFile),
                    reply.Usage.InputTokens + cached + (reply.Usage.CacheCreationInputTokens ?? 0), cached, reply.Usage.OutputTokens);
            }
            Assert.Equal("tool_use", reply.StopReason!.Raw());
            messages.Add(new UserMessageParam(new MessageContentParam([.. calls.Select(call => (ContentBlockParam)new ToolResultBlockParam(call.ID)
            {
                Content = tools.Use(call.Name, JsonSerializer.SerializeToElement(call.Input)),
            })])));
        }
    }

    static Tool Tool(string name, string schema) => new()
    {
        Name = name, Description = name + " a file",
        InputSchema = InputSchema.FromRawUnchecked(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(schema)!),
    };
}
