// Tools that a vendor runs itself, when the model asked for belongs to someone else.

namespace Baltoro.Chat.History;

/// <summary>
/// A request that insists on a hosted tool is refused at once, with a message that names the tool: the client shows it and goes on without.
/// One that merely offers it beside others loses it.
/// </summary>
static class HostedTools
{
    public static Failure? Refusal(ChatRequest request, ModelCard card)
    {
        if (card.IsClaude() || request.Tools.FirstOrDefault(tool => tool is ToolSpec.Hosted) is not ToolSpec.Hosted any) return null;
        ToolSpec.Hosted? wanted = request.ToolChoice switch
        {
            ToolChoice.Named { Name: var name } => request.Tools.FirstOrDefault(tool => tool.Name == name) as ToolSpec.Hosted,
            ToolChoice.Required when request.Tools.All(tool => tool is ToolSpec.Hosted) => any,
            _ => null,
        };
        return wanted is null ? null : new Failure.InvalidRequest(
            $"tools: {wanted.Name} ({wanted.Kind}) is run by its vendor and is not available with {card.Id}; use a tool of the client's instead");
    }

    public static ChatRequest Drop(ChatRequest request, ModelCard card)
    {
        if (card.IsClaude() || !request.Tools.Any(tool => tool is ToolSpec.Hosted)) return request;
        return request with { Tools = request.Tools.Where(tool => tool is not ToolSpec.Hosted).ToSequence() };
    }
}

/// <summary>The number of tools that a vendor takes. Dropping some silently would be worse than saying so.</summary>
static class ToolCount
{
    public static Failure? Refusal(ChatRequest request, ModelCard card) =>
        card.MaxTools is { } most && request.Tools.Count > most
            ? new Failure.InvalidRequest($"tools: {request.Tools.Count} tools, but {card.Id} takes at most {most}; switch off some MCP servers or tools")
            : null;
}

/// <summary>
/// The two request fields that Anthropic's gateway contract forbids to ignore: a client that sends them counts on their effect.
/// The client answers the refusal by doing the work itself.
/// </summary>
static class ContractFields
{
    public static Failure? Refusal(ChatRequest request, ModelCard card)
    {
        if (card.IsClaude() || request.Extra is not { Format: WireFormat.Anthropic } extra) return null;
        return extra["safeguards"] is not null ? new Failure.InvalidRequest($"safeguards: not supported with {card.Id}")
            : extra["thread"] is not null ? new Failure.InvalidRequest($"thread: not supported with {card.Id}; send the whole conversation in messages")
            : null;
    }
}
