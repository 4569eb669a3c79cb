// The fields by which vendors let thinking be steered, in both directions; it refuses to know which model takes which.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// <c>reasoning_effort</c> (OpenAI, Moonshot, DeepSeek), <c>reasoning</c> (OpenRouter), <c>thinking</c> (Moonshot, Z.ai, DeepSeek) and
/// <c>chat_template_kwargs</c> (vLLM, SGLang).
/// </summary>
static class ThinkingFields
{
    public static ThinkingControl Read(JsonElement root)
    {
        ThinkingControl control = new();
        if (Json.OptionalString(root, "reasoning_effort") is { } effort) control = With(control, effort);
        if (Json.OptionalObject(root, "reasoning") is { } reasoning) control = Json.Within(reasoning, "reasoning", value => Reasoning(value, control));
        if (Json.OptionalObject(root, "thinking") is { } thinking) control = Json.Within(thinking, "thinking", value => Thinking(value, control));
        return control;
    }

    // Who names an effort asks for thinking, and models of other formats must be told so; "none" is how OpenAI and OpenRouter spell "do not think".
    static ThinkingControl With(ThinkingControl control, string effort) =>
        effort == Chat.Effort.None.Name ? control with { Mode = ThinkingMode.Off, Effort = Chat.Effort.None }
        : control with { Mode = control.Mode == ThinkingMode.Unset ? ThinkingMode.On : control.Mode, Effort = new(effort) };

    static ThinkingControl Reasoning(JsonElement value, ThinkingControl control)
    {
        if (Json.OptionalBool(value, "enabled") is { } enabled) control = control with { Mode = enabled ? ThinkingMode.On : ThinkingMode.Off };
        if (Json.OptionalInt(value, "max_tokens") is { } budget) control = control with { Mode = ThinkingMode.On, Budget = budget };
        if (Json.OptionalString(value, "effort") is { } effort) control = With(control, effort);
        return control with { Extra = Joined(control.Extra, Json.Rest(value, WireFormat.OpenAI, ["enabled", "max_tokens", "effort"])) };
    }

    static ThinkingControl Thinking(JsonElement value, ThinkingControl control)
    {
        List<string> known = ["type", "budget_tokens", "effort"];
        ThinkingMode? mode = Json.OptionalString(value, "type") switch
        {
            null => control.Mode,
            "enabled" => ThinkingMode.On,
            "disabled" => ThinkingMode.Off,
            "adaptive" or "auto" => ThinkingMode.Adaptive,
            _ => null,
        };
        if (mode is null) known.Remove("type");
        control = control with { Mode = mode ?? control.Mode, Budget = Json.OptionalInt(value, "budget_tokens") ?? control.Budget };
        if (Json.OptionalString(value, "effort") is { } effort) control = With(control, effort);
        if (Json.OptionalString(value, "keep") is var keep && keep is null or "all")
        {
            known.Add("keep");
            control = control with { KeepAll = control.KeepAll || keep is not null };
        }
        if (Json.OptionalBool(value, "clear_thinking") is { } clear) control = control with { KeepAll = control.KeepAll || !clear };
        known.Add("clear_thinking");
        return control with { Extra = Joined(control.Extra, Json.Rest(value, WireFormat.OpenAI, [.. known])) };
    }

    static Extra? Joined(Extra? first, Extra? second) =>
        first is null ? second : second is null ? first : first with { Fields = [.. first.Fields, .. second.Fields] };

    /// <summary>Writes what <paramref name="card"/>'s dialect calls these wishes. They were reduced to what the model takes before.</summary>
    public static void Write(Utf8JsonWriter writer, ChatRequest request, ModelCard card)
    {
        ThinkingControl control = request.Thinking;
        switch (card.Dialect)
        {
            case Dialect.Kimi: Kimi(writer, control, card); break;
            case Dialect.Glm: Glm(writer, control, card); break;
            case Dialect.DeepSeek: DeepSeek(writer, control, card); break;
            case Dialect.OpenRouter: OpenRouter(writer, control); break;
            case Dialect.SelfHosted: SelfHosted(writer, control, card, request.Extra?["chat_template_kwargs"]); break;
            default: Effort(writer, control); break;
        }
    }

