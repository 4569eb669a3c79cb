// What holds for any sequence of failures.

using Baltoro.Chat;
using Baltoro.Chat.Repair;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using CsCheck;
using Reply = Baltoro.ScriptedUpstream.Reply;

namespace Baltoro.Models.Tests.Policy;

public class PolicyProperties
{
    const string Thought = "A thought of some length, in several pieces.", Text = "What is said has some length, too, and is cut into several pieces.";

    static readonly Gen<Fault> Faults = Gen.Frequency<Fault>(
        (3, Gen.Int[0, 16].Select(Fault (events) => new Fault.CutAfter(events))),
        (3, Gen.Int[0, 16].Select(Fault (events) => new Fault.EndAfter(events))),
        (2, Gen.Int[0, 3].Select(Fault (i) => new Fault.Status(((int[])[429, 500, 503, 529])[i]))),
        (1, Gen.Int[400, 401].Select(Fault (status) => new Fault.Status(status))),
        (1, Gen.Const<Fault>(new Fault.Empty())), (1, Gen.Const<Fault>(new Fault.ThinkingOnly())), (1, Gen.Const<Fault>(new Fault.LengthStop())),
        (1, Gen.Const<Fault>(new Fault.Arguments(Damage.CutOff))),
        (2, Gen.Const<Fault>(new Fault.None())));

    // The model goes on with what it is given, sometimes behind a repetition of it.
    static Reply Says(int number, Conversation conversation)
    {
        string given = conversation.Turns switch
        {
            [.., ScriptedUpstream.Turn.Assistant begun] => begun.Text,
            [.., ScriptedUpstream.Turn.Assistant begun, ScriptedUpstream.Turn.User] => begun.Text,
            _ => "",
        };
        string rest = number % 3 == 1 ? Text : Text[given.Length..];
        return Reply.Of([.. given.Length == 0 ? (Part[])[new Part.Think(Thought)] : [], .. rest.Length == 0 ? (Part[])[] : [new Part.Say(rest)],
            new Part.Call("Read", "{\"path\":\"a\"}"), new Part.Call("Read", "{\"path\":\"b\"}")]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_client_sees_one_text_once_one_end_and_no_call_twice(bool prefills)
    {
        PassingTime clock = new();
        Fault[] first = [], second = [];
        int before = 0, beforeSecond = 0;
        Fault At(Fault[] faults, int number) => number < faults.Length ? faults[number] : new Fault.None();
        await using Asked one = await Asked.Of(clock, prefills ? new Kimi() : new Glm(), prefills ? Dialect.Kimi : Dialect.Glm, Says, number => At(first, number - before));
        await using Asked two = await Asked.Of(clock, new Kimi(), Dialect.Kimi, Says, number => At(second, number - beforeSecond));
        IChatModel route = new Failover([Steady(one), Steady(two)]);
        ChatRequest request = Asked.Question with { Tools = [new ToolSpec.Function("Read", null, RawJson.Of("""{"type":"object"}"""))] };

        await Gen.Select(Faults.Array[0, 8], Faults.Array[0, 4]).SampleAsync(async drawn =>
        {
            // A model that has nothing to add three times has said all: no one could tell it from one that is ill.
            (first, second, before, beforeSecond) = (AtMostTwoSilent(drawn.Item1), AtMostTwoSilent(drawn.Item2), one.Times, two.Times);
            List<ReplyEvent> events = await SteadyTests.Events(route, request);
            return IsOneReply(events);
        }, iter: 150, threads: 1);

        Steady Steady(Asked asked) => new(new Retry(asked.Model, new() { Tries = 2 }, clock, new(1)), (asks, last) => new Chain(
            new ThinkingLoop(), new WholeCalls(asks.Tools, last ? BrokenCalls.PassOn : BrokenCalls.Report), new Substance(), new ClientIds(asks)), new(), clock);
    }

    static Fault[] AtMostTwoSilent(Fault[] faults)
    {
        int silent = 0;
        return [.. faults.Select(fault => fault is Fault.Empty or Fault.ThinkingOnly && ++silent > 2 ? new Fault.None() : fault)];
    }

    static bool IsOneReply(List<ReplyEvent> events)
    {
        BlockHead? open = null;
        string text = "";
        List<string> calls = [];
        bool isStarted = false;
        foreach ((int i, ReplyEvent step) in events.Index())
        {
            switch (step.Value)
            {
                case ReplyEvent.Mended or ReplyEvent.Counted: break;
                case ReplyEvent.Started: Check(!isStarted); isStarted = true; break;
                case ReplyEvent.Opened opened:
                    Check(isStarted && open is null);
                    open = opened.Head;
                    if (open is BlockHead.ToolCall) calls.Add("");
                    break;
                case string delta:
                    Check(open is not null);
                    if (open is BlockHead.Text) text += delta;
                    if (open is BlockHead.ToolCall) calls[^1] += delta;
                    break;
                case ReplyEvent.Closed: Check(open is not null); open = null; break;
                case ReplyEvent.Finished finished:
                    Check(i == events.Count - 1 && open is null && text == Text);
                    // A length stop or a broken call that stays is told as it is.
                    Check(finished.Reason is not StopReason.ToolUse || calls.Count == 2);
                    break;
                case ReplyEvent.Failed: Check(i == events.Count - 1); break;
                default: Check(false); break;
            }
        }
        Check(Text.StartsWith(text, StringComparison.Ordinal));
        Check(calls.Count is 0 or 2 && calls.Distinct().Count() == calls.Count);
        Check(events[^1].Value is ReplyEvent.Finished or ReplyEvent.Failed);
        return true;

        void Check(bool holds)
        {
            if (!holds) throw new Xunit.Sdk.XunitException(Asked.Line(events));
        }
    }
}
