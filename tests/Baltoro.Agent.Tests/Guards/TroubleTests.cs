// Each way in which a request can fail, and the moves that follow: the pauses, the words, the giving up. Of the guards alone, without a model and without a clock.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Context;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Guards;

public class TroubleTests
{
    static readonly DateTimeOffset Began = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    readonly AgentState _state = new();
    DateTimeOffset _now = Began;

    public TroubleTests() => Happens(new SessionEvent.Asked([new Block.Text("Do it.")]));

    void Happens(SessionEvent what) => _state.Apply(new(1, _now, AgentState.Main, what));

    void Fails(Trouble trouble, TimeSpan? retryAfter = null) =>
        Happens(new SessionEvent.Failed(trouble, "Name", "Words.", new(), 0) { RetryAfter = retryAfter });

    Move Next(TimeSpan? patience = null, RunEnd? spent = null) => Course.Next(new(_state, new Room(100_000, 8_000, 1_000), IsStopAsked: false, spent, _now, patience));

    /// <summary>Fails again and again, and does what follows each time, until the run ends.</summary>
    IEnumerable<string> Moves(Trouble trouble, TimeSpan? patience = null)
    {
        while (true)
        {
            Fails(trouble);
            Move move = Next(patience);
            switch (move)
            {
                case Move.Ask ask:
                    yield return $"wait {ask.Pause.TotalSeconds:0}";
                    _now += ask.Pause;
                    break;
                case Move.Tell tell:
                    yield return $"tell {tell.Reason}";
                    Happens(new SessionEvent.Nudged(tell.Reason, tell.Text));
                    break;
                case Move.Finish finish:
                    yield return $"{finish.How.GetType().Name}: {finish.How.Text}";
                    yield break;
                default:
                    yield return $"{move}";
                    yield break;
            }
        }
    }

    [Fact]
    public void What_can_pass_is_asked_again_after_pauses_that_double_up_to_five_minutes_for_as_long_as_there_is_patience()
    {
        string[] course = [.. Moves(Trouble.Passing, TimeSpan.FromMinutes(20))];
        Assert.Equal(["wait 1", "wait 2", "wait 4", "wait 8", "wait 16", "wait 32", "wait 64", "wait 128", "wait 256", "wait 300", "wait 300", "Error: Name: Words. It has failed 12 times in a row, for 00:18:31."], course);
    }

    [Fact]
    public void Where_a_limit_of_time_ends_the_run_what_can_pass_is_waited_for_until_then()
    {
        Assert.Equal("wait 300", Moves(Trouble.Passing).Take(500).Last());
        Assert.Equal(new Move.Finish(new RunEnd.OutOfBudget(Limit.Time, "Over.")), Next(spent: new RunEnd.OutOfBudget(Limit.Time, "Over.")));
    }

    [Fact]
    public void A_pause_that_the_upstream_asks_for_is_kept_even_when_it_is_long()
    {
        Fails(Trouble.Passing, TimeSpan.FromMinutes(30));
        Assert.Equal(new Move.Ask(TimeSpan.FromMinutes(30), "Name: Words."), Next(TimeSpan.FromHours(1)));
        Assert.IsType<Move.Finish>(Next(TimeSpan.FromMinutes(29)));
    }

    [Theory]
    [InlineData(Trouble.Empty, NudgeReason.EmptyReply, "Error"), InlineData(Trouble.OutOfRoom, NudgeReason.OutOfRoom, "Error")]
    [InlineData(Trouble.Looping, NudgeReason.Circles, "Looped"), InlineData(Trouble.BrokenCall, NudgeReason.BrokenCall, "Error")]
    public void What_the_model_did_wrong_is_told_to_it_three_times_and_then_ends_the_run(Trouble trouble, NudgeReason reason, string end) =>
        Assert.Equal([$"tell {reason}", $"tell {reason}", $"tell {reason}", $"{end}: Name: Words. The model was told 3 times."], Moves(trouble));

    [Fact]
    public void A_call_with_a_result_begins_the_count_anew()
    {
        foreach (string move in Moves(Trouble.Empty).Take(3)) Assert.Equal("tell EmptyReply", move);
        Happens(new SessionEvent.Replied([new Block.ToolCall("1", "Read", "{}")], StopReason.ToolUse, new(), 0));
        Happens(new SessionEvent.CallEnded("1", [new Block.Text("x")], CallEnding.Done));
        Assert.Equal("tell EmptyReply", Moves(Trouble.Empty).First());
    }

    [Fact]
    public void A_prompt_that_is_too_long_makes_room_and_what_cannot_be_mended_ends_the_run()
    {
        Assert.Equal([$"{new Move.MakeRoom()}"], Moves(Trouble.TooLong));
        Assert.Equal(["Error: Name: Words."], Moves(Trouble.Final));
    }

    [Theory]
    [InlineData(StopReason.OutputLimit, 3), InlineData(StopReason.WindowFull, 3)]
    public void A_text_that_was_cut_at_a_limit_is_no_answer_and_goes_on(StopReason reason, int times)
    {
        for (int time = 0; time < times; time++)
        {
            Happens(new SessionEvent.Replied([new Block.Text("So far")], reason, new(), 0));
            Move.Tell tell = Assert.IsType<Move.Tell>(Next());
            Assert.Equal(NudgeReason.CutAtLimit, tell.Reason);
            Happens(new SessionEvent.Nudged(tell.Reason, tell.Text));
        }
        Happens(new SessionEvent.Replied([new Block.Text("So far")], reason, new(), 0));
        Assert.IsType<Move.Finish>(Next());
    }

    [Fact]
    public void No_call_of_a_cut_reply_is_ever_run()
    {
        // What failed has no blocks in the log: there is nothing that could be run.
        Fails(Trouble.BrokenCall);
        Assert.Single(_state.Turns);
        Assert.IsNotType<Move.RunCalls>(Next());
    }
}
