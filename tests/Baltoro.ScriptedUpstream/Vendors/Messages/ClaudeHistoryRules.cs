// What Claude refuses of a history: blocks, signatures, pairs of calls and results. It knows no other field.

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baltoro.ScriptedUpstream.Vendors.Messages;

static partial class ClaudeHistoryRules
{
    static readonly Dictionary<string, string[]> KnownMembers = new()
    {
        ["text"] = ["type", "text", "cache_control", "citations"],
        ["thinking"] = ["type", "thinking", "signature"],
        ["redacted_thinking"] = ["type", "data"],
        ["tool_use"] = ["type", "id", "name", "input", "cache_control", "caller"],
        ["tool_result"] = ["type", "tool_use_id", "content", "is_error", "cache_control"],
        ["image"] = ["type", "source", "cache_control"],
        ["document"] = ["type", "source", "title", "context", "citations", "cache_control"],
    };

    public static IEnumerable<Finding> Blocks(JsonElement body)
    {
        var messages = body.Items("messages").ToList();
        if (messages.Count == 0) yield return new Finding.Refused("messages: at least one message is required");
        foreach (var (n, message) in messages.Index())
        {
            if (message.Text("role") is not ("user" or "assistant" or "system"))
                yield return new Finding.Refused($"messages: Unexpected role \"{message.Text("role")}\". Allowed roles are \"user\" or \"assistant\".");
            foreach (var name in message.Names().Where(x => x is not ("role" or "content" or "clear_at" or "output_config")))
                yield return ClaudeRules.Extra($"messages.{n}.{name}");
            var last = n == messages.Count - 1;
            if (!(last && message.Text("role") == "assistant") && message.Text("content") is null or "" && !message.Items("content").Any())
                yield return new Finding.Refused($"messages.{n}: all messages must have non-empty content except for the optional final assistant message");
            foreach (var (m, block) in message.Items("content").Index())
                foreach (var finding in Block(block, $"messages.{n}.content.{m}")) yield return finding;
        }
    }

    public static IEnumerable<Finding> Signatures(JsonElement body, Claude claude) =>
        from message in body.Items("messages").Index()
        from block in message.Item.Items("content").Index()
        where block.Item.Text("type") == "thinking"
            && claude.Unsign(block.Item.Text("thinking") ?? "", block.Item.Text("signature") ?? "") is null
        select new Finding.Refused($"messages.{message.Index}.content.{block.Index}: Invalid `signature` in `thinking` block");

    /// <summary>
    /// With <c>enabled</c> thinking an open tool loop must have begun with a thought; <c>adaptive</c> thinking does not ask for one.
    /// </summary>
    public static IEnumerable<Finding> LastTurn(JsonElement body)
    {
        var messages = body.Items("messages").ToList();
        var last = messages.FindLastIndex(m => m.Text("role") == "assistant");
        if (body.Member("thinking")?.Text("type") != "enabled" || last < 0) yield break;
        var blocks = messages[last].Items("content").Select(b => b.Text("type")).ToList();
        if (blocks.Contains("tool_use") && blocks[0] is not ("thinking" or "redacted_thinking"))
            yield return new Finding.Refused($"messages.{last}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{blocks[0]}`. " +
                "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of " +
                "`tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns.");
    }

    /// <summary>Each call has its result in the next message, before anything else there; no result without its call.</summary>
    public static IEnumerable<Finding> Pairs(JsonElement body)
    {
        var open = new List<string>();
        var known = new HashSet<string>();
        foreach (var (n, message) in body.Items("messages").Index())
        {
            var blocks = message.Items("content").ToList();
            var results = blocks.TakeWhile(b => b.Text("type") == "tool_result").Select(b => b.Text("tool_use_id") ?? "").ToList();
            var late = blocks.Skip(results.Count).Where(b => b.Text("type") == "tool_result").Select(b => b.Text("tool_use_id") ?? "");
            foreach (var id in results.Where(id => !open.Remove(id)).Concat(late))
                yield return new Finding.Refused($"messages.{n}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {id}. " +
                    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
            if (open.Count > 0)
                yield return Unanswered(n - 1, open);
            open = [.. blocks.Where(b => b.Text("type") == "tool_use").Select(b => b.Text("id") ?? "")];
            if (open.Any(id => !known.Add(id))) yield return new Finding.Refused($"messages.{n}: `tool_use` ids must be unique");
        }
        if (open.Count > 0) yield return Unanswered(body.GetProperty("messages").GetArrayLength() - 1, open);
    }

    static Finding.Refused Unanswered(int n, List<string> ids) => new(
        $"messages.{n}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", ids)}. " +
        "Each `tool_use` block must have a corresponding `tool_result` block in the next message.");

    static IEnumerable<Finding> Block(JsonElement block, string path)
    {
        var type = block.Text("type") ?? "";
        if (KnownMembers.TryGetValue(type, out var known))
            foreach (var name in block.Names().Except(known)) yield return ClaudeRules.Extra($"{path}.{type}.{name}");
        switch (type)
        {
            case "text" when string.IsNullOrEmpty(block.Text("text")) && block.Member("cache_control") is not null:
                yield return new Finding.Refused($"{path}.text: cache_control cannot be set for empty text blocks");
                break;
            case "text" when string.IsNullOrEmpty(block.Text("text")):
                yield return new Finding.Refused("messages: text content blocks must be non-empty");
                break;
            case "text" when string.IsNullOrWhiteSpace(block.Text("text")):
                yield return new Finding.Refused("messages: text content blocks must contain non-whitespace text");
                break;
            case "thinking" when block.Text("signature") is null:
                yield return new Finding.Refused($"{path}.thinking.signature: Field required");
                break;
            case "tool_use" when !CallId.IsMatch(block.Text("id") ?? ""):
                yield return new Finding.Refused($"{path}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
                break;
            case "tool_use" when block.Member("input") is not { ValueKind: JsonValueKind.Object }:
                yield return new Finding.Refused($"{path}.tool_use.input: Input should be a valid dictionary");
                break;
        }
        foreach (var part in block.Items("content"))
            if (part.Text("type") == "text" && string.IsNullOrEmpty(part.Text("text")))
                yield return new Finding.Refused("messages: text content blocks must be non-empty");
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    static partial Regex CallId { get; }
}