    static void Effort(Utf8JsonWriter writer, ThinkingControl control)
    {
        if (control.Effort is { } effort) writer.WriteString("reasoning_effort"u8, effort.Name);
    }

    static string Type(ThinkingControl control) => control.Mode == ThinkingMode.Off ? "disabled" : "enabled";

    static void Kimi(Utf8JsonWriter writer, ThinkingControl control, ModelCard card)
    {
        bool off = control.Mode == ThinkingMode.Off;
        bool said = control.Mode != ThinkingMode.Unset && card.Thinking == ThinkingSupport.Switchable;
        bool keep = control.KeepAll && !off && card.Thinking != ThinkingSupport.None;
        // An object always: Moonshot refuses a boolean. A model that always thinks takes no type but "enabled".
        if (said || keep)
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, card.Thinking == ThinkingSupport.Switchable ? Type(control) : "enabled");
            if (keep) writer.WriteString("keep"u8, "all"u8);
            writer.WriteEndObject();
        }
        if (!card.Efforts.IsEmpty) Effort(writer, control);
    }

    static void Glm(Utf8JsonWriter writer, ThinkingControl control, ModelCard card)
    {
        if (card.Thinking == ThinkingSupport.None) return;
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, Type(control));
        // Else Z.ai drops the reasoning of earlier turns, which is sent back for this very purpose.
        if (control.Mode != ThinkingMode.Off) writer.WriteBoolean("clear_thinking"u8, false);
        writer.WriteEndObject();
        if (!card.Efforts.IsEmpty) Effort(writer, control);
    }

    static void DeepSeek(Utf8JsonWriter writer, ThinkingControl control, ModelCard card)
    {
        if (control.Mode != ThinkingMode.Unset && card.Thinking == ThinkingSupport.Switchable)
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, Type(control));
            writer.WriteEndObject();
        }
        if (!card.Efforts.IsEmpty) Effort(writer, control);
    }

    static void OpenRouter(Utf8JsonWriter writer, ThinkingControl control)
    {
        // The others were fields of another vendor's object, which OpenRouter refuses in its own.
        Field[] extra = [.. control.Extra?.Fields.Where(field => field.Name is "exclude" or "summary") ?? []];
        if (control.Mode == ThinkingMode.Unset && control.Effort is null && extra.Length == 0) return;
        writer.WriteStartObject("reasoning"u8);
        // OpenRouter takes one of the three.
        if (control.Budget is { } budget) writer.WriteNumber("max_tokens"u8, budget);
        else if (control.Effort is { } effort) writer.WriteString("effort"u8, effort.Name);
        else if (control.Mode != ThinkingMode.Unset) writer.WriteBoolean("enabled"u8, control.Mode != ThinkingMode.Off);
        Fields.Write(writer, new(WireFormat.OpenAI, [.. extra]));
        writer.WriteEndObject();
    }

    static void SelfHosted(Utf8JsonWriter writer, ThinkingControl control, ModelCard card, RawJson? own)
    {
        Effort(writer, control);
        if (control.Budget is { } budget && card.Thinking == ThinkingSupport.Budget) writer.WriteNumber("thinking_token_budget"u8, budget);
        // Templates do not agree on the names, and ignore those that they do not know. What the client itself wrote wins.
        using JsonDocument? given = own?.Parse();
        if (given is { RootElement.ValueKind: not JsonValueKind.Object }) return;
        (string Name, JsonElement Value)[] members = given is null ? [] : [.. Fields.Members(given.RootElement)];
        List<(string Name, bool Value)> switches = [];
        if (control.Mode != ThinkingMode.Unset)
            switches.AddRange([("thinking", control.Mode != ThinkingMode.Off), ("enable_thinking", control.Mode != ThinkingMode.Off)]);
        if (control.KeepAll) switches.AddRange([("preserve_thinking", true), ("clear_thinking", false)]);
        if (switches.Count == 0 && given is null) return;
        writer.WriteStartObject("chat_template_kwargs"u8);
        foreach ((string name, bool value) in switches)
            if (!Array.Exists(members, member => member.Name == name)) writer.WriteBoolean(name, value);
        foreach ((string name, JsonElement value) in members)
        {
            writer.WritePropertyName(name);
            RawJson.Of(value).WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
