// An upstream that plays a model which reads one file after the other: each request is answered at once with the next call, the last one with a word. It looks at no request's contents.

using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Load;

/// <summary>For one run of one agent.</summary>
/// <param name="atTheEnd">Called before the last reply is sent, while the agent's process still lives.</param>
sealed class StepUpstream(WebApplication app, int steps, string folder, Action atTheEnd) : IAsyncDisposable
{
    /// <summary>When the last byte of each reply was handed to the system, as timestamps.</summary>
    readonly List<long> _answered = [];

    public string Url => app.Urls.Single();

    /// <summary>Milliseconds from the end of one reply to the end of the next.</summary>
    public IReadOnlyList<double> Steps => [.. _answered.Zip(_answered.Skip(1)).Select(pair => Stopwatch.GetElapsedTime(pair.First, pair.Second).TotalMilliseconds)];

    /// <param name="steps">Replies, the last one included.</param>
    /// <param name="folder">Where the files lie that are read.</param>
    public static async Task<StepUpstream> Start(int steps, string folder, Action atTheEnd)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        StepUpstream upstream = new(app, steps, folder, atTheEnd);
        app.Run(upstream.Answer);
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task Answer(HttpContext context)
    {
        while (await context.Request.BodyReader.ReadAsync() is var read)
        {
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
        int step = _answered.Count + 1;
        if (step == steps) atTheEnd();
        context.Response.ContentType = "text/event-stream";
        await context.Response.BodyWriter.WriteAsync(step < steps ? Call(step) : Last());
        await context.Response.CompleteAsync();
        _answered.Add(Stopwatch.GetTimestamp());
    }

    byte[] Call(int step) => Events(
    [
        Chunk("""{"role":"assistant","content":""}"""),
        .. Enumerable.Repeat(Chunk("""{"reasoning_content":" so the next file it is, and"}"""), 8),
        Chunk($$$"""{"tool_calls":[{"index":0,"id":"functions.Read:{{{step - 1}}}","type":"function","function":{"name":"Read","arguments":""}}]}"""),
        Chunk($$$"""{"tool_calls":[{"index":0,"function":{"arguments":"{\"file_path\":\"{{{folder}}}/{{{step}}}.txt\"}"}}]}"""),
        Chunk("{}", "\"tool_calls\""), Count(step), "[DONE]",
    ]);

    byte[] Last() => Events([Chunk("""{"role":"assistant","content":"Hi."}"""), Chunk("{}", "\"stop\""), Count(steps), "[DONE]"]);

    static string Count(int step) =>
        $$$"""{"id":"c","object":"chat.completion.chunk","created":1763900000,"model":"m","choices":[],"usage":{"prompt_tokens":{{{3000 + 250 * step}}},"completion_tokens":60,"total_tokens":{{{3060 + 250 * step}}}}}""";

    static string Chunk(string delta, string reason = "null") =>
        $$"""{"id":"c","object":"chat.completion.chunk","created":1763900000,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{reason}}}]}""";

    static byte[] Events(IEnumerable<string> events) => Encoding.UTF8.GetBytes(string.Concat(events.Select(data => $"data: {data}\n\n")));
}
