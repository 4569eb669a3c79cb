// Anthropic's own agent SDK from npm around `baltoro run`, as a program that was written for Claude Code has it. It does not know the schema.

using System.Text.Json;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

public class AgentSdkTests
{
    static readonly NpmClient Sdk = new("claude-agent-sdk", Path.Combine("@anthropic-ai", "claude-agent-sdk", "sdk.mjs")) { WithOptional = false };

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>What the program heard, each line as one text, and what `baltoro run` said beside it.</summary>
    static async Task<(string[] Lines, string Errors)> Heard(BuiltAgent agent, string scene)
    {
        string sdk = await Sdk.Program();
        Dictionary<string, string> environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = agent.Home, ["LANG"] = "C.UTF-8", ["VENDOR_KEY"] = BuiltAgent.Key, ["DISABLE_TELEMETRY"] = "1" };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) environment["DOTNET_ROOT"] = dotnet;
        string script = Path.Combine(Repository.Root, "tests", "Baltoro.Cli.Tests", "Clients", "claude-agent-sdk", "drive.mjs");
        await using ChildProcess node = ChildProcess.Start("node", [script, sdk, GatewayProcess.Executable(), scene], agent.Project, environment);
        (int code, string output) = await node.Finish(Limit);
        Assert.True(code == 0, output + node.Errors);
        return ([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(" | ", JsonDocument.Parse(line).RootElement.EnumerateArray().Select(part => part.GetString())))], node.Errors);
    }

    [Fact]
    public async Task A_prompt_is_answered()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(CallScript.Write("a.txt", "one\n")));
        Assert.Equal(
            [
                "system | init | ", "assistant | thinking | ", "assistant | tool_use | ", "user | tool_result | ", "assistant | text | ", $"result | success | {CallScript.Finished}",
            ], (await Heard(agent, "once")).Lines);
        Assert.Equal("one\n", await File.ReadAllTextAsync(Path.Combine(agent.Project, "a.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_session_is_initialized_interrupted_and_goes_on_with_the_next_message()
    {
        await using BuiltAgent agent = await BuiltAgent.Before((_, conversation) => conversation.Turns.OfType<Turn.User>().Any(turn => turn.Text == "two")
            ? Reply.Of(new Part.Say("And that was two."))
            : Reply.Of(CallScript.Bash("sleep 600")));
        Assert.Equal(
            [
                "models | moonshotai/kimi-k2-thinking",
                "refused | set_permission_mode: found \"bypassPermissions\", expected \"default\": what is permitted stands in the configuration.",
                "system | init | ", "assistant | tool_use | ", "result | error_during_execution | Interrupted",
                "system | init | ", "assistant | text | ", "result | success | And that was two.",
                // The call's own result comes before the end where it had begun, and with the next message where it had not.
            ], (await Heard(agent, "interrupted")).Lines.Where(line => line != "user | tool_result | "));
        Assert.Empty(agent.Upstream.Violations);
    }

    [Fact]
    public async Task A_guard_that_would_not_be_asked_is_refused_and_nothing_is_done()
    {
        await using BuiltAgent agent = await BuiltAgent.Before(CallScript.Of(CallScript.Write("a.txt", "one\n")));
        (string[] lines, string errors) = await Heard(agent, "hooked");
        Assert.Equal(["failed | Claude Code process exited with code 2"], lines);
        Assert.Contains("initialize: hooks: not served by baltoro run.", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(agent.Project, "a.txt")));
    }
}
