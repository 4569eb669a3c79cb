// A tool loop as users of the official OpenAI package write it. Like them it hands back what it was given: each field of the
// reply's message that tells of thinking, unchanged.

using System.ClientModel;
using System.Text;
using System.Text.Json;
using Baltoro.ScriptedUpstream;
using OpenAI;
using OpenAI.Chat;

#pragma warning disable OPENAI001, SCME0001 // Efforts are declared experimental. JSON patches are how this package hands out fields that it does not know.

namespace Baltoro.Cli.Tests.EndToEnd;

static class OpenAISdk
{
    static readonly string[] TextFields = ["reasoning_content", "reasoning"];

    /// <param name="trail">What to walk.</param>
    /// <param name="baseUrl">What the package takes for the OpenAI API.</param>
    /// <param name="modelOfReply">The model to ask for the reply of that number.</param>
    /// <param name="streaming">Whether replies are streamed.</param>
    /// <param name="effort">How hard to think; left to the model when null.</param>
    public static async Task<Walk> Walk(Trail trail, string baseUrl, Func<int, string> modelOfReply, bool streaming, ChatReasoningEffortLevel? effort = null)
    {
        var tools = new PaperTools(trail);
        var options = new ChatCompletionOptions
        {
            ReasoningEffortLevel = effort,
            Tools = { Tool("Read", PaperTools.ReadSchema), Tool("Write", PaperTools.WriteSchema) },
        };
        List<ChatMessage> messages = [new SystemChatMessage("You walk trails."), new UserChatMessage(trail.Task)];
        for (var number = 0; ; number++)
        {
            var client = new ChatClient(modelOfReply(number), new ApiKeyCredential("client-key"), new OpenAIClientOptions { Endpoint = new Uri(baseUrl) });
            var reply = streaming ? await Streamed(client, messages, options) : await Whole(client, messages, options);
            if (reply.Calls.Count == 0)
            {
                Assert.Equal(ChatFinishReason.Stop, reply.Reason);
                return new Walk(reply.Text, tools.Written.GetValueOrDefault(trail.AnswerFile), reply.Usage!.InputTokenCount,
                    reply.Usage.InputTokenDetails?.CachedTokenCount ?? 0, reply.Usage.OutputTokenCount);
            }
            Assert.Equal(ChatFinishReason.ToolCalls, reply.Reason);
            messages.Add(reply.AsMessage());
            foreach (var call in reply.Calls)
            {
                using var arguments = JsonDocument.Parse(call.FunctionArguments);
                messages.Add(new ToolChatMessage(call.Id, tools.Use(call.FunctionName, arguments.RootElement)));
            }
        }
    }

    static async Task<Received> Whole(ChatClient client, List<ChatMessage> messages, ChatCompletionOptions options)
    {
        ChatCompletion completion = await client.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);
        var received = new Received { Text = string.Concat(completion.Content.Select(p => p.Text)), Reason = completion.FinishReason, Usage = completion.Usage };
        received.Calls.AddRange(completion.ToolCalls);
        foreach (var field in TextFields)
            if (completion.Patch.TryGetValue(Encoding.UTF8.GetBytes("$.choices[0].message." + field), out string? text) && text is not null)
                received.Thinking[field] = text;
        if (completion.Patch.TryGetJson("$.choices[0].message.reasoning_details"u8, out var details)) received.Add(details);
        return received;
    }

    static async Task<Received> Streamed(ChatClient client, List<ChatMessage> messages, ChatCompletionOptions options)
    {
        var received = new Received();
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, TestContext.Current.CancellationToken))
        {
            received.Text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            received.Reason = update.FinishReason ?? received.Reason;
            received.Usage = update.Usage ?? received.Usage;
            foreach (var piece in update.ToolCallUpdates)
            {
                if (!calls.TryGetValue(piece.Index, out var call)) calls[piece.Index] = call = (piece.ToolCallId, piece.FunctionName, new StringBuilder());
                call.Arguments.Append(piece.FunctionArgumentsUpdate);
            }
            foreach (var field in TextFields)
                if (update.Patch.TryGetValue(Encoding.UTF8.GetBytes("$.choices[0].delta." + field), out string? text) && text is not null)
                    received.Thinking[field] = received.Thinking.GetValueOrDefault(field) + text;
            if (update.Patch.TryGetJson("$.choices[0].delta.reasoning_details"u8, out var details)) received.Add(details);
        }
        received.Calls.AddRange(calls.Values.Select(c => ChatToolCall.CreateFunctionToolCall(c.Id, c.Name, BinaryData.FromString(c.Arguments.ToString()))));
        return received;
    }

    static ChatTool Tool(string name, string schema) => ChatTool.CreateFunctionTool(name, name + " a file", BinaryData.FromString(schema));

    /// <summary>One reply, gathered.</summary>
    sealed class Received
    {
        readonly List<string> _details = [];

        public string Text { get; set; } = "";
        public ChatFinishReason? Reason { get; set; }
        public ChatTokenUsage? Usage { get; set; }
        public List<ChatToolCall> Calls { get; } = [];
        public Dictionary<string, string> Thinking { get; } = [];

        public void Add(ReadOnlyMemory<byte> details)
        {
            using var array = JsonDocument.Parse(details);
            if (array.RootElement.ValueKind == JsonValueKind.Array) _details.AddRange(array.RootElement.EnumerateArray().Select(d => d.GetRawText()));
        }

        public AssistantChatMessage AsMessage()
        {
            var message = new AssistantChatMessage(Calls);
            foreach (var (field, text) in Thinking) message.Patch.Set(Encoding.UTF8.GetBytes("$." + field), text);
            if (_details.Count > 0) message.Patch.Set("$.reasoning_details"u8, BinaryData.FromString($"[{string.Join(',', _details)}]"));
            return message;
        }
    }
}
