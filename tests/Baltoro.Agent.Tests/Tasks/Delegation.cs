// A vendor that plays an agent and the sub-agents that it has work for it, each told by the words that it was given. It does not judge.

using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Reply = Baltoro.ScriptedUpstream.Reply;
using Turn = Baltoro.ScriptedUpstream.Turn;

namespace Baltoro.Agent.Tests.Tasks;

static class Delegation
{
    /// <summary>The user's words, which no sub-agent is to see.</summary>
    public const string Asked = "The password is 4711. Have it counted.";

    /// <summary>The main agent hands these prompts over in one reply and then repeats what came back; each sub-agent does what is given for it.</summary>
    /// <param name="sub">Given a sub-agent's prompt and how often it has been answered.</param>
    public static Task<Scene> Of(Sequence<string> prompts, Func<string, int, Reply> sub, FaultPlan? faults = null) =>
        Scene.Of(new Kimi(), "openai", "kimi", (_, conversation) => (Prompt(conversation), Steps(conversation)) switch
        {
            (Asked, 0) => Reply.Of([new Part.Think("I alone know why."), new Part.Say("I have it done."), .. prompts.Select(prompt => Hand(prompt))]),
            (Asked, _) => Reply.Of(new Part.Say(string.Join(" and ", conversation.Turns.OfType<Turn.Result>().Select(result => result.Text)))),
            var (prompt, steps) => sub(prompt, steps),
        }, faults);

    public static Part.Call Hand(string prompt) => new("Task", new JsonObject { ["description"] = $"About {prompt}", ["prompt"] = prompt }.ToJsonString());

    public static Reply Do(string what) => Reply.Of(new Part.Call("Do", new JsonObject { ["what"] = what }.ToJsonString()));

    public static Reply Say(string text) => Reply.Of(new Part.Say(text));

    /// <summary>Whose conversation it is: its first words.</summary>
    public static string Prompt(Conversation conversation) => conversation.Turns.OfType<Turn.User>().First().Text;

    public static int Steps(Conversation conversation) => conversation.Turns.OfType<Turn.Assistant>().Count();

    public static bool IsMain(RecordedRequest request) => Prompt(request.Conversation!) == Asked;

    public static IReadOnlyList<LoggedEvent> Log(Scene scene) => LogReading.Of(scene.LogPath, EventLog.BlobsOf(scene.SessionFolder)).Events;

    /// <summary>What the main agent was told of its calls, as its last request has it.</summary>
    public static IReadOnlyList<string> Results(Scene scene) =>
        [.. scene.Upstream.Asked.Last(IsMain).Conversation!.Turns.OfType<Turn.Result>().Select(result => result.Text)];
}

/// <summary>A tool that does what the test says.</summary>
sealed class Doing(Func<string, CancellationToken, Task<ToolOutcome>> what) : ITool
{
    public ToolSpec.Function Spec { get; } = new("Do", "Does it.", RawJson.Of("""{"type":"object","properties":{"what":{"type":"string"}},"required":["what"]}"""));

    public Footprint Footprint(JsonElement arguments) => new Footprint.Writes([arguments.GetProperty("what").GetString()!]);

    public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation) => what(arguments.GetProperty("what").GetString()!, cancellation);
}
