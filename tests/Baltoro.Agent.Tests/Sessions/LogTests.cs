// What a session's log survives: a torn end, damage, a later version, another process.

using System.Globalization;
using Baltoro.Agent.Budgets;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Sessions;

public sealed class LogTests : IDisposable
{
    static readonly Usage Usage = new() { Input = 7, CacheRead = 6, CacheWrite = 5, CacheWriteHour = 4, Output = 3, Reasoning = 2 };

    static readonly Origin Origin = new("novita", "https://x", "kimi");

    readonly Scratch _scratch = new();

    string Folder => Path.Combine(_scratch.Path, "s");

    string Log => EventLog.LogPath(Folder);

    public void Dispose() => _scratch.Dispose();

    Session New(params SessionEvent[] events)
    {
        Session session = Assert.IsType<SessionOpening.Found>(Session.Create(Folder, new("s", "/p", "m", "System."), TimeProvider.System)).Session;
        foreach (SessionEvent what in events) session.Append(AgentState.Main, what);
        return session;
    }

    public static TheoryData<SessionEvent> Everything =>
    [
        new SessionEvent.Resumed("m", ByItself: true) { Unattended = true },
        new SessionEvent.Spawned("c1", "Look around"),
        new SessionEvent.Asked([new Block.Text("Würde\n\"es\" gehen? 冰川"), new Block.Image(new Media.Inline("image/png", "AAAA"))]),
        new SessionEvent.Sent(123),
        new SessionEvent.Replied(
            [new Block.Thinking("Hm.", new Seal(Origin, Signature: "sig")), new Block.Text("So."), new Block.ToolCall("functions.Read:0", "Read", """{ "b":1,  "a":"\u00e9" }""")],
            StopReason.ToolUse, Usage, 0.0125m) { Model = "kimi-x", Prompt = 99, Took = TimeSpan.FromMilliseconds(1234), Mends = [Mend.MarkupParsed] },
        new SessionEvent.Failed(Trouble.Passing, "RateLimited", "Slow down.", Usage, null) { RetryAfter = TimeSpan.FromMilliseconds(1500), Window = 4096 },
        new SessionEvent.CallBegan("c1"),
        new SessionEvent.CallEnded("c1", [new Block.Text(new string('x', 3 * Blobs.Threshold))], CallEnding.Denied),
        new SessionEvent.Nudged(NudgeReason.OpenTodos, "Go on."),
        new SessionEvent.Evicted([new("c1", "[put away]")]),
        new SessionEvent.Compacted([new Turn.User([new Block.Text("note")]), new Turn.Assistant([new Block.Text("said")])], 5000, Usage, 1m),
        new SessionEvent.Compacted([], 5000, Usage, null) { Remains = Remains.LastSteps },
        new SessionEvent.CompactionFailed("the note was empty", Usage, null),
        new SessionEvent.Ended(new RunEnd.OutOfBudget(Limit.Cost, "Enough.")),
        new SessionEvent.Ended(new RunEnd.Interrupted("Stopped.")),
    ];

    [Theory, MemberData(nameof(Everything))]
    public void Every_event_comes_back_as_it_was_written(SessionEvent what)
    {
        New(what).Dispose();
        Assert.Equal(what, LogReading.Of(Log, EventLog.BlobsOf(Folder)).Events[^1].Event);
    }

    [Fact]
    public void The_state_of_an_opened_session_is_the_state_of_the_one_that_wrote_it()
    {
        using Session written = New(
            new SessionEvent.Asked([new Block.Text("Do it.")]), new SessionEvent.Sent(10),
            new SessionEvent.Replied([new Block.ToolCall("c1", "Read", "{}")], StopReason.ToolUse, Usage, 0.5m) { Prompt = 22 },
            new SessionEvent.CallBegan("c1"), new SessionEvent.CallEnded("c1", [new Block.Text(new string('y', Blobs.Threshold))], CallEnding.Done));
        (Spending spent, AgentState state) = (written.Spent, written.Agent(AgentState.Main));
        written.Dispose();
        using Session read = Assert.IsType<SessionOpening.Found>(Session.Open(Folder, TimeProvider.System)).Session;
        AgentState again = read.Agent(AgentState.Main);
        Assert.Equal((spent, state.Turns.ToSequence(), state.Standing, state.Steps, state.Meter.Used(5)), (read.Spent, again.Turns.ToSequence(), again.Standing, again.Steps, again.Meter.Used(5)));
    }

