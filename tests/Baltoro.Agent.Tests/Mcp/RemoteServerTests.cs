// An MCP server over streamable HTTP, a real one on loopback.

using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Agent.Mcp;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Baltoro.Agent.Tests.Mcp;

public class RemoteServerTests
{
    [Fact]
    public async Task Its_tools_answer_and_its_headers_are_sent()
    {
        await using WebApplication app = await Serve();
        await using McpServers servers = await Start(app);
        Assert.Empty(servers.Problems);
        Assert.Equal(["mcp__web__flood", "mcp__web__hang", "mcp__web__who"], servers.Tools.Select(tool => tool.Spec.Name));
        Assert.Equal(ToolOutcome.Text("Bearer t0k"), await Call(servers, "who"));
    }

    [Fact]
    public async Task A_flood_is_cut_off_and_the_next_call_is_answered()
    {
        await using WebApplication app = await Serve();
        await using McpServers servers = await Start(app);
        ToolOutcome flood = await Call(servers, "flood");
        Assert.True(flood.IsError);
        Assert.Equal(ToolOutcome.Text("Bearer t0k"), await Call(servers, "who"));
    }

    [Fact]
    public async Task One_that_hangs_is_left_for_a_new_session()
    {
        Served served = new();
        await using WebApplication app = await Serve(served);
        FakeTimeProvider clock = new();
        await using McpServers servers = await Start(app, clock);
        Task<ToolOutcome> hanging = Call(servers, "hang");
        await served.Hung.Task;
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(ToolOutcome.Error("The MCP server web did not answer within 120 s. Whether the call took effect is unknown."), await hanging);
        Task<ToolOutcome> next = Call(servers, "who");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([
            new Block.Text("[The MCP server web had not answered a call before and showed no sign of life: it was started again, and what it kept in memory is gone.]"),
            new Block.Text("Bearer t0k")], (await next).Content);
    }

    [Fact]
    public async Task One_that_has_gone_is_an_error()
    {
        WebApplication app = await Serve();
        await using McpServers servers = await Start(app);
        await app.DisposeAsync();
        ToolOutcome gone = await Call(servers, "who");
        Assert.True(gone.IsError);
        Assert.StartsWith("The MCP server web failed: ", Assert.IsType<Block.Text>(Assert.Single(gone.Content)).Content);
    }

    static async Task<McpServers> Start(WebApplication app, TimeProvider? clock = null)
    {
        Uri url = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/mcp");
        return await McpServers.Start([new McpServer.Remote("web", url, [("Authorization", "Bearer t0k")])], Path.GetTempPath(), clock ?? TimeProvider.System, TestContext.Current.CancellationToken);
    }

    static async Task<ToolOutcome> Call(McpServers servers, string name)
    {
        using JsonDocument given = JsonDocument.Parse("{}");
        return await servers.Tools.Single(tool => tool.Spec.Name == $"mcp__web__{name}").Run(given.RootElement, TestContext.Current.CancellationToken);
    }

    static async Task<WebApplication> Serve(Served? served = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPost("/mcp", (served ?? new()).Answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A session that was told to hang hangs until another is begun.</summary>
    sealed class Served
    {
        volatile bool _hangs;

        public TaskCompletionSource Hung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task Answer(HttpContext context)
        {
            JsonNode asked = (await JsonNode.ParseAsync(context.Request.Body))!;
            if (asked["id"] is not { } id)
            {
                context.Response.StatusCode = 202;
                return;
            }
            string method = asked["method"]!.GetValue<string>();
            if (method is "server/discover" or "initialize") _hangs = false;
            if (method == "tools/call" && asked["params"]!["name"]!.GetValue<string>() == "hang") _hangs = true;
            if (_hangs)
            {
                Hung.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                return;
            }
            if (method == "tools/call" && asked["params"]!["name"]!.GetValue<string>() == "flood")
            {
                context.Response.ContentType = "application/json";
                while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[1 << 20], context.RequestAborted);
                return;
            }
            JsonNode? result = method switch
            {
                "initialize" => JsonNode.Parse($$$"""{"protocolVersion":{{{asked["params"]!["protocolVersion"]!.ToJsonString()}}},"capabilities":{"tools":{}},"serverInfo":{"name":"web","version":"1"}}"""),
                "tools/list" => JsonNode.Parse("""{"tools":[{"name":"who","inputSchema":{"type":"object"}},{"name":"flood","inputSchema":{"type":"object"}},{"name":"hang","inputSchema":{"type":"object"}}]}"""),
                "tools/call" => JsonNode.Parse($$"""{"content":[{"type":"text","text":"{{context.Request.Headers.Authorization}}"}]}"""),
                _ => null,
            };
            JsonObject answer = new() { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone() };
            if (result is not null) answer["result"] = result;
            else answer["error"] = JsonNode.Parse("""{"code":-32601,"message":"no such method"}""");
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString());
        }
    }
}
