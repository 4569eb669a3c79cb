// The rules that every Chat Completions vendor holds its clients to. It knows no dialect.

using System.Text.Json;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

static class ChatRules
{
    const int MostTools = 128;

    public static IEnumerable<Finding> Key(RecordedRequest request)
    {
        if (request.Header("Authorization") is not { } key || !key.StartsWith("Bearer ", StringComparison.Ordinal) || key.Length < 8)
            yield return new Finding.Refused("Invalid Authentication", 401);
    }

    public static IEnumerable<Finding> Fields(JsonElement body, IReadOnlySet<string> known)
    {
        if (body.Text("model") is null) yield return new Finding.Refused("Invalid request: model is required");
        if (!body.Items("messages").Any()) yield return new Finding.Refused("Invalid request: messages must not be empty");
        foreach (var name in body.Names().Where(n => !known.Contains(n)))
            yield return new Finding.Refused($"Unrecognized request argument supplied: {name}");
    }

    public static IEnumerable<Finding> Roles(IReadOnlyList<JsonElement> messages, IReadOnlySet<string> known) =>
        from message in messages.Index()
        let role = message.Item.Text("role") ?? ""
        where !known.Contains(role)
        select new Finding.Refused($"Failed to deserialize the JSON body into the target type: messages[{message.Index}].role: " +
            $"unknown variant `{role}`, expected one of {string.Join(", ", known.Select(r => $"`{r}`"))}");

    public static IEnumerable<Finding> Limits(JsonElement body, int outputLimit)
    {
        foreach (var name in (string[])["max_tokens", "max_completion_tokens"])
            if (body.Member(name) is not null && !(body.Number(name) is > 0 and var asked && asked <= outputLimit))
                yield return new Finding.Refused($"Invalid {name} value, the valid range of {name} is [1, {outputLimit}]");
        if (body.Member("max_tokens") is not null && body.Member("max_completion_tokens") is not null)
            yield return new Finding.Refused("Invalid request: max_tokens and max_completion_tokens cannot both be set");
    }

    /// <summary>The results of an assistant's calls follow it at once, all of them and nothing else between.</summary>
    public static IEnumerable<Finding> Pairs(IReadOnlyList<JsonElement> messages)
    {
        var open = new List<string>();
        foreach (var (i, message) in messages.Index())
        {
            if (message.Text("role") == "tool")
            {
                if (!open.Remove(message.Text("tool_call_id") ?? ""))
                    yield return new Finding.Refused($"Invalid request: messages[{i}]: tool_call_id {message.Text("tool_call_id")} is not found");
                continue;
            }
            foreach (var refusal in Unanswered(open)) yield return refusal;
            open = [.. message.Items("tool_calls").Select(c => c.Text("id") ?? "")];
            if (open.Distinct().Count() != open.Count)
                yield return new Finding.Refused($"Invalid request: messages[{i}]: tool_call ids must be unique");
        }
        foreach (var refusal in Unanswered(open)) yield return refusal;
    }

    static IEnumerable<Finding> Unanswered(List<string> open)
    {
        if (open.Count > 0)
            yield return new Finding.Refused("Invalid request: an assistant message with 'tool_calls' must be followed by tool messages " +
                $"responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", open)}");
    }

    public static IEnumerable<Finding> Texts(IReadOnlyList<JsonElement> messages)
    {
        foreach (var (i, message) in messages.Index())
        {
            foreach (var part in message.Items("content"))
            {
                if (part.Text("type") == "text" && string.IsNullOrEmpty(part.Text("text")))
                    yield return new Finding.Refused("Invalid request: text content is empty");
                if (part.Text("type") is not ("text" or "image_url"))
                    yield return new Finding.Refused($"Invalid request: messages[{i}].content: unknown part type {part.Text("type")}");
                if (part.Member("cache_control") is not null)
                    yield return new Finding.Refused($"Unrecognized request argument supplied: messages[{i}].content[].cache_control");
            }
            if (message.Text("role") == "tool" && message.Member("content") is not { ValueKind: JsonValueKind.String or JsonValueKind.Array })
                yield return new Finding.Refused($"Invalid request: messages[{i}]: a tool message needs content");
            if (message.Text("role") is "user" or "assistant" && message.ContentText().Length == 0
                && !message.Items("tool_calls").Any() && !message.Items("content").Any() && !message.IsTrue("partial"))
                yield return new Finding.Refused($"Invalid request: the message at position {i} with role '{message.Text("role")}' must not be empty");
        }
    }

    // It differs from run to run and stands before everything else: with it no prefix cache ever hits.
    public static IEnumerable<Finding> Billing(IReadOnlyList<JsonElement> messages)
    {
        if (messages.Any(m => m.Text("role") != "tool" && m.ContentText().Contains("x-anthropic-billing-header:", StringComparison.Ordinal)))
            yield return new Finding.Degraded("the prompt holds the billing header of another vendor's client");
    }

    /// <summary>Calls in the history are whole: a name, and arguments that are the text of a JSON object.</summary>
    public static IEnumerable<Finding> Arguments(IReadOnlyList<JsonElement> messages)
    {
        foreach (var (i, message) in messages.Index())
            foreach (var call in message.Items("tool_calls"))
            {
                if (string.IsNullOrEmpty(call.Text("id")) || call.Text("type") != "function" || call.Member("function")?.Text("name") is not { Length: > 0 })
                    yield return new Finding.Refused($"Invalid request: messages[{i}].tool_calls: id, type and function.name are required");
                if (!IsObject(call.Member("function")?.Text("arguments")))
                    yield return new Finding.Refused($"Invalid request: messages[{i}].tool_calls: function.arguments must be a JSON object in a string");
            }
    }

    public static IEnumerable<Finding> Tools(JsonElement body)
    {
        var tools = body.Items("tools").ToList();
        if (body.Member("tools") is not null && tools.Count == 0) yield return new Finding.Refused("Invalid request: tools is an empty list");
        if (tools.Count > MostTools) yield return new Finding.Refused($"Invalid request: at most {MostTools} tools are allowed, got {tools.Count}");
        var names = tools.Select(t => t.Member("function")?.Text("name")).ToList();
        if (names.Distinct().Count() != names.Count) yield return new Finding.Refused("Invalid request: function name is duplicated");
        foreach (var (i, tool) in tools.Index())
        {
            if (tool.Text("type") != "function" || names[i] is not { Length: > 0 and <= 64 } name || !char.IsAsciiLetter(name[0]))
                yield return new Finding.Refused($"Invalid request: tools[{i}]: type must be 'function' and its name must start with a letter");
            foreach (var extra in tool.Names().Where(n => n is not ("type" or "function")))
                yield return new Finding.Refused($"Unrecognized request argument supplied: tools[{i}].{extra}");
        }
    }

    static bool IsObject(string? json)
    {
        if (json is null) return false;
        try { return JsonDocument.Parse(json).RootElement.ValueKind == JsonValueKind.Object; }
        catch (JsonException) { return false; }
    }
}
