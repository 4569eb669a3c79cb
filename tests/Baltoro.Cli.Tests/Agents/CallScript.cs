// A scripted model that makes given tool calls, one a reply, and then says how each of them ended. It knows no tool.

using System.Text.Json.Nodes;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

static class CallScript
{
    public const string Finished = "That is all.";

    /// <summary>The step is read off the conversation, so that retries do not disturb it.</summary>
    public static Script Of(params Part.Call[] calls) => (_, conversation) =>
        conversation.Turns.OfType<Turn.Result>().Count() is var done && done < calls.Length
            ? Reply.Of(new Part.Think($"Call {done + 1}."), calls[done])
            : Reply.Of(new Part.Say(Finished));

    public static Part.Call Bash(string command) => new("Bash", new JsonObject { ["command"] = command }.ToJsonString());

    public static Part.Call Write(string path, string content) => new("Write", new JsonObject { ["file_path"] = path, ["content"] = content }.ToJsonString());

    public static Part.Call Read(string path) => new("Read", new JsonObject { ["file_path"] = path }.ToJsonString());

    public static Part.Call Tool(string name, JsonObject? arguments = null) => new(name, (arguments ?? []).ToJsonString());

    /// <summary>What the model got for its calls, in order.</summary>
    public static IReadOnlyList<string> Results(this Upstream upstream) => [.. upstream.Asked[^1].Conversation!.Turns.OfType<Turn.Result>().Select(result => result.Text)];
}
