// The declarations of tools in both directions; it refuses to know who may call them.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

static class Tools
{
    static readonly RawJson NoArguments = RawJson.Of("""{"type":"object","properties":{}}""");

    /// <summary><c>tools</c>, and <c>functions</c> as they were called before 2023-11.</summary>
    public static Sequence<ToolSpec> Read(JsonElement root) =>
        [.. Json.Items(root, "tools", One), .. Json.Items(root, "functions", each => Function(Json.Object(each), null))];

    static ToolSpec One(JsonElement tool)
    {
        string kind = Json.OptionalString(Json.Object(tool), "type") ?? "function";
        if (kind != "function")
        {
            string? name = Json.OptionalString(tool, "name")
                ?? (Json.Optional(tool, kind) is { ValueKind: JsonValueKind.Object } own ? Json.OptionalString(own, "name") : null)
                ?? (Json.Optional(tool, "function") is { ValueKind: JsonValueKind.Object } function ? Json.OptionalString(function, "name") : null);
            return new ToolSpec.Hosted(WireFormat.OpenAI, kind, name ?? kind, RawJson.Of(tool));
        }
        JsonElement declaration = Json.OptionalObject(tool, "function") ?? throw new UnreadableException("function", "Field required");
        Extra? extra = Fields.Rest(tool, ["type", "cache_control"], "function", ["name", "description", "parameters", "strict"]);
        return Json.Within(declaration, "function", each => Function(each, extra)) with { CacheControl = Json.OptionalRaw(tool, "cache_control") };
    }

    static ToolSpec.Function Function(JsonElement declaration, Extra? extra) =>
        new(Json.String(declaration, "name"), Json.OptionalString(declaration, "description"),
            Json.OptionalObject(declaration, "parameters") is { } schema ? RawJson.Of(schema) : NoArguments)
        {
            Strict = Json.OptionalBool(declaration, "strict"),
            Extra = extra,
        };

    public static void Write(Utf8JsonWriter writer, ChatRequest request, ModelCard card)
    {
        // A choice without tools is refused, and so is an empty list.
        ToolSpec[] tools = [.. request.Tools.Where(tool => IsWritten(tool, card))];
        if (tools.Length == 0) return;
        if (request.ToolChoice is { } choice) Write(writer, choice, card);
        writer.WriteStartArray("tools"u8);
        foreach (ToolSpec tool in tools) Write(writer, tool, card);
        writer.WriteEndArray();
    }

    static bool IsWritten(ToolSpec tool, ModelCard card) => tool switch
    {
        ToolSpec.Function => true,
        ToolSpec.Hosted { Format: WireFormat.OpenAI } hosted => Fields.GoThrough(card) || (card.Dialect, hosted.Kind) is (Dialect.Kimi, "builtin_function") or (Dialect.Glm, "web_search"),
        _ => false,
    };

    static void Write(Utf8JsonWriter writer, ToolChoice choice, ModelCard card)
    {
        if (choice is ToolChoice.Named named)
        {
            writer.WriteStartObject("tool_choice"u8);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, named.Name);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("tool_choice"u8, choice switch
            {
                ToolChoice.Auto => "auto",
                ToolChoice.None => "none",
                ToolChoice.Required => "required",
                _ => throw new InvalidOperationException($"Unknown tool choice {choice.GetType().Name}."),
            });
        }
        if (choice.OneAtATime && Fields.GoThrough(card)) writer.WriteBoolean("parallel_tool_calls"u8, false);
    }

    static void Write(Utf8JsonWriter writer, ToolSpec tool, ModelCard card)
    {
        if (tool is ToolSpec.Hosted hosted)
        {
            hosted.Json.WriteTo(writer);
            return;
        }
        ToolSpec.Function function = (ToolSpec.Function)tool;
        bool through = Fields.GoThrough(card);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, function.Name);
        if (function.Description is { } description) writer.WriteString("description"u8, description);
        writer.WritePropertyName("parameters"u8);
        function.Schema.WriteTo(writer);
        // Moonshot refuses it, Z.ai does not know it, DeepSeek has it on an endpoint of its own.
        if (through && function.Strict is { } strict) writer.WriteBoolean("strict"u8, strict);
        if (through) Fields.WriteInner(writer, function.Extra, "function");
        writer.WriteEndObject();
        if (through && card.CacheControl != CacheControlSupport.None && function.CacheControl is { } marker)
        {
            writer.WritePropertyName("cache_control"u8);
            marker.WriteTo(writer);
        }
        if (through) Fields.Write(writer, function.Extra, "function");
        writer.WriteEndObject();
    }
}
