// What Claude refuses of a request's headers, fields and tools. It does not look into the history.

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baltoro.ScriptedUpstream.Vendors.Messages;

static partial class ClaudeRules
{
    const int MostCacheMarks = 4;

    static readonly HashSet<string> KnownFields =
    [
        "billing_policy", "cache_control", "compaction", "container", "context_management", "diagnostics", "fallback_credit_token",
        "fallbacks", "inference_geo", "max_tokens", "mcp_servers", "messages", "metadata", "model", "output_config", "output_format",
        "service_tier", "speed", "stop_sequences", "stream", "system", "temperature", "thinking", "thread", "tool_choice", "tools",
        "top_k", "top_p",
    ];

    static readonly HashSet<string> KnownToolFields =
    [
        "name", "description", "input_schema", "cache_control", "type", "defer_loading", "allowed_callers", "input_examples", "strict",
        "eager_input_streaming",
    ];

    public static IEnumerable<Finding> Headers(RecordedRequest request)
    {
        // Claude Code 2.1.330 sends 2023-06-01, the C# package 13.12 sends 2026-10-21.
        if (!DateOnly.TryParseExact(request.Header("anthropic-version"), "yyyy-MM-dd", out _))
            yield return new Finding.Refused("anthropic-version: header is required");
        if (request.Header("x-api-key") is null && request.Header("authorization") is null)
            yield return new Finding.Refused("x-api-key header is required", 401);
    }

    public static IEnumerable<Finding> Fields(RecordedRequest request, JsonElement body)
    {
        foreach (var name in body.Names().Where(n => !KnownFields.Contains(n))) yield return Extra(name);
        if (body.Text("model") is null) yield return new Finding.Refused("model: Field required");
        if (body.Member("max_tokens") is null) yield return new Finding.Refused("max_tokens: Field required");
        else if (body.Number("max_tokens") is not (> 0 and <= 128_000))
            yield return new Finding.Refused($"max_tokens: {body.Member("max_tokens")} > 128000, which is the maximum allowed number of output tokens for {body.Text("model")}");
        if (body.Member("context_management") is not null && !Beta(request, "context-management-2025-06-27")) yield return Extra("context_management");
        if (body.Items("tools").Any(t => t.Member("defer_loading") is not null) && !Beta(request, "advanced-tool-use-2025-11-20"))
            yield return Extra("tools.0.custom.defer_loading");
    }

    public static IEnumerable<Finding> Thinking(JsonElement body)
    {
        var thinking = body.Member("thinking");
        var kind = thinking?.Text("type");
        if (thinking is not null && kind is not ("adaptive" or "enabled" or "disabled"))
            yield return new Finding.Refused($"thinking: Input tag '{kind}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'");
        if (kind == "enabled" && thinking?.Number("budget_tokens") is not { } budget)
            yield return new Finding.Refused("thinking.enabled.budget_tokens: Field required");
        else if (kind == "enabled" && thinking?.Number("budget_tokens") is < 1024)
            yield return new Finding.Refused("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
        else if (kind == "enabled" && thinking?.Number("budget_tokens") >= body.Number("max_tokens"))
            yield return new Finding.Refused("`max_tokens` must be greater than `thinking.budget_tokens`.");
        var on = kind is "adaptive" or "enabled";
        if (on && body.Member("temperature") is { } t && Math.Abs(t.GetDouble() - 1) > 1e-9)
            yield return new Finding.Refused("`temperature` may only be set to 1 when thinking is enabled.");
        if (on && body.Member("tool_choice")?.Text("type") is "any" or "tool")
            yield return new Finding.Refused("Thinking may not be enabled when tool_choice forces tool use.");
        var clears = body.Member("context_management")?.Items("edits").Any(e => e.Text("type") == "clear_thinking_20251015") == true;
        if (clears && !on)
            yield return new Finding.Refused("`clear_thinking_20251015` strategy requires `thinking` to be enabled or adaptive");
    }

    public static IEnumerable<Finding> Tools(JsonElement body)
    {
        var names = new HashSet<string>();
        foreach (var (i, tool) in body.Items("tools").Index())
        {
            if (tool.Text("type") is { } type && type != "custom") continue;
            if (!ToolName.IsMatch(tool.Text("name") ?? ""))
                yield return new Finding.Refused($"tools.{i}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
            if (!names.Add(tool.Text("name") ?? "")) yield return new Finding.Refused("tools: Tool names must be unique.");
            if (tool.Member("input_schema") is not { } schema) yield return new Finding.Refused($"tools.{i}.custom.input_schema: Field required");
            else if (schema.Text("type") != "object") yield return new Finding.Refused($"tools.{i}.custom.input_schema.type: Input should be 'object'");
            foreach (var name in tool.Names().Where(n => !KnownToolFields.Contains(n))) yield return Extra($"tools.{i}.custom.{name}");
        }
    }

    public static IEnumerable<Finding> CacheControl(JsonElement body)
    {
        var marked = Marked(body).ToList();
        if (marked.Count > MostCacheMarks)
            yield return new Finding.Refused($"A maximum of {MostCacheMarks} blocks with cache_control may be provided. Found {marked.Count}.");
        foreach (var mark in marked.Select(b => b.Member("cache_control")!.Value))
        {
            if (mark.Text("type") != "ephemeral") yield return new Finding.Refused("cache_control.type: Input should be 'ephemeral'");
            foreach (var name in mark.Names().Where(n => n is not ("type" or "ttl" or "scope"))) yield return Extra($"cache_control.ephemeral.{name}");
        }
    }

    public static Finding.Refused Extra(string path) => new($"{path}: Extra inputs are not permitted");

    static IEnumerable<JsonElement> Marked(JsonElement body) =>
        body.Items("system").Concat(body.Items("tools")).Concat(body.Items("messages").SelectMany(m => m.Items("content")))
            .SelectMany(b => b.Items("content").Prepend(b)).Where(b => b.Member("cache_control") is not null);

    static bool Beta(RecordedRequest request, string name) =>
        request.Header("anthropic-beta")?.Split(',', StringSplitOptions.TrimEntries).Contains(name) == true;

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$")]
    static partial Regex ToolName { get; }
}
