// What WebFetch fetches from a real server on loopback, and what it refuses to reach.

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Baltoro.Agent.Tools;
using Baltoro.Agent.Tools.Web;
using Baltoro.Chat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baltoro.Agent.Tests.Tools;

public class WebFetchTests
{
    [Fact]
    public async Task A_page_comes_as_Markdown()
    {
        await using Site site = await Site.Of(("/", context => Html(context, "<title>Home</title><p>Hello <b>world</b>, see <a href='/next'>next</a>.")));
        Assert.Equal($"# Home\n\nHello **world**, see [next]({site.Url}next).", await site.Fetch("/"));
    }

    [Fact]
    public async Task Text_JSON_and_images_come_as_they_are()
    {
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G'];
        await using Site site = await Site.Of(
            ("/json", context => context.Response.WriteAsJsonAsync(new { a = 1 })),
            ("/png", context => Bytes(context, "image/png", png)),
            ("/zip", context => Bytes(context, "application/zip", [1])));
        Assert.Equal("""{"a":1}""", await site.Fetch("/json"));
        Assert.Equal(new ToolOutcome([new Block.Image(new Media.Inline("image/png", Convert.ToBase64String(png)))]), await site.Call("/png"));
        Assert.Equal($"{site.Url}zip: it is application/zip, which cannot be shown. Download it with curl in Bash if the network is allowed there.", await site.Refused("/zip"));
    }

    [Fact]
    public async Task A_page_in_an_old_encoding_is_read_in_it()
    {
        await using Site site = await Site.Of(
            ("/header", context => Bytes(context, "text/plain; charset=iso-8859-1", Encoding.Latin1.GetBytes("Käse"))),
            ("/meta", context => Bytes(context, "text/html", Encoding.Latin1.GetBytes("<meta charset=windows-1252><p>K\u00E4se"))));
        Assert.Equal("Käse", await site.Fetch("/header"));
        Assert.Equal("Käse", await site.Fetch("/meta"));
    }

    [Fact]
    public async Task A_redirect_on_the_same_host_is_followed_and_one_to_another_is_shown()
    {
        await using Site site = await Site.Of(
            ("/here", context => Redirect(context, "/there")), ("/there", context => context.Response.WriteAsync("arrived")),
            ("/away", context => Redirect(context, "http://example.com/x")), ("/file", context => Redirect(context, "file:///etc/passwd")),
            ("/round", context => Redirect(context, "/round")));
        Assert.Equal("arrived", await site.Fetch("/here"));
        Assert.Equal($"[{site.Url}away leads to another host: http://example.com/x. Call WebFetch with that URL if it is what you want.]", await site.Fetch("/away"));
        Assert.StartsWith($"[{site.Url}file leads to another host: file:///etc/passwd.", await site.Fetch("/file"));
        Assert.Equal($"{site.Url}round: more than 5 redirects, the last to {site.Url}round.", await site.Refused("/round"));
    }

    [Fact]
    public async Task This_machine_is_refused_by_address_and_by_name_unless_it_is_allowed()
    {
        await using Site site = await Site.Of(("/", context => context.Response.WriteAsync("inside")));
        await using Desk outsider = new();
        Assert.Equal("127.0.0.1 is this machine or in its network, and that is not allowed. The user can allow it in the configuration, by a rule that names it: WebFetch(domain:127.0.0.1)",
            await outsider.Error("WebFetch", new() { ["url"] = site.Url }));
        Assert.Equal("localhost is this machine or in its network, and that is not allowed. The user can allow it in the configuration, by a rule that names it: WebFetch(domain:localhost)",
            await site.Refused(site.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));
        Assert.Equal("inside", await site.Fetch("/"));
    }

