// What a model says when it makes the mistake of a fault: another reply in place of the script's. It knows no wire format.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream;

static class Slips
{
    const int Lines = 2000;
    const string Todos = "TodoWrite", OpenList = """{"todos":[{"content":"Walk the trail","status":"in_progress"}]}""";

    // Of a model that loops there are always more than one line.
    const string Loop = "Wait, let me check the trail once more.\nThe file names the next one, so I should read it.\n";

    public static Reply Spoiled(this Reply reply, Fault fault, Conversation conversation) => fault switch
    {
        Fault.Broken { Where: Place.Text } when !reply.Parts.Any(p => p is Part.Say) => WithText(reply),
        Fault.Empty => new Reply([], Stop.End),
        Fault.ThinkingOnly => new Reply([.. reply.Parts.OfType<Part.Think>()], Stop.End),
        Fault.LengthStop { BeforeAnything: true } => new Reply([], Stop.Length),
        Fault.LengthStop => new Reply([.. reply.Parts.OfType<Part.Think>().Take(1).Select(t => new Part.Think(t.Text[..(t.Text.Length / 2)]))], Stop.Length),
        Fault.Arguments damaged => LastCall(reply, call => call with { Arguments = Damaged(call.Arguments, damaged.What) }),
        Fault.ToolName named => LastCall(reply, call => call with { Tool = Named(call.Tool, named.As) }),
        Fault.Leak leak => Leaked(reply, leak, conversation),
        Fault.CallIds { What: IdSlip.Missing } => Calls(reply, call => call with { Id = "" }),
        Fault.CallIds { What: IdSlip.Repeated } => Calls(reply, call => call with { Id = Earlier(conversation)?.Id ?? "call_0" }),
        Fault.MergedCalls => Calls(reply, call => call with { Index = 0 }),
        Fault.StopBesideCall => reply with { Stop = Stop.End },
        Fault.SameCall when Earlier(conversation) is { } call =>
            Reply.Of(new Part.Think("Let me look at that file again."), new Part.Call(call.Tool, call.Arguments)),
        Fault.CallsInTurn when Calls(conversation) is [.., var call, _] =>
            Reply.Of(new Part.Think("Let me look at the one before again."), new Part.Call(call.Tool, call.Arguments)),
        Fault.Announced => Calls(conversation) is [.., { Tool: Todos }] ? Reply.Of(new Part.Think("On."), new Part.Say("Next I shall read what the trail names.")) : Reply.Of(new Part.Think("A list first."), new Part.Call(Todos, OpenList)),
        Fault.SameLines => new Reply([new Part.Think(string.Concat(Enumerable.Repeat(Loop, Lines)))], Stop.Length),
        _ => reply,
    };

    static ToolCall? Earlier(Conversation conversation) => conversation.Turns.OfType<Turn.Assistant>().LastOrDefault(a => a.Calls.Count > 0)?.Calls[0];

    static List<ToolCall> Calls(Conversation conversation) => [.. conversation.Turns.OfType<Turn.Assistant>().SelectMany(a => a.Calls)];

    static Reply WithText(Reply reply) => reply with
    {
        Parts = [.. reply.Parts.Where(p => p is Part.Think), new Part.Say("One moment, the trail goes on."), .. reply.Parts.Where(p => p is not Part.Think)],
    };

    static Reply Calls(Reply reply, Func<Part.Call, Part.Call> change) =>
        reply with { Parts = [.. reply.Parts.Select(p => p is Part.Call call ? change(call) : p)] };

    static Reply LastCall(Reply reply, Func<Part.Call, Part.Call> change)
    {
        var last = reply.Parts.OfType<Part.Call>().LastOrDefault();
        return Calls(reply, call => ReferenceEquals(call, last) ? change(call) : call);
    }

    static string Damaged(string arguments, Damage what)
    {
        var json = JsonNode.Parse(arguments)!.AsObject();
        var (name, value) = json.First();
        switch (what)
        {
            case Damage.NotJson:
                return $"{name}={value}";
            case Damage.CutOff:
                return arguments[..(arguments.Length * 2 / 3)];
            case Damage.InString:
                return JsonSerializer.Serialize(arguments);
            case Damage.NumberAsText:
                // Only reading has a number to say, and is not changed by it.
                if (!json.ContainsKey("content")) json["limit"] = "2000";
                return json.AsJson();
            case Damage.WrongType:
                json[name] = new JsonObject { ["path"] = value?.DeepClone() };
                return json.AsJson();
            default:
                json.Remove(name);
                json["the_file"] = value;
                return json.AsJson();
        }
    }

    static string Named(string tool, Spelling spelling) => spelling switch
    {
        Spelling.Unknown => "open_the_file",
        Spelling.Prefixed => "functions." + tool,
        _ => char.IsLower(tool[0]) ? tool.ToUpperInvariant() : tool.ToLowerInvariant(),
    };

    static Reply Leaked(Reply reply, Fault.Leak leak, Conversation conversation)
    {
        if (!reply.Parts.Any(p => p is Part.Call)) return reply;
        var calls = string.Concat(reply.Parts.OfType<Part.Call>().Select((call, i) => string.Create(CultureInfo.InvariantCulture,
            $"<|tool_call_begin|>functions.{call.Tool}:{conversation.CallsSoFar + i}<|tool_call_argument_begin|>{call.Arguments}<|tool_call_end|>")));
        var markup = leak.Markers switch
        {
            Markup.Section => $"<|tool_calls_section_begin|>{calls}<|tool_calls_section_end|>",
            Markup.SingularSection => $"<|tool_call_section_begin|>{calls}<|tool_call_section_end|>",
            Markup.NoSection => calls,
            _ => $"<|tool_calls_section_begin|>{calls[..^"<|tool_call_end|>".Length]}",
        };
        var thinking = string.Concat(reply.Parts.OfType<Part.Think>().Select(t => t.Text));
        var text = string.Concat(reply.Parts.OfType<Part.Say>().Select(s => s.Text));
        return leak.Where == Place.Thinking
            ? Reply.Of(new Part.Think(thinking + markup))
            : Reply.Of(new Part.Think(thinking), new Part.Say(text + markup));
    }
}
