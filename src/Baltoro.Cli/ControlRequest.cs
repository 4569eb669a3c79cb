// What a wrapper asks of the process beside the user's messages, in the schema of Claude Code's control requests, and whether it can have it. It writes no answer.

using System.Text.Json;
using Baltoro.Agent.Output;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli;

/// <param name="Id">Chosen by the wrapper; the answer repeats it.</param>
abstract record ControlRequest(string Id)
{
    /// <summary>What the wrapper wants of the session, before its first message.</summary>
    /// <param name="Beyond">The members that ask for what is not served: to pass them over would be to do the task without a guard, a tool or an order that somebody counts on.</param>
    public sealed record Initialize(string Id, Sequence<string> Beyond) : ControlRequest(Id);

    public sealed record Interrupt(string Id) : ControlRequest(Id);

    public sealed record SetPermissionMode(string Id, string Mode) : ControlRequest(Id);

    public sealed record Unknown(string Id, string Subtype) : ControlRequest(Id);

    static readonly string[] NotServed = ["hooks", "sdkMcpServers", "mcpServers", "agents", "jsonSchema", "systemPrompt", "appendSystemPrompt", "plugins", "skills"];

    /// <param name="json">The whole line.</param>
    /// <exception cref="InvalidOperationException">It is no control request; as is <see cref="KeyNotFoundException"/>.</exception>
    public static ControlRequest Read(JsonElement json)
    {
        string id = json.GetProperty("request_id").GetString()!;
        JsonElement request = json.GetProperty("request");
        return request.GetProperty("subtype").GetString() switch
        {
            "initialize" => new Initialize(id, NotServed.Where(name => request.TryGetProperty(name, out JsonElement member) && !IsEmpty(member)).ToSequence()),
            "interrupt" => new Interrupt(id),
            "set_permission_mode" => new SetPermissionMode(id, request.GetProperty("mode").GetString() ?? ""),
            var subtype => new Unknown(id, subtype ?? ""),
        };
    }

    static bool IsEmpty(JsonElement member) => member.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => true,
        JsonValueKind.String => member.GetString()!.Length == 0,
        JsonValueKind.Array => member.EnumerateArray().All(IsEmpty),
        JsonValueKind.Object => member.EnumerateObject().All(each => IsEmpty(each.Value)),
        _ => false,
    };
}

/// <summary>Answers them.</summary>
/// <param name="shown">Where the answers go; null where the output has another form.</param>
sealed class ControlDesk(StreamJsonOutput? shown, ModelCard model)
{
    /// <exception cref="UserException">Nobody would hear the answer, or the session cannot be what the wrapper counts on: nothing may be done.</exception>
    public void Take(ControlRequest request, Inbox inbox)
    {
        if (shown is null) throw new UserException("A control_request is answered in the output, and needs --output stream-json.");
        switch (request)
        {
            case ControlRequest.Initialize { Beyond.IsEmpty: true }: shown.Initialized(request.Id, model); break;
            case ControlRequest.Initialize asked:
                // A wrapper need not heed the refusal, and would believe that its guard stands.
                string refusal = $"initialize: {string.Join(", ", asked.Beyond)}: not served by baltoro run.";
                shown.Refused(request.Id, refusal);
                throw new UserException(refusal);
            case ControlRequest.Interrupt:
                shown.Granted(request.Id);
                inbox.Interrupt();
                break;
            case ControlRequest.SetPermissionMode { Mode: "default" }: shown.Granted(request.Id); break;
            case ControlRequest.SetPermissionMode asked:
                shown.Refused(request.Id, $"set_permission_mode: found \"{asked.Mode}\", expected \"default\": what is permitted stands in the configuration.");
                break;
            case ControlRequest.Unknown unknown: shown.Refused(request.Id, $"The control request \"{unknown.Subtype}\" is not served by baltoro run."); break;
            default: throw new InvalidOperationException($"Unknown request {request}.");
        }
    }
}
