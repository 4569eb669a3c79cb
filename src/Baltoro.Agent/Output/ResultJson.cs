// The object in which a run's end is told, in the schema of Claude Code's headless mode; it refuses to know what else is told.

using System.Text.Encodings.Web;
using System.Text.Json;
using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Chat;

namespace Baltoro.Agent.Output;

/// <summary>
/// <c>{"type":"result","subtype":…}</c> as Claude Code's <c>--output-format json</c> writes it: an answer in <c>result</c>, what went wrong in <c>errors</c>.
/// With one member more, <c>ended</c>: our own name of the end, because five of them have one subtype there.
/// </summary>
static class ResultJson
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, RunSummary summary, string model)
    {
        json.WriteStartObject();
        json.WriteString("type", "result");
        json.WriteString("subtype", Subtype(summary.End));
        json.WriteBoolean("is_error", summary.End is not RunEnd.Done);
        json.WriteString("ended", summary.End.GetType().Name);
        json.WriteNumber("duration_ms", (long)summary.Took.TotalMilliseconds);
        json.WriteNumber("duration_api_ms", (long)summary.InReplies.TotalMilliseconds);
        json.WriteNumber("num_turns", summary.Spent.Steps);
        if (summary.LastReason is { } reason) json.WriteString("stop_reason", Stop(reason));
        else json.WriteNull("stop_reason");
        if (summary.End is RunEnd.Done or RunEnd.Blocked) json.WriteString("result", summary.End.Text);
        if (summary.End is not RunEnd.Done)
        {
            json.WriteStartArray("errors");
            json.WriteStringValue(summary.End is RunEnd.Blocked ? "The permission rules refused what the task needs." : summary.End.Text);
            json.WriteEndArray();
        }
        json.WriteString("session_id", summary.SessionId);
        json.WriteNumber("total_cost_usd", summary.Spent.Cost);
        json.WritePropertyName("usage");
        Usage(json, summary.Spent.Usage);
        json.WriteStartObject("modelUsage");
        json.WriteStartObject(model);
        json.WriteNumber("inputTokens", summary.Spent.Usage.Input);
        json.WriteNumber("outputTokens", summary.Spent.Usage.Output);
        json.WriteNumber("cacheReadInputTokens", summary.Spent.Usage.CacheRead);
        json.WriteNumber("cacheCreationInputTokens", summary.Spent.Usage.CacheWrite + summary.Spent.Usage.CacheWriteHour);
        json.WriteNumber("costUSD", summary.Spent.Cost);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("permission_denials");
        foreach (Block.ToolCall call in summary.Denied)
        {
            json.WriteStartObject();
            json.WriteString("tool_name", call.Name);
            json.WriteString("tool_use_id", call.Id);
            json.WritePropertyName("tool_input");
            Arguments(json, call.Arguments);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("uuid", Guid.NewGuid());
        json.WriteEndObject();
    }

    public static void Usage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", usage.Input);
        json.WriteNumber("cache_creation_input_tokens", usage.CacheWrite + usage.CacheWriteHour);
        json.WriteNumber("cache_read_input_tokens", usage.CacheRead);
        json.WriteNumber("output_tokens", usage.Output);
        json.WriteEndObject();
    }

    /// <summary>An object: what a model wrote in place of one stands inside of one.</summary>
    public static void Arguments(Utf8JsonWriter json, string arguments)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                document.RootElement.WriteTo(json);
                return;
            }
        }
        catch (JsonException)
        {
            // Shown as it is, below.
        }
        json.WriteStartObject();
        json.WriteString("unreadable", arguments);
        json.WriteEndObject();
    }

    static string Stop(StopReason reason) => reason switch
    {
        StopReason.ToolUse => "tool_use",
        StopReason.OutputLimit => "max_tokens",
        StopReason.StopSequence => "stop_sequence",
        StopReason.Refusal => "refusal",
        _ => "end_turn",
    };

    static string Subtype(RunEnd end) => end switch
    {
        RunEnd.Done => "success",
        RunEnd.OutOfBudget { Limit: Limit.Steps } => "error_max_turns",
        RunEnd.OutOfBudget { Limit: Limit.Cost } => "error_max_budget_usd",
        _ => "error_during_execution",
    };
}
