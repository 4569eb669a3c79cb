// MCP servers in a real run: the user's and the project's, allowed and not, the reference ones from npm and one that dies, hangs and floods.

using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Agent.Mcp;
using Baltoro.Agent.Tests.Mcp;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

public class McpRunTests
{
    static string Misbehaving => Path.Combine(Repository.Root, "tests", "Baltoro.Agent.Tests", "Mcp", "Misbehaving.py");

    static JsonObject Described(McpServer.Local server, int? timeout = null)
    {
        JsonObject description = new() { ["command"] = server.Command, ["args"] = new JsonArray([.. server.Arguments.Select(argument => (JsonNode)argument)]) };
        if (timeout is { } milliseconds) description["timeout"] = milliseconds;
        return description;
    }

    static JsonObject Allowing(params string[] rules) => new() { ["allow"] = new JsonArray([.. rules.Select(rule => (JsonNode)rule)]) };

    static void NeedPython() => Assert.SkipUnless(File.Exists("/usr/bin/python3") || Environment.GetEnvironmentVariable("CI") == "true", "python3 is not installed.");

    [Fact]
    public async Task The_tools_of_both_reference_servers_are_offered_and_answer()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(
            CallScript.Tool("mcp__everything__echo", new() { ["message"] = "hello" }), CallScript.Tool("mcp__everything__get-sum", new() { ["a"] = 2, ["b"] = 3 }),
            CallScript.Tool("mcp__filesystem__read_text_file", new() { ["path"] = "note.txt" })));
        McpServer.Local everything = await NpmServers.Server("server-everything"), filesystem = await NpmServers.Server("server-filesystem", "${FILES:-" + agent.Project + "}");
        agent.Write("note.txt", "of the project");
        agent.Configure(new() { ["mcpServers"] = new JsonObject { ["everything"] = Described(everything), ["filesystem"] = Described(filesystem) }, ["permissions"] = Allowing("mcp__everything", "mcp__filesystem__read_*") });
        (int code, string output, string errors) = await agent.Run("go", "--output", "stream-json", "--no-sandbox");
        Assert.Equal((0, ""), (code, errors));
        JsonElement init = JsonDocument.Parse(output.Split('\n')[0]).RootElement;
        Assert.Equal("""[{"name":"everything","status":"connected"},{"name":"filesystem","status":"connected"}]""", init.GetProperty("mcp_servers").GetRawText());
        Assert.Contains("mcp__filesystem__read_text_file", init.GetProperty("tools").EnumerateArray().Select(tool => tool.GetString()));
        IReadOnlyList<string> results = agent.Upstream.Results();
        Assert.Equal("Echo: hello", results[0]);
        Assert.Contains("5", results[1], StringComparison.Ordinal);
        Assert.Contains("of the project", results[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_rule_that_allows_it_a_servers_tool_is_refused_and_one_that_is_denied_too()
    {
        NeedPython();
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(CallScript.Tool("mcp__bad__die"), CallScript.Tool("mcp__bad__answer")));
        agent.Configure(new()
        {
            ["mcpServers"] = new JsonObject { ["bad"] = Described(new("bad", "python3", [Misbehaving], [])) },
            ["permissions"] = new JsonObject { ["deny"] = new JsonArray("mcp__bad__answer"), ["allow"] = new JsonArray("mcp__bad__answer") },
        });
        Assert.Equal(5, (await agent.Run("go", "--no-sandbox")).Code);
        Assert.Equal(
            [
                "Not permitted without a person's yes, and nobody is there: mcp__bad__die is run by the MCP server bad.\nFind a plainer way that stays inside the project.",
                "Not permitted. The rule mcp__bad__answer denies: mcp__bad__answer\nDo not try to reach the same in another way.",
            ], agent.Upstream.Results());
    }

    [Fact]
    public async Task Servers_that_die_hang_flood_or_never_start_do_not_keep_a_run_from_its_end()
    {
        NeedPython();
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(
            CallScript.Tool("mcp__bad__die"), CallScript.Tool("mcp__bad__flood"), CallScript.Tool("mcp__bad__answer"), CallScript.Tool("mcp__bad__hang"), CallScript.Tool("mcp__bad__answer")));
        JsonObject bad = Described(new("bad", "python3", [Misbehaving], []), timeout: 10_000), mute = Described(new("mute", "sleep", ["600"], []));
        mute["startTimeout"] = 300;
        agent.Configure(new() { ["mcpServers"] = new JsonObject { ["bad"] = bad, ["mute"] = mute, ["none"] = Described(new("none", "no-such-program", [], [])) }, ["permissions"] = Allowing("mcp__bad") });
        (int code, string output, string errors) = await agent.Run("go", "--no-sandbox");
        Assert.Equal((0, CallScript.Finished + "\n"), (code, output));
        Assert.Contains("The MCP server mute is not used: it did not answer within 0.3 s (\"startTimeout\" in its description allows more).", errors, StringComparison.Ordinal);
        Assert.Contains("The MCP server none is not used: ", errors, StringComparison.Ordinal);
        IReadOnlyList<string> results = agent.Upstream.Results();
        Assert.StartsWith("The MCP server bad failed: ", results[0], StringComparison.Ordinal);
        Assert.StartsWith("The MCP server bad failed: ", results[1], StringComparison.Ordinal);
        Assert.StartsWith("answered in ", results[2], StringComparison.Ordinal);
        Assert.Equal("The MCP server bad did not answer within 10 s. Whether the call took effect is unknown.", results[3]);
        Assert.StartsWith("[The MCP server bad had not answered a call before and showed no sign of life: it was started again", results[4], StringComparison.Ordinal);
        Assert.Contains("answered in ", results[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_the_project_is_started_when_somebody_has_allowed_it_as_it_is_here_and_not_before()
    {
        NeedPython();
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(CallScript.Tool("mcp__bad__answer")));
        agent.Configure(new() { ["permissions"] = Allowing("mcp__bad") });
        string started = Path.Combine(agent.Outside, "started");
        JsonObject described = Described(new("bad", "sh", ["-c", $"touch '{started}'; exec python3 '{Misbehaving}'"], []));
        agent.Write(".mcp.json", new JsonObject { ["mcpServers"] = new JsonObject { ["bad"] = described.DeepClone() } }.ToJsonString());

        (int code, _, string errors) = await agent.Run("go", "--no-sandbox");
        Assert.Equal(0, code);
        Assert.Contains("The MCP server bad of this project's .mcp.json is left out, because nobody has allowed it: {\"command\":\"sh\"", errors, StringComparison.Ordinal);
        Assert.Contains("`baltoro mcp allow bad` does.", errors, StringComparison.Ordinal);
        Assert.StartsWith("There is no tool", agent.Upstream.Results()[0], StringComparison.Ordinal);
        Assert.False(File.Exists(started));
        Assert.Contains("not asked", (await agent.Do(["mcp"])).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await agent.Do(["mcp", "allow", "bad"])).Code);
        Assert.Contains(" allowed ", (await agent.Do(["mcp"])).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", (await agent.Run("go", "--no-sandbox")).Errors, StringComparison.Ordinal);
        Assert.StartsWith("answered in ", agent.Upstream.Results()[0], StringComparison.Ordinal);
        Assert.True(File.Exists(started));

        // Another word in its description, and it is another server.
        described["env"] = new JsonObject { ["MORE"] = "1" };
        agent.Write(".mcp.json", new JsonObject { ["mcpServers"] = new JsonObject { ["bad"] = described } }.ToJsonString());
        Assert.Contains("nobody has allowed it", (await agent.Run("go", "--no-sandbox")).Errors, StringComparison.Ordinal);

        // Said once, it is not said again.
        Assert.Equal(0, (await agent.Do(["mcp", "forbid", "bad"])).Code);
        Assert.DoesNotContain("MCP", (await agent.Run("go", "--no-sandbox")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_the_environment_reach_a_server_only_where_its_description_names_them()
    {
        NeedPython();
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of());
        JsonObject telling(string file) => Described(new("s", "sh", ["-c", $"env > '{agent.Outside}/{file}'"], []));
        JsonObject named = telling("named");
        named["env"] = new JsonObject { ["GIVEN"] = "${VENDOR_KEY}" };
        agent.Configure(new() { ["mcpServers"] = new JsonObject { ["plain"] = telling("plain"), ["named"] = named } });
        Assert.Equal(0, (await agent.Run("go", "--no-sandbox")).Code);
        Assert.DoesNotContain(BuiltAgent.Key, await File.ReadAllTextAsync(Path.Combine(agent.Outside, "plain"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains($"GIVEN={BuiltAgent.Key}\n", await File.ReadAllTextAsync(Path.Combine(agent.Outside, "named"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_the_configuration_or_the_projects_file_names_reaches_neither_commands_nor_servers_whatever_it_is_called()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(CallScript.Bash("env")));
        agent.Environment["ODDLY_NAMED"] = "an-odd-secret";
        agent.Environment["ODDER_STILL"] = "an-odd-secret";
        // Nobody has allowed this one.
        agent.Write(".mcp.json", """{"mcpServers":{"theirs":{"command":"no-such-program","args":["${NOT_SET}","--who=${ODDER_STILL}"]}}}""");
        JsonObject telling = new() { ["command"] = "sh", ["args"] = new JsonArray("-c", $"env > {agent.Outside}/told; exit 1") };
        agent.Configure(new() { ["mcpServers"] = new JsonObject { ["telling"] = telling, ["given"] = new JsonObject { ["command"] = "no-such-program", ["env"] = new JsonObject { ["A"] = "${ODDLY_NAMED}" } } } });
        Assert.Equal(0, (await agent.Run("go", "--no-sandbox")).Code);
        Assert.Contains("LANG=C.UTF-8", agent.Upstream.Results()[0], StringComparison.Ordinal);
        Assert.DoesNotContain("an-odd-secret", agent.Upstream.Results()[0], StringComparison.Ordinal);
        Assert.DoesNotContain("an-odd-secret", await File.ReadAllTextAsync(Path.Combine(agent.Outside, "told"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_of_the_users_that_is_wrong_is_said_with_its_place_and_one_of_the_projects_leaves_the_run_alone()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of());
        agent.Write(".mcp.json", """{"mcpServers":{"a\u001b[31m":{},"b":{"command":"${NOT_SET}"}}}""");
        (int code, _, string errors) = await agent.Run("go", "--no-sandbox");
        Assert.Equal(0, code);
        Assert.Contains($"{agent.Project}/.mcp.json: mcpServers.a␛[31m: a name has letters", errors, StringComparison.Ordinal);
        Assert.Contains($"{agent.Project}/.mcp.json: mcpServers.b: command: the variable NOT_SET is not set.", errors, StringComparison.Ordinal);
        agent.Configure(new() { ["mcpServers"] = new JsonObject { ["mine"] = new JsonObject { ["args"] = new JsonArray() } } });
        (code, string output, errors) = await agent.Run("go", "--no-sandbox");
        Assert.Equal((2, ""), (code, output));
        Assert.EndsWith("mcpServers.mine: expected a \"command\" or a \"url\".", errors.Trim(), StringComparison.Ordinal);
    }
}
