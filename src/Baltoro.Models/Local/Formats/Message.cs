// A conversation as templates see it: one message after another, each of one role. Knows no template.

using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>One message.</summary>
public abstract record Message
{
    private Message() { }

    public sealed record System(string Text) : Message;

    public sealed record User(string Text) : Message;

    /// <param name="IsOpen">True for the last one when the model is to go on with it.</param>
    public sealed record Assistant(string Thinking, string Text, Sequence<Block.ToolCall> Calls, bool IsOpen) : Message;

    /// <param name="Tool">The name of the tool that was called; empty when no call has this id.</param>
    public sealed record Result(string CallId, string Tool, string Text) : Message;

    /// <summary>The messages of a request: what stands in front of all turns first, results before the words of their turn.</summary>
    public static IReadOnlyList<Message> Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<Message> messages = [];
        Dictionary<string, string> tools = new(StringComparer.Ordinal);
        if (!request.System.IsEmpty) messages.Add(new System(Words(request.System)));
        for (int i = 0; i < request.Turns.Count; i++)
        {
            switch (request.Turns[i])
            {
                case Turn.System system:
                    messages.Add(new System(Words(system.Blocks)));
                    break;
                case Turn.Assistant assistant:
                    Sequence<Block.ToolCall> calls = assistant.Blocks.OfType<Block.ToolCall>().ToSequence();
                    foreach (Block.ToolCall call in calls) tools[call.Id] = call.Name;
                    string thinking = string.Concat(assistant.Blocks.OfType<Block.Thinking>().Select(block => block.Content));
                    messages.Add(new Assistant(thinking, Words(assistant.Blocks), calls, i == request.Turns.Count - 1 && calls.IsEmpty));
                    break;
                case Turn.User user:
                    foreach (Block.ToolResult result in user.Blocks.OfType<Block.ToolResult>())
                        messages.Add(new Result(result.CallId, tools.GetValueOrDefault(result.CallId, ""), Words(result.Content)));
                    if (user.Blocks.IsEmpty || user.Blocks.Any(block => block is not Block.ToolResult)) messages.Add(new User(Words(user.Blocks)));
                    break;
                case Turn unknown:
                    throw new InvalidOperationException($"Unknown turn {unknown.GetType().Name}.");
            }
        }
        return messages;
    }

    /// <summary>Whether a conversation that the model is to go on with stops inside of thinking; null when it ends with somebody else's words or a call.</summary>
    internal static bool? ThinksAtEnd(ChatRequest request) =>
        request.Turns is [.., Turn.Assistant { Blocks: var blocks }] && !blocks.Any(block => block is Block.ToolCall)
            ? blocks.Any(block => block is Block.Thinking { Content.Length: > 0 }) && !blocks.Any(block => block is Block.Text { Content.Length: > 0 })
            : null;

    /// <summary>The texts of a message; two that would run into each other are kept apart.</summary>
    static string Words(Sequence<Block> blocks)
    {
        string words = "";
        foreach (Block.Text text in blocks.OfType<Block.Text>())
        {
            bool apart = words.Length > 0 && text.Content.Length > 0 && !char.IsWhiteSpace(words[^1]) && !char.IsWhiteSpace(text.Content[0]);
            words += (apart ? "\n\n" : "") + text.Content;
        }
        return words;
    }
}
