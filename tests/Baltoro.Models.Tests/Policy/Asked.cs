// A scripted vendor with a model that speaks to it over HTTP, and what is heard from a model, on one line.

using System.Text;
using Baltoro.Chat;
using Baltoro.Models.Policy;
using Baltoro.Models.Remote;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Reply = Baltoro.ScriptedUpstream.Reply;
using Turn = Baltoro.Chat.Turn;

namespace Baltoro.Models.Tests.Policy;

/// <summary>One vendor, and the model <see cref="Model"/> there, fitted and without any other policy.</summary>
sealed class Asked : IAsyncDisposable
{
    static readonly TimeSpan Never = TimeSpan.FromDays(1);

    readonly HttpClient _http;

    Asked(ScriptedUpstream.Upstream vendor, Dialect dialect, string name, TimeProvider clock, Limits? limits)
    {
        Vendor = vendor;
        Models.Upstream upstream = new()
        {
            Name = name,
            Url = new(vendor.Url),
            Format = dialect is Dialect.Claude or Dialect.Messages ? WireFormat.Anthropic : WireFormat.OpenAI,
            Key = new Key.Set("sk-for-the-test"),
            Limits = limits ?? new() { Connect = Never, FirstByte = Never, Idle = Never },
        };
        ModelCard card = new()
        {
            Id = "m",
            Origin = new(name, upstream.Endpoint, "model"),
            Dialect = dialect,
            Ids = dialect is Dialect.Kimi ? IdDialect.Kimi : dialect is Dialect.Claude ? IdDialect.Claude : IdDialect.Any,
            Window = 200_000,
            OutputLimit = 32_000,
            Thinking = dialect is Dialect.Claude ? ThinkingSupport.Budget : ThinkingSupport.Always,
            Prefill = dialect is Dialect.Kimi or Dialect.SelfHosted or Dialect.Messages or Dialect.Claude,
        };
        _http = RemoteModel.CreateHttpClient(upstream.Limits with { Connect = TimeSpan.FromSeconds(10) });
        Model = new Fitted(new RemoteModel(card, upstream, _http, clock));
    }

    public ScriptedUpstream.Upstream Vendor { get; }

    public IChatModel Model { get; }

    /// <summary>How many requests reached the vendor's model.</summary>
    public int Times => Vendor.Asked.Count;

    public static readonly ChatRequest Question = new() { Model = "m", OutputLimit = 1000, Turns = [new Turn.User([new Block.Text("x")])] };

    /// <summary>A vendor whose n-th reply meets the n-th fault, and none after the last.</summary>
    public static Task<Asked> Of(TimeProvider clock, Script script, params Fault[] faults) => Of(clock, new Kimi(), Dialect.Kimi, script, faults);

    public static Task<Asked> Of(TimeProvider clock, Vendor vendor, Dialect dialect, Script script, Fault[] faults, string name = "up", Limits? limits = null) =>
        Of(clock, vendor, dialect, script, number => number < faults.Length ? faults[number] : new Fault.None(), name, limits);

    public static async Task<Asked> Of(
        TimeProvider clock, Vendor vendor, Dialect dialect, Script script, Func<int, Fault> faults, string name = "up", Limits? limits = null) =>
        new(await ScriptedUpstream.Upstream.Start(vendor, script, (number, _) => faults(number)), dialect, name, clock, limits);

    public static Task<Asked> Of(TimeProvider clock, params Fault[] faults) => Of(clock, Says(), faults);

    public static Script Says(string text = "hello", string thought = "hm") => (_, _) => Reply.Of(new Part.Think(thought), new Part.Say(text));

    /// <summary>
    /// Everything heard: thinking in angle brackets, text in quotes, calls in square brackets, mends in parentheses; blocks that were never
    /// closed end in an ellipsis. The start is a bar.
    /// </summary>
    public static async Task<string> Hear(IChatModel model, ChatRequest? request = null, CancellationToken cancellationToken = default)
    {
        List<ReplyEvent> events = [];
        await foreach (ReplyEvent step in model.Reply(request ?? Question, cancellationToken)) events.Add(step);
        return Line(events);
    }

    public static string Line(IEnumerable<ReplyEvent> events)
    {
        StringBuilder line = new();
        string end = "";
        foreach (ReplyEvent step in events)
        {
            switch (step.Value)
            {
                case string delta: line.Append(delta); break;
                case ReplyEvent.Started: line.Append("| "); break;
                case ReplyEvent.Opened opened:
                    (string start, end) = opened.Head switch
                    {
                        BlockHead.Thinking => ("<", "> "),
                        BlockHead.Text => ("\"", "\" "),
                        BlockHead.ToolCall call => ($"[{call.Name} ", "] "),
                        _ => ("?", "? "),
                    };
                    line.Append(start);
                    break;
                case ReplyEvent.Closed: line.Append(end); end = ""; break;
                case ReplyEvent.Whole whole: line.Append(whole.Block.GetType().Name).Append(' '); break;
                case ReplyEvent.Mended mended:
                    if (end.Length > 0) line.Append('…');
                    line.Append('(').Append(mended.What).Append(") ");
                    if (end.Length > 0) line.Append('…');
                    break;
                case ReplyEvent.Finished finished: line.Append(finished.Reason); break;
                case ReplyEvent.Failed failed: line.Append(end.Length > 0 ? "… " : "").Append(failed.Failure.GetType().Name); break;
            }
        }
        return line.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Vendor.DisposeAsync();
    }
}
