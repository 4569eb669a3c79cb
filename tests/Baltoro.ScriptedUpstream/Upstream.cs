// A real HTTP server on loopback that plays one vendor's models from a script, checks what it is sent as that vendor does,
// and keeps all it saw. It knows nothing of the product that is tested against it.

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.ScriptedUpstream.Vendors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Baltoro.ScriptedUpstream;

public sealed class Upstream : IAsyncDisposable
{
    static readonly TimeSpan BetweenPings = TimeSpan.FromMilliseconds(200);

    WebApplication _server;
    readonly Script _script;
    readonly FaultPlan _faults;
    readonly int _seed;
    readonly Claim? _claim;
    readonly ConcurrentQueue<RecordedRequest> _requests = [];
    readonly ConcurrentQueue<string> _violations = [];
    int _asked = -1;
    TaskCompletionSource<Silence> _silence = New();

    Upstream(Vendor vendor, Script script, FaultPlan? faults, int seed, Claim? claim)
    {
        (Vendor, _script, _faults, _seed, _claim) = (vendor, script, faults ?? ((_, _) => new Fault.None()), seed, claim);
        _server = Build(port: 0);
    }

    public Vendor Vendor { get; }

    /// <summary>What a client is configured with: the address and the vendor's base path.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Every request, in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>The requests that reached the model.</summary>
    public IReadOnlyList<RecordedRequest> Asked => [.. _requests.Where(r => r.Number >= 0)];

    /// <summary>Everything that the vendor had to refuse or would have suffered from; a healthy test ends with none.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    /// <param name="vendor">Who it plays.</param>
    /// <param name="script">What its model says.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="seed">Another one chops streams at other places.</param>
    /// <param name="claim">What it says of its tokens, where that is not the truth.</param>
    public static async Task<Upstream> Start(Vendor vendor, Script script, FaultPlan? faults = null, int seed = 1, Claim? claim = null)
    {
        var upstream = new Upstream(vendor, script, faults, seed, claim);
        await upstream._server.StartAsync();
        upstream.Url = upstream._server.Urls.Single() + vendor.BasePath;
        return upstream;
    }

    /// <summary>Completes when a reply falls silent the next time: who waits for that need not measure how long nothing comes.</summary>
    public Task<Silence> NextSilence => Volatile.Read(ref _silence).Task;

