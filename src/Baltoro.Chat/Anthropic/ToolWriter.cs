// Tools and the choice among them in a Messages request; it refuses to know which of them the model should see.

using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

static class ToolWriter
{
    /// <param name="unknownFields">True for Anthropic itself; others get name, description and schema.</param>
    public static void Write(Utf8JsonWriter json, ToolSpec tool, bool unknownFields)
    {
        switch (tool)
        {
            case ToolSpec.Hosted hosted:
                BlockWriter.WriteWhole(json, hosted.Format, hosted.Json, hosted.CacheControl);
                break;
            case ToolSpec.Function function:
                json.WriteStartObject();
                json.WriteString("name"u8, function.Name);
                if (function.Description is not null) json.WriteString("description"u8, function.Description);
                json.WritePropertyName("input_schema"u8);
                function.Schema.WriteTo(json);
                if (unknownFields) WriteBetas(json, function);
                if (function.CacheControl is { } marker)
                {
                    json.WritePropertyName("cache_control"u8);
                    marker.WriteTo(json);
                }
                if (unknownFields) RawMembers.Write(json, function.Extra);
                json.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"Unknown tool {tool.GetType().Name}.");
        }
    }

    static void WriteBetas(Utf8JsonWriter json, ToolSpec.Function function)
    {
        if (function.Strict is { } strict) json.WriteBoolean("strict"u8, strict);
        if (function.Deferred) json.WriteBoolean("defer_loading"u8, true);
        if (function.Examples.IsEmpty) return;
        json.WriteStartArray("input_examples"u8);
        foreach (RawJson example in function.Examples) example.WriteTo(json);
        json.WriteEndArray();
    }

    public static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, choice switch
        {
            ToolChoice.Auto => "auto"u8,
            ToolChoice.Required => "any"u8,
            ToolChoice.Named => "tool"u8,
            ToolChoice.None => "none"u8,
            _ => throw new InvalidOperationException($"Unknown tool choice {choice.GetType().Name}."),
        });
        if (choice is ToolChoice.Named named) json.WriteString("name"u8, named.Name);
        if (choice.OneAtATime && choice is not ToolChoice.None) json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }
}