    [Fact]
    public void A_line_without_its_end_never_counted()
    {
        New(new SessionEvent.Sent(1), new SessionEvent.Sent(2)).Dispose();
        File.AppendAllText(Log, """{"n":4,"at":"2026-""");
        SessionOpening.Found found = Assert.IsType<SessionOpening.Found>(Session.Open(Folder, TimeProvider.System));
        found.Session.Append(AgentState.Main, new SessionEvent.Sent(3));
        found.Session.Dispose();
        Assert.Equal(new LogTail.Torn(18), found.Tail);
        Assert.Equal([1L, 2L, 3L], LogReading.Of(Log, null).Events.Select(logged => logged.Event).OfType<SessionEvent.Sent>().Select(sent => sent.Estimate));
    }

    [Fact]
    public void A_damaged_log_opens_up_to_the_damage_says_so_and_is_kept()
    {
        New(new SessionEvent.Sent(1), new SessionEvent.Sent(2), new SessionEvent.Sent(3)).Dispose();
        string[] lines = File.ReadAllLines(Log);
        lines[2] = lines[2].Replace("\"event\"", "\"evnt\"", StringComparison.Ordinal);
        File.WriteAllLines(Log, lines);
        string damaged = File.ReadAllText(Log);
        SessionOpening.Found found = Assert.IsType<SessionOpening.Found>(Session.Open(Folder, TimeProvider.System));
        found.Session.Dispose();
        LogTail.Damaged tail = Assert.IsType<LogTail.Damaged>(found.Tail);
        Assert.Equal((3L, 2L), (tail.Line, tail.Lost));
        Assert.Equal(damaged, File.ReadAllText(Path.Combine(Folder, "events.damaged.jsonl")));
        Assert.Equal(2, LogReading.Of(Log, null).Events.Count);
    }

    [Fact]
    public void A_blob_that_is_not_what_its_name_says_costs_its_own_text_and_the_model_is_told()
    {
        New(new SessionEvent.CallEnded("c1", [new Block.Text(new string('x', Blobs.Threshold))], CallEnding.Done), new SessionEvent.Sent(1)).Dispose();
        string blob = Directory.GetFiles(Path.Combine(Folder, "blobs")).Single();
        File.WriteAllText(blob, "something else");
        LogReading reading = LogReading.Of(Log, EventLog.BlobsOf(Folder));
        Assert.Equal(LogTail.Whole.Instance, reading.Tail);
        Assert.Equal(new SessionEvent.CallEnded("c1", [new Block.Text($"[These {Blobs.Threshold} characters are lost: the session's file blobs/{Path.GetFileName(blob)} is missing or damaged.]")], CallEnding.Done), reading.Events[1].Event);
    }

    [Fact]
    public void A_log_of_a_later_version_is_left_alone()
    {
        New().Dispose();
        File.WriteAllText(Log, File.ReadAllText(Log).Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        string before = File.ReadAllText(Log);
        Assert.Equal(new SessionOpening.Unreadable("its log has version 2, and this program reads up to 1."), Session.Open(Folder, TimeProvider.System));
        Assert.Equal(before, File.ReadAllText(Log));
    }

    [Fact]
    public void A_log_from_before_prompts_were_counted_by_themselves_is_read_as_it_was_meant()
    {
        New(new SessionEvent.Replied([new Block.Text("So.")], StopReason.EndTurn, Usage, null) { Prompt = 99 }).Dispose();
        File.WriteAllText(Log, File.ReadAllText(Log).Replace("\"prompt\":99,", "", StringComparison.Ordinal));
        Assert.Equal(Usage.TotalInput, Assert.IsType<SessionEvent.Replied>(LogReading.Of(Log, null).Events[^1].Event).Prompt);
    }

    [Fact]
    public void Two_processes_never_have_one_session()
    {
        using Session first = New();
        Assert.Equal(new SessionOpening.Locked(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), Session.Open(Folder, TimeProvider.System));
    }

    [Fact]
    public void A_fork_has_the_events_up_to_the_one_that_was_named_at_their_own_times()
    {
        SessionStore store = new(_scratch.Folder("store"), TimeProvider.System);
        using (Session session = Assert.IsType<SessionOpening.Found>(store.Create(new("", "/p", "m", "System."))).Session)
            foreach (int n in (int[])[1, 2, 3]) session.Append(AgentState.Main, new SessionEvent.Asked([new Block.Text($"{n}")]));
        SessionSummary origin = store.Of("/p").Single();
        using Session fork = Assert.IsType<SessionOpening.Found>(store.Fork(origin, upTo: 3)).Session;
        SessionSummary copy = store.Of("/p").Single(session => session.Opened.ForkOf == origin.Opened.Id);
        Assert.Equal(["1", "2"], fork.Agent(AgentState.Main).Requests.Select(request => ((Block.Text)request[0]).Content));
        Assert.Equal(SessionStore.Events(origin).Skip(1).Take(2), SessionStore.Events(copy).Skip(1));
    }
}
