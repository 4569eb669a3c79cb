// The turns of a fitted request as messages; it refuses to know why the turns are as they are.

using System.Text.Json;

namespace Baltoro.Chat.OpenAI;

static class MessageWriter
{
    /// <summary>True when the last turn is a beginning that the model is to continue.</summary>
    public static bool Continues(ChatRequest request) =>
        request.Turns is [.., Turn.Assistant last] && !last.Blocks.Any(block => block is Block.ToolCall);

    /// <summary>Opens the array and writes what stands in front of the turns.</summary>
    public static void Begin(Utf8JsonWriter writer, ChatRequest request, ModelCard card)
    {
        writer.WriteStartArray("messages"u8);
        if (!request.System.IsEmpty) Plain(writer, "system", request.System, null, card);
    }

    /// <summary>Writes the messages of one turn into the array.</summary>
    public static void Write(Utf8JsonWriter writer, Turn turn, ModelCard card, bool continues)
    {
        switch (turn)
        {
            case Turn.System system: Plain(writer, "system", system.Blocks, system.Extra, card); break;
            case Turn.User user: User(writer, user, card); break;
            case Turn.Assistant assistant: Assistant(writer, assistant, card, continues); break;
            default: throw new InvalidOperationException($"Unknown turn {turn.GetType().Name}.");
        }
    }

    static void Plain(Utf8JsonWriter writer, string role, IReadOnlyList<Block> blocks, Extra? extra, ModelCard card)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        Parts.Write(writer, blocks, card);
        if (Fields.GoThrough(card)) Fields.Write(writer, extra);
        writer.WriteEndObject();
    }

    /// <summary>Results first, each a message of its own: they must follow the calls at once. The user's words come after them.</summary>
    static void User(Utf8JsonWriter writer, Turn.User turn, ModelCard card)
    {
        List<Block> words = [];
        foreach (Block block in turn.Blocks)
        {
            if (block is not Block.ToolResult result)
            {
                words.Add(block);
                continue;
            }
            writer.WriteStartObject();
            writer.WriteString("role"u8, "tool"u8);
            writer.WriteString("tool_call_id"u8, result.CallId);
            writer.WriteString("content"u8, Parts.Joined(result.Content, "\n"));
            if (Fields.GoThrough(card)) Fields.Write(writer, result.Extra);
            writer.WriteEndObject();
        }
        if (words.Count > 0 || turn.Blocks.IsEmpty) Plain(writer, "user", words, turn.Extra, card);
    }

    static void Assistant(Utf8JsonWriter writer, Turn.Assistant turn, ModelCard card, bool continues)
    {
        bool calls = turn.Blocks.Any(block => IsCall(block, card));
        writer.WriteStartObject();
        writer.WriteString("role"u8, "assistant"u8);
        Thinking(writer, turn.Blocks, card);
        string text = Words(turn.Blocks);
        // Moonshot takes an empty text for a mistake, and no content beside calls for what it is.
        if (text.Length > 0 || !calls) writer.WriteString("content"u8, text);
        else if (card.Dialect != Dialect.Kimi) writer.WriteNull("content"u8);
        if (calls) Calls(writer, turn.Blocks, card);
        if (continues && card.Dialect == Dialect.Kimi) writer.WriteBoolean("partial"u8, true);
        if (Fields.GoThrough(card)) Fields.Write(writer, turn.Extra);
        writer.WriteEndObject();
    }

    static void Thinking(Utf8JsonWriter writer, Sequence<Block> blocks, ModelCard card)
    {
        switch (card.Dialect)
        {
            // On every message, empty where there was none: its absence is refused, its emptiness is not.
            case Dialect.Kimi or Dialect.Glm or Dialect.DeepSeek or Dialect.SelfHosted:
                writer.WriteString("reasoning_content"u8, string.Concat(blocks.OfType<Block.Thinking>().Select(block => block.Content)));
                break;
            case Dialect.OpenRouter: OpenRouter(writer, [.. blocks.OfType<Block.Thinking>()]); break;
            default: break;
        }
    }

    static void OpenRouter(Utf8JsonWriter writer, Block.Thinking[] blocks)
    {
        // The details say all that the text says, so the text goes along only for blocks that have none.
        if (blocks.Any(block => block.Seal?.Details is null))
            writer.WriteString("reasoning"u8, string.Concat(blocks.Select(block => block.Content)));
        if (blocks.All(block => block.Seal?.Details is null)) return;
        writer.WriteStartArray("reasoning_details"u8);
        // The details must be those of one reply. Its entries count up; where they begin again, the turn went on in a reply of its own.
        int first = Array.FindLastIndex(blocks, block => block.Seal?.Details is { } details && ReasoningDetails.IsFirst(details));
        foreach (Block.Thinking block in blocks[Math.Max(first, 0)..])
            if (block.Seal?.Details is { } details) ReasoningDetails.WriteItems(writer, details, block.Content);
        writer.WriteEndArray();
    }

    /// <summary>The texts of one turn were one text on the wire, or texts around a call. Two that would run into each other are kept apart.</summary>
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

    static bool IsCall(Block block, ModelCard card) =>
        block is Block.ToolCall || block is Block.Opaque { Format: WireFormat.OpenAI, Kind: "custom" } && Fields.GoThrough(card);

    static void Calls(Utf8JsonWriter writer, Sequence<Block> blocks, ModelCard card)
    {
        writer.WriteStartArray("tool_calls"u8);
        foreach (Block block in blocks)
        {
            if (!IsCall(block, card)) continue;
            if (block is not Block.ToolCall call)
            {
                ((Block.Opaque)block).Json.WriteTo(writer);
                continue;
            }
            writer.WriteStartObject();
            writer.WriteString("id"u8, call.Id);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, call.Name);
            writer.WriteString("arguments"u8, call.Arguments);
            writer.WriteEndObject();
            if (Fields.GoThrough(card)) Fields.Write(writer, call.Extra);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
