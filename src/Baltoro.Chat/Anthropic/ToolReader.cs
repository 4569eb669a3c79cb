// The tools of a Messages request and the choice among them; it refuses to know what any tool does.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>. A tool with a type of its own is the vendor's and is kept whole.</summary>
static class ToolReader
{
    static readonly RawJson NoParameters = RawJson.Of("""{"type":"object","properties":{}}""");

    public static ToolSpec Read(JsonElement value)
    {
        JsonElement tool = Json.Object(value);
        RawJson? marker = Json.OptionalRaw(tool, "cache_control");
        // `type` stays among the unknown fields, so that a client's explicit "custom" goes back as it came.
        return Json.OptionalString(tool, "type") is { } kind and not "custom"
            ? new ToolSpec.Hosted(WireFormat.Anthropic, kind, Json.OptionalString(tool, "name") ?? "", RawJson.Of(tool)) { CacheControl = marker }
            : new ToolSpec.Function(
                Json.String(tool, "name"),
                Json.OptionalString(tool, "description"),
                Json.OptionalObject(tool, "input_schema") is { } schema ? RawJson.Of(schema) : NoParameters)
            {
                Deferred = Json.OptionalBool(tool, "defer_loading") ?? false,
                Strict = Json.OptionalBool(tool, "strict"),
                Examples = Json.Items(tool, "input_examples", RawJson.Of),
                CacheControl = marker,
                Extra = Json.Rest(tool, WireFormat.Anthropic,
                    ["name", "description", "input_schema", "defer_loading", "strict", "input_examples", "cache_control"]),
            };
    }

    /// <summary>Null for a choice that this product has no word for.</summary>
    public static ToolChoice? Choice(JsonElement value)
    {
        JsonElement choice = Json.Object(value);
        bool oneAtATime = Json.OptionalBool(choice, "disable_parallel_tool_use") ?? false;
        return Json.String(choice, "type") switch
        {
            "auto" => new ToolChoice.Auto { OneAtATime = oneAtATime },
            "any" => new ToolChoice.Required { OneAtATime = oneAtATime },
            "tool" => new ToolChoice.Named(Json.String(choice, "name")) { OneAtATime = oneAtATime },
            "none" => new ToolChoice.None { OneAtATime = oneAtATime },
            _ => null,
        };
    }
}
