// The to-do list as the model last wrote it, read off its own call; it refuses to know the tool that answered.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Context;

/// <param name="Status"><c>pending</c>, <c>in_progress</c> or <c>completed</c>.</param>
public sealed record Todo(string Content, string Status)
{
    /// <summary>The tool whose calls carry the list.</summary>
    public const string Tool = "TodoWrite";

    public bool IsOpen => Status != "completed";

    /// <returns>Null when the arguments hold no list.</returns>
    public static Sequence<Todo>? Read(string arguments)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("todos", out JsonElement list)
                || list.ValueKind != JsonValueKind.Array) return null;
            return list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
                .Select(item => new Todo(Text(item, "content"), Text(item, "status"))).ToSequence();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
