// What the repairs of calls, circling thoughts and empty replies add to one event that needs none of them.

using Baltoro.Chat;
using Baltoro.Chat.Repair;
using BenchmarkDotNet.Attributes;

namespace Baltoro.Benchmarks;

/// <summary>The block is opened once; each operation is one more delta, or one whole reply with a call.</summary>
public class WholeCallsEvent
{
    // Thinking as it streams: pieces of a word or two, a line's end now and then.
    static readonly string[] Pieces = ["So", " the next", " file to", " read", " is", " `src/Gateway.cs`", ",", " which", " holds the", " state machine", ".\n", " Then"];

    static readonly Sequence<ToolSpec> Tools = Enumerable.Range(0, 21).Select(n => (ToolSpec)new ToolSpec.Function(
        n == 0 ? "Read" : $"Tool{n}", null, RawJson.Of("""{"type":"object","properties":{"file_path":{"type":"string"},"limit":{"type":"integer"}},"required":["file_path"]}"""))).ToSequence();

    static readonly ReplyEvent[] CallReply =
    [
        new ReplyEvent.Opened(new BlockHead.ToolCall("functions.Read:0", "Read")), """{"file_path":"/home/user/project""", """/src/Gateway.cs","limit":200}""",
        ReplyEvent.Closed.Plain, new ReplyEvent.Finished(StopReason.ToolUse),
    ];

    readonly List<ReplyEvent> _one = new(8), _two = new(8), _out = new(8);
    IReplyRepair[] _repairs = [];
    int _next;

    [Params("text", "thinking")]
    public string Block { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        _repairs = [new ThinkingLoop(), new WholeCalls(Tools, BrokenCalls.Report), new Substance()];
        Send(new ReplyEvent.Opened(Block == "text" ? BlockHead.Text.Plain : BlockHead.Thinking.Plain));
    }

    [Benchmark]
    public int Delta()
    {
        // A number that changes, so that the thinking does not go round in circles.
        int n = _next++;
        return Send(n % 12 == 0 ? Numbers[n / 12 % Numbers.Length] : Pieces[n % 12]);
    }

    static readonly string[] Numbers = [.. Enumerable.Range(0, 1000).Select(n => $"File {n}:")];

    [Benchmark]
    public int ReplyWithACall()
    {
        _out.Clear();
        WholeCalls repair = new(Tools, BrokenCalls.Report);
        foreach (ReplyEvent step in CallReply) repair.Next(step, _out);
        return _out.Count;
    }

    int Send(ReplyEvent step)
    {
        _one.Clear();
        _one.Add(step);
        foreach (IReplyRepair repair in _repairs)
        {
            _two.Clear();
            foreach (ReplyEvent each in _one) repair.Next(each, _two);
            (_one[0], _two[0]) = (_two[0], _one[0]);
        }
        return _one.Count;
    }
}