    [Theory]
    [InlineData("1.1.1.1", true), InlineData("93.184.216.34", true), InlineData("2606:4700::1111", true), InlineData("64:ff9b::808:808", true), InlineData("::ffff:8.8.8.8", true)]
    [InlineData("127.0.0.1", false), InlineData("127.9.9.9", false), InlineData("0.0.0.0", false), InlineData("10.1.2.3", false), InlineData("172.16.0.1", false), InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false), InlineData("169.254.169.254", false), InlineData("100.64.0.1", false), InlineData("224.0.0.1", false), InlineData("255.255.255.255", false)]
    [InlineData("::1", false), InlineData("::", false), InlineData("fe80::1", false), InlineData("fd00::1", false), InlineData("ff02::1", false), InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false), InlineData("::127.0.0.1", false), InlineData("64:ff9b::7f00:1", false), InlineData("2002:7f00:1::", false), InlineData("2001::1", false)]
    public void An_address_belongs_to_the_internet_or_does_not(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("localhost", true), InlineData("build", true), InlineData("nas.local", true), InlineData("app.localhost", true), InlineData("10.1.2.3", true), InlineData("[::1]", true), InlineData("192.168.0.1", true)]
    [InlineData("example.com", false), InlineData("local.example.com", false), InlineData("1.1.1.1", false), InlineData("[2606:4700::1]", false)]
    public void Only_a_name_that_can_mean_nothing_else_means_this_network(string host, bool isPrivate) => Assert.Equal(isPrivate, PrivateHost.IsNamedBy(host));

    [Fact]
    public async Task What_is_no_page_is_an_error()
    {
        await using Site site = await Site.Of();
        Assert.Equal($"{site.Url}missing: the server answers 404 Not Found.", await site.Refused("/missing"));
        Assert.Equal("ftp://x/: expected a whole URL that begins with http:// or https://, without a user name.", await site.Refused("ftp://x/"));
        Assert.Equal("http://me:pw@x/: expected a whole URL that begins with http:// or https://, without a user name.", await site.Refused("http://me:pw@x/"));
    }

    [Fact]
    public async Task A_long_page_comes_in_part_with_what_was_asked_for_and_whole_in_a_file()
    {
        string filler = string.Join("\n\n", Enumerable.Range(0, 2000).Select(i => $"Paragraph {i} says nothing at all, at some length."));
        await using Site site = await Site.Of(("/", context => context.Response.WriteAsync($"Begin\n\n{filler}\n\nThe password rotation happens every Tuesday.")));
        string said = await site.Fetch("/", "When does the password rotation happen?");
        Assert.StartsWith("Begin\n\nParagraph 0 ", said);
        Assert.Contains("\n\n[…]\n\nThe password rotation happens every Tuesday.\n[A part of ", said);
        Assert.InRange(said.Length, 30_000, 42_000);
        string file = said.Split("all of it is in ")[1].Split(": search")[0];
        Assert.Contains("Paragraph 1999 ", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_flood_is_read_as_far_as_the_limit()
    {
        await using Site site = await Site.Of(("/", async context =>
        {
            byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("flood flood flood\n\n", 3000)));
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        }));
        string said = await site.Fetch("/");
        Assert.Contains("[Only the first 10 MB of the page were read.]", said);
        Assert.InRange(said.Length, 20_000, 42_000);
    }

    static Task Html(HttpContext context, string html) => Bytes(context, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html));

    static Task Bytes(HttpContext context, string type, byte[] bytes)
    {
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    static Task Redirect(HttpContext context, string to)
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    }

    /// <summary>A server on loopback, and an agent that may reach it by its address.</summary>
    sealed class Site : IAsyncDisposable
    {
        readonly WebApplication _app;
        readonly Desk _desk = new((_, options) => options with { PrivateHosts = ["127.0.0.1"] });

        Site(WebApplication app) => _app = app;

        public string Url { get; private set; } = "";

        public static async Task<Site> Of(params (string Path, RequestDelegate Answer)[] pages)
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            Site site = new(builder.Build());
            foreach ((string path, RequestDelegate answer) in pages) site._app.MapGet(path, answer);
            await site._app.StartAsync();
            site.Url = site._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/";
            return site;
        }

        public Task<ToolOutcome> Call(string path) => _desk.Call("WebFetch", Wanted(path, null));

        public Task<string> Fetch(string path, string? prompt = null) => _desk.Ok("WebFetch", Wanted(path, prompt));

        public Task<string> Refused(string path) => _desk.Error("WebFetch", Wanted(path, null));

        JsonObject Wanted(string path, string? prompt)
        {
            JsonObject arguments = new() { ["url"] = path.StartsWith('/') ? Url + path[1..] : path };
            if (prompt is not null) arguments["prompt"] = prompt;
            return arguments;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            await _desk.DisposeAsync();
        }
    }
}
