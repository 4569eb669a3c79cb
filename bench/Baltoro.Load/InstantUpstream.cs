// An upstream that answers every chat completion at once with the same bytes, so that only the gateway's time is measured.

using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Load;

/// <summary>Under <c>/at-once</c> a whole stream; under <c>/held</c> a stream that begins and then waits until its client goes.</summary>
sealed class InstantUpstream : IAsyncDisposable
{
    static readonly byte[] Begin = Events(Chunk("""{"role":"assistant","content":""}"""), Chunk("""{"reasoning_content":"Let me look."}"""));

    static readonly byte[] Reply =
    [
        .. Begin,
        .. Events([.. Enumerable.Repeat(Chunk("""{"reasoning_content":" so the next"}"""), 3)]),
        .. Events([.. Enumerable.Repeat(Chunk("""{"content":"The file holds"}"""), 12)]),
        .. Events(Chunk("{}", "\"stop\""),
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763900000,"model":"moonshotai/kimi-k2-thinking","choices":[],"usage":{"prompt_tokens":50,"completion_tokens":16,"total_tokens":66}}""",
            "[DONE]"),
    ];

    readonly WebApplication _app;

    InstantUpstream(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<InstantUpstream> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.Run(Answer);
        await app.StartAsync();
        return new(app);
    }

    static async Task Answer(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        while (await body.ReadAsync() is var read)
        {
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
        context.Response.ContentType = "text/event-stream";
        bool held = context.Request.Path.StartsWithSegments("/held", StringComparison.Ordinal);
        await context.Response.BodyWriter.WriteAsync(held ? Begin : Reply);
        if (!held) return;
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client went.
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    static string Chunk(string delta, string reason = "null") =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1763900000,"model":"moonshotai/kimi-k2-thinking","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{reason}}}]}""";

    static byte[] Events(params string[] events) => Encoding.UTF8.GetBytes(string.Concat(events.Select(data => $"data: {data}\n\n")));
}
