// Kimi behind an Anthropic-compatible endpoint: the same blocks, fewer of them, its own ids, thinking wanted back whatever
// its signature. It does not know Anthropic's newer fields, and ignores them where they stand at the top.

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Baltoro.ScriptedUpstream.Vendors.Messages;

public sealed class CompatibleMessages : MessagesVendor
{
    static readonly HashSet<string> KnownBlocks = ["text", "thinking", "redacted_thinking", "tool_use", "tool_result", "image"];

    public override string Name => "messages";

    public override string BasePath => "/anthropic";

    internal override string TooLong(int prompt, int output) =>
        $"Invalid request: Your request exceeded model token limit: {Window} (requested: {prompt + output})";

    protected override bool CachesUnmarked => true;

    // An id keeps the name that the model wrote, also where that was no tool's.
    readonly ConcurrentDictionary<string, bool> _given = [];

    protected override string CallId(Conversation conversation, int callOfReply, string tool)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"functions.{tool}:{conversation.CallsSoFar + callOfReply}");
        _given[id] = true;
        return id;
    }

    public override string Sign(string shown, string thought) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(thought))[..16];

    public override string? Unsign(string shown, string signature) => shown;

    internal override IEnumerable<Finding> Check(RecordedRequest request, JsonElement body)
    {
        var messages = body.Items("messages").ToList();
        return
        [
            .. Key(request), .. Messages(messages), .. Blocks(messages), .. Marks(body), .. Thinking(body, messages), .. Ids(messages),
            .. Billing(body), .. ClaudeHistoryRules.Pairs(body),
        ];
    }

    static IEnumerable<Finding> Key(RecordedRequest request)
    {
        if (request.Header("x-api-key") is null && request.Header("authorization") is null)
            yield return new Finding.Refused("Invalid Authentication", 401);
    }

    static IEnumerable<Finding> Messages(List<JsonElement> messages)
    {
        foreach (var (i, message) in messages.Index())
        {
            if (message.Text("role") is not ("user" or "assistant"))
                yield return new Finding.Refused($"messages[{i}].role: unknown variant `{message.Text("role")}`, expected `user` or `assistant`");
            if (message.Names().FirstOrDefault(n => n is not ("role" or "content")) is { } extra)
                yield return new Finding.Refused($"messages[{i}]: unknown field `{extra}`");
        }
    }

    static IEnumerable<Finding> Blocks(List<JsonElement> messages)
    {
        foreach (var block in messages.SelectMany(m => m.Items("content")).SelectMany(b => b.Items("content").Prepend(b)))
        {
            if (!KnownBlocks.Contains(block.Text("type") ?? ""))
                yield return new Finding.Refused($"unknown content block type: {block.Text("type")}");
            if (block.Text("type") == "text" && string.IsNullOrEmpty(block.Text("text")))
                yield return new Finding.Refused("text content is empty");
        }
    }

    static IEnumerable<Finding> Marks(JsonElement body) =>
        from block in body.Items("system").Concat(body.Items("tools")).Concat(body.Items("messages").SelectMany(m => m.Items("content")))
        from extra in block.Member("cache_control")?.Names() ?? []
        where extra != "type"
        select new Finding.Refused($"`cache_control.{extra}` is not supported");

    static IEnumerable<Finding> Thinking(JsonElement body, List<JsonElement> messages) =>
        from message in messages.Index()
        where body.Member("thinking")?.Text("type") is "enabled" or "adaptive"
        let kinds = message.Item.Items("content").Select(b => b.Text("type")).ToList()
        where kinds.Contains("tool_use") && !kinds.Contains("thinking")
        select new Finding.Refused("thinking is enabled but reasoning_content is missing in assistant tool call message at index " +
            message.Index.ToString(CultureInfo.InvariantCulture));

    IEnumerable<Finding> Ids(List<JsonElement> messages) =>
        from call in messages.SelectMany(m => m.Items("content")).Where(b => b.Text("type") == "tool_use").Index()
        let native = string.Create(CultureInfo.InvariantCulture, $"functions.{call.Item.Text("name")}:{call.Index}")
        where call.Item.Text("id") is not { } id || id != native && _given.ContainsKey(native) && !(_given.ContainsKey(id) && id.EndsWith(native[native.LastIndexOf(':')..], StringComparison.Ordinal))
        select new Finding.Degraded($"tool call {call.Index} of the history has the id {call.Item.Text("id")}, the model knows it as {native}");

    static IEnumerable<Finding> Billing(JsonElement body)
    {
        if (body.ContentText("system").Contains("x-anthropic-billing-header:", StringComparison.Ordinal))
            yield return new Finding.Degraded("the prompt holds the billing header of another vendor's client");
    }
}