    /// <summary>From here on connections are refused.</summary>
    public void GoAway() => _server.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Listens again where it did before.</summary>
    public void ComeBack()
    {
        _server = Build(new Uri(Url).Port);
        _server.StartAsync().GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => Listen(kestrel, port));
        var server = builder.Build();
        server.Run(Handle);
        return server;
    }

    static void Listen(KestrelServerOptions kestrel, int port)
    {
        kestrel.Listen(IPAddress.Loopback, port);
        kestrel.Limits.MaxRequestBodySize = 64 << 20;
        kestrel.AddServerHeader = false;
    }

    async Task Handle(HttpContext http)
    {
        var request = await Record(http);
        if (request.Number < 0)
        {
            await (Vendor.Aside(request) is { } aside ? Answer(http, 200, aside) : Answer(http, 404, Vendor.Error(404, "Not found")));
            return;
        }
        JsonElement body;
        try { body = request.Parse(); }
        catch (JsonException e)
        {
            await Refuse(http, request, new Finding.Refused($"The request body is not valid JSON: {e.Message}"));
            return;
        }
        if (Judge(request, body) is { } refusal) await Refuse(http, request, refusal);
        else await Reply(http, request, body);
    }

    async Task<RecordedRequest> Record(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var reachesModel = http.Request.Method == "POST" && http.Request.Path == Vendor.BasePath + Vendor.ModelPath;
        var request = new RecordedRequest(
            reachesModel ? Interlocked.Increment(ref _asked) : -1,
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()) { Arrived = TimeProvider.System.GetTimestamp() };
        _requests.Enqueue(request);
        return request;
    }

    /// <summary>Notes everything wrong, and returns what is answered for it, if anything.</summary>
    Finding.Refused? Judge(RecordedRequest request, JsonElement body)
    {
        var findings = Vendor.Check(request, body).ToList();
        foreach (var finding in findings.OfType<Finding.Degraded>()) Note(request, finding);
        return findings.OfType<Finding.Refused>().FirstOrDefault() ?? Overflow(body);
    }

    Finding.Refused? Overflow(JsonElement body)
    {
        var prompt = Usage.Of(body, ScriptedUpstream.Reply.Of()).Prompt;
        var output = body.Number("max_tokens") ?? body.Number("max_completion_tokens") ?? 0;
        return (long)prompt + output > Vendor.Window ? new Finding.Refused(Vendor.TooLong(prompt, output)) : null;
    }

    async Task Reply(HttpContext http, RecordedRequest request, JsonElement body)
    {
        var conversation = request.Conversation = Vendor.Read(body);
        var fault = _faults(request.Number, conversation);
        if (fault is Fault.Status status)
        {
            foreach (var (name, value) in status.Headers ?? new Dictionary<string, string>()) http.Response.Headers[name] = value;
            await Answer(http, status.Code, status.Body ?? Vendor.Error(status.Code, $"Scripted status {status.Code}").AsJson());
            return;
        }
        if (fault is Fault.Reset)
        {
            // Without lingering the connection ends with a reset instead of a close.
            if (http.Features.Get<IConnectionSocketFeature>() is { } connection) connection.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            http.Abort();
            return;
        }
        var reply = Vendor.Fit(body, _script(request.Number, conversation).Spoiled(fault, conversation).GoingOn(conversation));
        var question = new Question(body, conversation, request.Billed = Billed(body, reply, conversation));
        if (body.IsTrue("stream")) await Stream(http, request, Vendor.Stream(question, reply), fault);
        else await Whole(http, Vendor.Whole(question, reply), fault);
    }

    Usage Billed(JsonElement body, Reply reply, Conversation conversation) =>
        Usage.Of(body, reply) is var usage && _claim is { } claim ? claim(usage, conversation) : usage;

    async Task Stream(HttpContext http, RecordedRequest request, IEnumerable<Sent> events, Fault fault)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        // An abort could overtake what was sent before it. A body shorter than announced breaks off at an exact place.
        if (fault is Fault.CutAfter or Fault.Broken { How: Breaking.Cut }) http.Response.ContentLength = long.MaxValue;
        var output = new Chopped(http.Response.BodyWriter, new Random(unchecked(_seed * 7919 + request.Number)));
        var stop = http.RequestAborted;
        if (fault is Fault.Broken broken)
        {
            await Break(http, output, [.. events], broken, request.Bill);
            return;
        }
        var sent = 0;
        foreach (var (text, _) in events)
        {
            switch (fault)
            {
                case Fault.CutAfter cut when cut.Events == sent:
                    await http.Response.StartAsync(stop);
                    await output.Drain(stop);
                    return;
                case Fault.EndAfter end when end.Events == sent:
                    await output.Drain(stop);
                    return;
                case Fault.StallAfter stall when stall.Events == sent:
                    await http.Response.StartAsync(stop);
                    await output.Drain(stop);
                    await stall.Until.WaitAsync(stop);
                    break;
            }
            await output.Send(text, stop);
            request.Bill.Add(text);
            sent++;
        }
        await output.Drain(stop);
    }

    async Task Break(HttpContext http, Chopped output, List<Sent> events, Fault.Broken broken, Bill bill)
    {
        var stop = http.RequestAborted;
        var (whole, half) = Places.Of(broken, events);
        if (broken is not { Where: Place.First, How: Breaking.Stall }) await http.Response.StartAsync(stop);
        foreach (var (text, _) in events.Take(whole))
        {
            await output.Send(text, stop);
            bill.Add(text);
        }
        var rest = half ? events[whole].Text[..(events[whole].Text.Length / 2)] : "";
        if (half) await output.Send(rest, stop);
        await output.Drain(stop);
        var bytes = events.Take(whole).Sum(sent => Encoding.UTF8.GetByteCount(sent.Text)) + Encoding.UTF8.GetByteCount(rest);
        if (broken.How is Breaking.Stall or Breaking.StallWithPings)
            Interlocked.Exchange(ref _silence, New()).SetResult(new Silence(http.Response.HasStarted, bytes, broken.How == Breaking.StallWithPings));
        switch (broken.How)
        {
            case Breaking.Stall:
                await Pause(Timeout.InfiniteTimeSpan, stop);
                break;
            case Breaking.StallWithPings:
                while (await Pause(BetweenPings, stop))
                {
                    await output.Send(Vendor.SignOfLife, stop);
                    await output.Drain(stop);
                }
                break;
        }
    }

    /// <returns>False when the client gave up.</returns>
    static async Task<bool> Pause(TimeSpan time, CancellationToken stop)
    {
        await Task.Delay(time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return !stop.IsCancellationRequested;
    }

    static TaskCompletionSource<Silence> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    static async Task Whole(HttpContext http, JsonObject reply, Fault fault)
    {
        if (fault is Fault.StallAfter stall) await stall.Until.WaitAsync(http.RequestAborted);
        if (fault is Fault.CutAfter or Fault.EndAfter or Fault.Broken) http.Abort();
        else await Answer(http, 200, reply);
    }

    async Task Refuse(HttpContext http, RecordedRequest request, Finding.Refused refusal)
    {
        Note(request, refusal);
        await Answer(http, refusal.Status, Vendor.Error(refusal.Status, refusal.Message));
    }

    void Note(RecordedRequest request, Finding finding) =>
        _violations.Enqueue($"{Vendor.Name}, request {request.Number}: {finding.GetType().Name.ToLowerInvariant()}: {finding.Message}");

    static Task Answer(HttpContext http, int status, JsonObject body) => Answer(http, status, body.AsJson());

    static async Task Answer(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), http.RequestAborted);
    }
}

/// <summary>A reply of which no more comes.</summary>
/// <param name="Began">False when not even its head was sent.</param>
/// <param name="Bytes">Of its body, sent before.</param>
/// <param name="HasPings">Whether signs of life follow.</param>
public sealed record Silence(bool Began, long Bytes, bool HasPings);
