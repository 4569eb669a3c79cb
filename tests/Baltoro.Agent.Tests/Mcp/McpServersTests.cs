// Real MCP servers: the reference ones from npm, and one that dies, hangs and floods.

using System.Text.Json;
using Baltoro.Agent.Mcp;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Microsoft.Extensions.Time.Testing;

namespace Baltoro.Agent.Tests.Mcp;

public class McpServersTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tools_of_server_everything_are_named_after_it_and_answer()
    {
        using Scratch scratch = new();
        await using McpServers servers = await Start(scratch, await NpmServers.Server("server-everything"));

        Assert.Empty(servers.Problems);
        Assert.All(servers.Tools, tool => Assert.Matches("^mcp__everything__[A-Za-z0-9_-]+$", tool.Spec.Name));
        Assert.Equal(ToolOutcome.Text("Echo: hello"), await Call(servers, "echo", """{"message":"hello"}"""));
        Assert.Contains("5", Said(await Call(servers, "get-sum", """{"a":2,"b":3}""")));
        ToolOutcome image = await Call(servers, "get-tiny-image", "{}");
        Assert.Contains(image.Content, block => block is Block.Image { Source: Media.Inline { MediaType: "image/png" } });
    }

    [Fact]
    public async Task Server_filesystem_reads_and_writes_what_it_was_given_and_refuses_the_rest()
    {
        using Scratch scratch = new();
        string folder = RealPath.Of(scratch.Folder("given"));
        await using McpServers servers = await Start(scratch, await NpmServers.Server("server-filesystem", folder));

        Assert.False((await Call(servers, "write_file", $$"""{"path":"{{folder}}/a.txt","content":"one\ntwo\n"}""")).IsError);
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(folder, "a.txt"), Cancellation));
        Assert.Contains("two", Said(await Call(servers, "read_text_file", $$"""{"path":"{{folder}}/a.txt"}""")));
        ToolOutcome outside = await Call(servers, "read_text_file", """{"path":"/etc/passwd"}""");
        Assert.True(outside.IsError);
        Assert.DoesNotContain("root:", Said(outside));
    }

    [Fact]
    public async Task A_tool_says_whose_it_is_and_what_its_server_says_of_it()
    {
        using Scratch scratch = new();
        await using McpServers servers = await Start(scratch, Misbehaving());
        Assert.Equal(new Footprint.Foreign("bad", "answer", SaysItOnlyReads: true), Tool(servers, "answer").Footprint(default));
        Assert.Equal(new Footprint.Foreign("bad", "die", SaysItOnlyReads: false), Tool(servers, "die").Footprint(default));
        Assert.Equal(["mcp__bad__answer", "mcp__bad__babble", "mcp__bad__die", "mcp__bad__flood", "mcp__bad__hang", "mcp__bad__long", "mcp__bad__slow"], servers.Tools.Select(tool => tool.Spec.Name));
    }

    [Fact]
    public async Task A_server_that_dies_is_an_error_with_its_last_words_and_is_started_again()
    {
        using Scratch scratch = new();
        await using McpServers servers = await Start(scratch, Misbehaving());
        string before = Said(await Call(servers, "answer", "{}"));
        ToolOutcome died = await Call(servers, "die", "{}");
        Assert.True(died.IsError);
        Assert.StartsWith("The MCP server bad failed: ", Said(died));
        Assert.EndsWith("Its last words: I am dying", Said(died));
        ToolOutcome after = await Call(servers, "answer", "{}");
        Assert.False(after.IsError);
        Assert.NotEqual(before, Said(after));
    }

    [Fact]
    public async Task A_server_that_hangs_is_an_error_when_its_time_is_up_and_the_next_call_goes_to_a_new_one()
    {
        using Scratch scratch = new();
        FakeTimeProvider clock = new();
        await using McpServers servers = await Start(scratch, clock, Misbehaving(scratch));
        string before = Said(await Call(servers, "answer", "{}"));
        Assert.Equal(ToolOutcome.Error("The MCP server bad did not answer within 120 s. Whether the call took effect is unknown."), await OutOfTime(scratch, servers, "hang", clock));

        Task<ToolOutcome> next = Call(servers, "answer", "{}");
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        ToolOutcome after = await next;
        Assert.False(after.IsError);
        Assert.StartsWith("[The MCP server bad had not answered a call before and showed no sign of life: it was started again, and what it kept in memory is gone.]\nanswered in ", Said(after));
        string then = Said(await Call(servers, "answer", "{}"));
        Assert.Equal(Said(after).Split('\n')[1], then);
        Assert.NotEqual(before, then);
    }

    [Fact]
    public async Task A_server_that_was_slow_with_one_call_and_answers_a_ping_is_kept()
    {
        using Scratch scratch = new();
        FakeTimeProvider clock = new();
        await using McpServers servers = await Start(scratch, clock, Misbehaving(scratch));
        ToolOutcome before = await Call(servers, "answer", "{}");
        Assert.True((await OutOfTime(scratch, servers, "slow", clock)).IsError);
        Assert.Equal(before, await Call(servers, "answer", "{}"));
    }

    [Fact]
    public async Task A_server_that_floods_is_cut_off_and_started_again()
    {
        using Scratch scratch = new();
        await using McpServers servers = await Start(scratch, Misbehaving());
        ToolOutcome flood = await Call(servers, "flood", "{}");
        Assert.True(flood.IsError);
        Assert.StartsWith("The MCP server bad failed: ", Said(flood));
        Assert.False((await Call(servers, "answer", "{}")).IsError);
    }

    [Fact]
    public async Task Babble_between_messages_is_passed_over_and_a_long_answer_is_cut()
    {
        using Scratch scratch = new();
        await using McpServers servers = await Start(scratch, Misbehaving());
        Assert.StartsWith("answered in ", Said(await Call(servers, "babble", "{}")));
        string cut = Said(await Call(servers, "long", "{}"));
        Assert.InRange(cut.Length, 1_000_000, 1_000_100);
        Assert.EndsWith("[Cut: the server's answer is longer than 1,000,000 characters.]", cut);
    }

    [Fact]
    public async Task A_server_that_does_not_start_is_a_problem_and_harms_no_other()
    {
        using Scratch scratch = new();
        await using McpServers servers = await Start(scratch, Misbehaving(), new McpServer.Local("none", "no-such-program", [], []), new McpServer.Local("ends", "sh", ["-c", "echo no licence >&2; exit 1"], []));
        Assert.Equal(7, servers.Tools.Count);
        Assert.Equal(2, servers.Problems.Count);
        Assert.StartsWith("The MCP server none is not used: ", servers.Problems[0]);
        Assert.StartsWith("The MCP server ends is not used: ", servers.Problems[1]);
        Assert.EndsWith("Its last words: no licence", servers.Problems[1]);
    }

    static Task<McpServers> Start(Scratch scratch, params McpServer[] servers) => Start(scratch, TimeProvider.System, servers);

    static Task<McpServers> Start(Scratch scratch, TimeProvider clock, params McpServer[] servers) => McpServers.Start([.. servers], scratch.Folder("project"), clock, Cancellation);

    /// <summary>A call whose time is up before it is answered.</summary>
    static async Task<ToolOutcome> OutOfTime(Scratch scratch, McpServers servers, string name, FakeTimeProvider clock)
    {
        Task<byte[]> arrived = Task.Run(() => File.ReadAllBytes(Told(scratch)), Cancellation);
        Task<ToolOutcome> call = Call(servers, name, "{}");
        await arrived;
        clock.Advance(TimeSpan.FromMinutes(2));
        return await call;
    }

    static string Told(Scratch scratch) => Path.Combine(scratch.Path, "told");

    /// <summary>One whose hanging calls tell through a pipe that they have arrived.</summary>
    static McpServer.Local Misbehaving(Scratch scratch)
    {
        McpServer.Local server = Misbehaving();
        using (System.Diagnostics.Process fifo = System.Diagnostics.Process.Start("mkfifo", [Told(scratch)])) fifo.WaitForExit();
        return server with { Arguments = [.. server.Arguments, Told(scratch)] };
    }

    static McpServer.Local Misbehaving()
    {
        Assert.SkipUnless(Baltoro.Agent.Tools.Python.IsHere, "python3 is not installed.");
        return new("bad", "python3", [Path.Combine(AppContext.BaseDirectory, "Misbehaving.py")], []);
    }

    static ITool Tool(McpServers servers, string name) => servers.Tools.Single(tool => tool.Spec.Name.EndsWith($"__{name}", StringComparison.Ordinal));

    static async Task<ToolOutcome> Call(McpServers servers, string name, string arguments)
    {
        using JsonDocument given = JsonDocument.Parse(arguments);
        return await Tool(servers, name).Run(given.RootElement, Cancellation);
    }

    static string Said(ToolOutcome outcome) => string.Join('\n', outcome.Content.OfType<Block.Text>().Select(text => text.Content));
}
