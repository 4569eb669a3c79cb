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

namespace Baltoro.Agent.Tests.Mcp;

public class RemoteServerTests
{
    [Fact]
    public async Task Its_tools_answer_and_its_headers_are_sent()
    {
        await using WebApplication app = await Serve();
        await using McpServers servers = await Start(app);
        Assert.Empty(servers.Problems);
        Assert.Equal(["mcp__web__flood", "mcp__web__who"], servers.Tools.Select(tool => tool.Spec.Name));
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
    public async Task One_that_has_gone_is_an_error()
    {
        WebApplication app = await Serve();
        await using McpServers servers = await Start(app);
        await app.DisposeAsync();
        ToolOutcome gone = await Call(servers, "who");
        Assert.True(gone.IsError);
        Assert.StartsWith("The MCP server web failed: ", Assert.IsType<Block.Text>(Assert.Single(gone.Content)).Content);
    }

    static async Task<McpServers> Start(WebApplication app)
    {
        Uri url = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/mcp");
        return await McpServers.Start([new McpServer.Remote("web", url, [("Authorization", "Bearer t0k")])], Path.GetTempPath(), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    static async Task<ToolOutcome> Call(McpServers servers, string name)
    {
        using JsonDocument given = JsonDocument.Parse("{}");
        return await servers.Tools.Single(tool => tool.Spec.Name == $"mcp__web__{name}").Run(given.RootElement, TestContext.Current.CancellationToken);
    }

    static async Task<WebApplication> Serve()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPost("/mcp", Answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    static async Task Answer(HttpContext context)
    {
        JsonNode asked = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (asked["id"] is not { } id)
        {
            context.Response.StatusCode = 202;
            return;
        }
        string method = asked["method"]!.GetValue<string>();
        if (method == "tools/call" && asked["params"]!["name"]!.GetValue<string>() == "flood")
        {
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[1 << 20], context.RequestAborted);
            return;
        }
        JsonNode? result = method switch
        {
            "initialize" => JsonNode.Parse($$$"""{"protocolVersion":{{{asked["params"]!["protocolVersion"]!.ToJsonString()}}},"capabilities":{"tools":{}},"serverInfo":{"name":"web","version":"1"}}"""),
            "tools/list" => JsonNode.Parse("""{"tools":[{"name":"who","inputSchema":{"type":"object"}},{"name":"flood","inputSchema":{"type":"object"}}]}"""),
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
