// What watches over a run: each way in which long tasks break, and what the loop does about it.

using System.Text.Json.Nodes;
using Baltoro.Agent.Budgets;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Agent.Tests.Guards;

public class GuardTests
{
    static Part.Call Read(string path) => new("Read", new JsonObject { ["file_path"] = path }.ToJsonString());

    static int Steps(Conversation conversation) => conversation.Turns.OfType<Turn.Assistant>().Count();

    static async Task<(RunEnd End, IReadOnlyList<SessionEvent> Events, Scene Scene)> Run(Script script, Func<Scene, AgentSetup>? setup = null)
    {
        Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", script);
        RunEnd end = await scene.Run("Do it.", setup?.Invoke(scene));
        return (end, [.. LogReading.Of(scene.LogPath, null).Events.Select(logged => logged.Event)], scene);
    }

    static IEnumerable<(NudgeReason Reason, int Step)> Nudges(IEnumerable<SessionEvent> events)
    {
        int step = 0;
        foreach (SessionEvent what in events)
        {
            if (what is SessionEvent.Replied) step++;
            if (what is SessionEvent.Nudged nudged) yield return (nudged.Reason, step);
        }
    }

    [Fact]
    public async Task The_same_call_is_told_at_the_third_fifth_and_eighth_time_and_ends_the_run_at_the_twelfth()
    {
        // Other spellings of the same arguments are the same call.
        (RunEnd end, IReadOnlyList<SessionEvent> events, Scene scene) = await Run((_, conversation) =>
            Reply.Of(new Part.Call("Read", Steps(conversation) % 2 == 0 ? """{"file_path":"/nowhere","limit":1}""" : """{ "limit": 1, "file_path": "/nowhere" }""")));
        await using (scene)
        {
            Assert.Equal(new RunEnd.Looped("The model made the same tool calls with the same results 12 times in a row."), end);
            Assert.Equal([(NudgeReason.Repeats, 3), (NudgeReason.Repeats, 5), (NudgeReason.Repeats, 8)], Nudges(events));
            Assert.Equal(12, scene.Diary.Done.Count);
        }
    }

    [Fact]
    public async Task Two_calls_in_turn_are_a_loop_as_well()
    {
        (RunEnd end, IReadOnlyList<SessionEvent> events, Scene scene) = await Run((_, conversation) => Reply.Of(Read(Steps(conversation) % 2 == 0 ? "/a" : "/b")));
        await using (scene)
        {
            Assert.IsType<RunEnd.Looped>(end);
            Assert.Equal([(NudgeReason.Repeats, 6), (NudgeReason.Repeats, 10), (NudgeReason.Repeats, 16)], Nudges(events));
            Assert.Equal(24, scene.Diary.Done.Count);
        }
    }

    [Fact]
    public async Task The_same_call_with_another_result_is_no_loop()
    {
        using Scratch scratch = new();
        string file = Path.Combine(scratch.Path, "log.txt");
        (RunEnd end, IReadOnlyList<SessionEvent> events, Scene scene) = await Run((_, conversation) => Steps(conversation) switch
        {
            40 => Reply.Of(new Part.Say("It has grown enough.")),
            var step when step % 2 == 0 => Reply.Of(new Part.Call("Write", new JsonObject { ["file_path"] = file, ["content"] = $"{step}" }.ToJsonString())),
            _ => Reply.Of(Read(file)),
        });
        await using (scene)
        {
            Assert.Equal(new RunEnd.Done("It has grown enough."), end);
            Assert.Empty(Nudges(events));
        }
    }

    [Fact]
    public async Task A_turn_that_ends_with_open_items_on_its_list_is_asked_about_once()
    {
        (RunEnd end, IReadOnlyList<SessionEvent> events, Scene scene) = await Run((_, conversation) => Steps(conversation) switch
        {
            0 => Reply.Of(new Part.Call("TodoWrite", """{"todos":[{"content":"Measure","status":"completed"},{"content":"Cut","status":"in_progress"}]}""")),
            1 => Reply.Of(new Part.Say("Next I shall cut.")),
            _ => Reply.Of(new Part.Say("It is cut.")),
        }, scene => scene.Setup with { Tools = () => [.. scene.Diary.Tools(), new TodoWrite()] });
        await using (scene)
        {
            Assert.Equal(new RunEnd.Done("It is cut."), end);
            Assert.Equal([(NudgeReason.OpenTodos, 2)], Nudges(events));
            Assert.Contains("- Cut (in_progress)", events.OfType<SessionEvent.Nudged>().Single().Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_tool_and_wrong_arguments_are_errors_that_say_what_was_expected()
    {
        (RunEnd end, IReadOnlyList<SessionEvent> events, Scene scene) = await Run((_, conversation) => Steps(conversation) switch
        {
            0 => Reply.Of(new Part.Call("Raed", "{}")),
            1 => Reply.Of(new Part.Call("Read", """{"path":"/a"}""")),
            2 => Reply.Of(new Part.Call("Read", """{"file_path":7}""")),
            _ => Reply.Of(new Part.Say("I give up.")),
        });
        await using (scene)
        {
            Assert.Equal(new RunEnd.Done("I give up."), end);
            Assert.Empty(scene.Diary.Done);
            string[] told = [.. events.OfType<SessionEvent.CallEnded>().Select(ended => ((Chat.Block.Text)ended.Content[0]).Content)];
            Assert.Equal("There is no tool \"Raed\". Did you mean \"Read\"? The tools are: Read, Write, Task.", told[0]);
            Assert.StartsWith("Wrong arguments of Read: \"file_path\" is missing, and \"path\" is not known. Nothing was run. Expected a JSON object that satisfies {", told[1], StringComparison.Ordinal);
            Assert.StartsWith("Wrong arguments of Read: \"file_path\" is a number, expected string.", told[2], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_model_that_runs_against_the_rules_five_times_is_blocked()
    {
        (RunEnd end, _, Scene scene) = await Run((_, conversation) => Reply.Of(Read($"/secret/{Steps(conversation)}")),
            scene => scene.Setup with { Gate = (_, _, _) => new(new Permit.Refused("Not there.")) });
        await using (scene)
        {
            Assert.Equal(new RunEnd.Blocked("The last 5 tool calls were refused by the permission rules."), end);
            Assert.Empty(scene.Diary.Done);
        }
    }

    [Fact]
    public async Task Limits_end_a_run_between_two_steps()
    {
        (RunEnd end, IReadOnlyList<SessionEvent> events, Scene scene) = await Run((_, conversation) => Reply.Of(Read($"/{Steps(conversation)}")),
            scene => scene.Setup with { Budget = new() { Steps = 7 } });
        await using (scene)
        {
            Assert.Equal(new RunEnd.OutOfBudget(Limit.Steps, "The limit of 7 steps is reached."), end);
            Assert.Equal(7, events.Count(what => what is SessionEvent.Replied));
            // The last reply's call was still run: its result is there for whoever resumes.
            Assert.Equal(7, scene.Diary.Done.Count);
        }
    }
}
