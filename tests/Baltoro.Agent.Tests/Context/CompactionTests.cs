// Long tasks in small windows: what was said at the beginning is used at the end, and the prefix in front of the model changes when room is made and at no other time.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;
using Reply = Baltoro.ScriptedUpstream.Reply;

namespace Baltoro.Agent.Tests.Context;

public class CompactionTests
{
    const int Window = 32_000;

    [Fact]
    public Task Three_hundred_steps_over_Chat_fit_a_window_of_32000_tokens() => Walk(new Glm(), "openai", "glm");

    [Fact]
    public Task Three_hundred_steps_over_Messages_fit_a_window_of_32000_tokens() => Walk(new Claude(), "anthropic", "claude");

    [Fact]
    public Task Three_hundred_steps_with_a_Kimi_over_Messages_fit_a_window_of_32000_tokens() => Walk(new CompatibleMessages(), "anthropic", "messages");

    static async Task Walk(Vendor vendor, string format, string dialect)
    {
        vendor.Window = Window;
        await using Scene scene = await Scene.Of(vendor, format, dialect, Ledger.Script(), window: Window);
        Ledger ledger = new(299, scene.Project);
        ledger.Lay();

        Assert.Equal(new RunEnd.Done("The sum is written."), await scene.Run(ledger.Task));

        Assert.Equal(ledger.Answer, await File.ReadAllTextAsync(ledger.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Empty(scene.Upstream.Violations);
        Assert.Equal(300, scene.Diary.Done.Distinct().Count());
        Assert.Equal(300, scene.Diary.Done.Count);
        int compactions = Events(scene).Count(what => what is SessionEvent.Compacted or SessionEvent.Evicted), breaks =
            scene.Upstream.Asked.Zip(scene.Upstream.Asked.Skip(1)).Count(pair => !SharedPrefix.InMeaningBetween(pair.First, pair.Second).Whole);
        Assert.InRange(compactions, 5, 30);
        Assert.Equal(compactions, breaks);
    }

    /// <summary>A model of this machine, whose tokens are counted before it is asked: here each is a quarter of what an estimate takes for one.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task Where_prompts_can_be_counted_the_count_decides_when_room_is_made(bool isCounted)
    {
        await using Scene scene = await Scene.Of(new Glm(), "openai", "glm", Ledger.Script(), window: Window);
        Ledger ledger = new(29, scene.Project);
        ledger.Lay();
        List<int> counted = [];
        Task<long?> Count(ChatRequest request, CancellationToken cancellation)
        {
            counted.Add(request.Turns.Count);
            return Task.FromResult<long?>(4 * TokenEstimate.Of(request));
        }

        Assert.Equal(new RunEnd.Done("The sum is written."), await scene.Run(ledger.Task, scene.Setup with { Count = isCounted ? Count : null }));

        Assert.Equal(ledger.Answer, await File.ReadAllTextAsync(ledger.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Equal(isCounted, Events(scene).Any(what => what is SessionEvent.Compacted or SessionEvent.Evicted));
        // Once for each question, and once more where room was made; never while calls have no results.
        Assert.InRange(counted.Count, isCounted ? 30 : 0, isCounted ? 60 : 0);
        Assert.All(counted, turns => Assert.Equal(1, turns % 2));
    }

    public static TheoryData<string> BadNotes => ["empty", "cut off", "a call", "declined", "longer than what it replaces"];

    [Theory, MemberData(nameof(BadNotes))]
    public async Task A_note_that_cannot_be_trusted_changes_nothing_and_the_next_one_is_taken(string what)
    {
        int asked = 0;
        Reply? Note(string honest) => ++asked > 1 ? null : what switch
        {
            "empty" => Reply.Of(new Part.Think("Nothing comes to mind."), new Part.Say(" ")),
            "cut off" => new([new Part.Say(honest[..10])], Stop.Length),
            "a call" => Reply.Of(new Part.Say(honest), new Part.Call("Read", """{"file_path":"/x"}""")),
            "declined" => new([new Part.Say("I would rather not.")], Stop.Filtered),
            _ => Reply.Of(new Part.Say(string.Concat(Enumerable.Repeat("And there was much more. ", 6000)))),
        };
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", Ledger.Script(Note), window: Window);
        Ledger ledger = new(80, scene.Project);
        ledger.Lay();

        Assert.Equal(new RunEnd.Done("The sum is written."), await scene.Run(ledger.Task));

        Assert.Equal(ledger.Answer, await File.ReadAllTextAsync(ledger.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Equal(81, scene.Diary.Done.Count);
        AgentState state = new();
        bool hasFailed = false;
        foreach (LoggedEvent logged in LogReading.Of(scene.LogPath, EventLog.BlobsOf(scene.SessionFolder)).Events)
        {
            Sequence<Chat.Turn> before = state.Turns.ToSequence();
            state.Apply(logged);
            if (logged.Event is not SessionEvent.CompactionFailed) continue;
            hasFailed = true;
            Assert.Equal(before, state.Turns.ToSequence());
        }
        Assert.True(hasFailed);
    }

    [Theory, InlineData("glm"), InlineData("kimi"), InlineData("claude"), InlineData("messages")]
    public async Task A_window_that_is_smaller_than_the_catalogue_says_is_learned_from_the_refusal(string dialect)
    {
        Vendor vendor = dialect switch { "glm" => new Glm(), "kimi" => new Kimi(), "claude" => new Claude(), _ => new CompatibleMessages() };
        vendor.Window = Window;
        await using Scene scene = await Scene.Of(vendor, dialect is "claude" or "messages" ? "anthropic" : "openai", dialect, Ledger.Script(), window: 64_000);
        Ledger ledger = new(80, scene.Project);
        ledger.Lay();
        Assert.Equal(new RunEnd.Done("The sum is written."), await scene.Run(ledger.Task));
        Assert.Equal(ledger.Answer, await File.ReadAllTextAsync(ledger.AnswerFile, TestContext.Current.CancellationToken));
        Assert.All(scene.Upstream.Violations, violation => Assert.Contains("refused", violation, StringComparison.Ordinal));
        Assert.InRange(scene.Upstream.Violations.Count, 1, 4);
    }

    [Fact]
    public async Task A_model_that_never_writes_a_note_ends_the_run_and_not_in_a_circle()
    {
        await using Scene scene = await Scene.Of(new Kimi() { Window = Window }, "openai", "kimi", Ledger.Script(_ => Reply.Of(new Part.Say(" "))), window: Window);
        Ledger ledger = new(299, scene.Project);
        ledger.Lay();

        Assert.StartsWith("The window is full", Assert.IsType<RunEnd.Error>(await scene.Run(ledger.Task)).Text);
        Assert.InRange(Events(scene).Count(what => what is SessionEvent.CompactionFailed), 3, 12);
    }

    [Fact]
    public async Task On_demand_the_model_hands_over_at_once_and_goes_on_from_its_note()
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", Ledger.Script());
        Ledger ledger = new(40, scene.Project);
        ledger.Lay();
        Assert.IsType<RunEnd.OutOfBudget>(await scene.Run(ledger.Task, scene.Setup with { Budget = new() { Steps = 30 } }));
        using (Session session = scene.Open())
        using (Interruption interruption = new())
            Assert.IsType<SessionEvent.Compacted>(await AgentRun.Compact(session, scene.Setup, interruption));
        Assert.Equal(new RunEnd.Done("The sum is written."), await scene.Resume());
        Assert.Equal(ledger.Answer, await File.ReadAllTextAsync(ledger.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Equal(41, scene.Diary.Done.Count);
    }

    static IEnumerable<SessionEvent> Events(Scene scene) => LogReading.Of(scene.LogPath, null).Events.Select(logged => logged.Event);
}
