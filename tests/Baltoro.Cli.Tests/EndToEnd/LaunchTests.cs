// `baltoro claude` and `baltoro launch`: what a client is given, and that it behaves as if it had been started without us.

using System.Diagnostics;
using System.Text.RegularExpressions;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

public partial class LaunchTests
{
    [Fact]
    public async Task A_client_gets_its_words_its_variables_and_no_second_key_and_its_exit_code_is_passed_on()
    {
        using var scratch = new Scratch();
        var launched = new Launched(scratch) { Environment = { ["NOVITA_API_KEY"] = "sk-novita", ["ANTHROPIC_API_KEY"] = "sk-ant" } };
        launched.InstallScript("claude", "echo \"$# $*\"; env | grep -E '^(ANTHROPIC|CLAUDE|API_)' | sort; exit 42");

        var (code, output, errors) = await launched.Run("claude", "--model", "kimi", "-p", "@file.txt", "--", "--model", "x y");

        Assert.Equal((42,
            """
            4 -p @file.txt --model x y
            ANTHROPIC_AUTH_TOKEN=local
            ANTHROPIC_BASE_URL=http://127.0.0.1:N
            ANTHROPIC_DEFAULT_FABLE_MODEL=kimi
            ANTHROPIC_DEFAULT_HAIKU_MODEL=kimi
            ANTHROPIC_DEFAULT_OPUS_MODEL=kimi
            ANTHROPIC_DEFAULT_SONNET_MODEL=kimi
            ANTHROPIC_MODEL=kimi
            ANTHROPIC_SMALL_FAST_MODEL=kimi
            API_TIMEOUT_MS=3600000
            CLAUDE_CODE_MAX_CONTEXT_TOKENS=262144
            CLAUDE_CODE_MAX_OUTPUT_TOKENS=64000
            CLAUDE_CODE_SUBAGENT_MODEL=kimi

            """), (code, Port.Replace(output, ":N")));
        Assert.Equal("moonshotai/kimi-k2-thinking at novita, by a gateway that ends with it; log: ~/home/.local/state/baltoro/launched.log.\n", errors);
    }

    [Fact]
    public async Task A_gateway_that_runs_is_used_and_left_alone()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), "kimi");
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var launched = new Launched(scratch) { Environment = { ["BALTORO_PORT"] = new Uri(gateway.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture) } };
        launched.InstallScript("claude", "echo $ANTHROPIC_BASE_URL $ANTHROPIC_MODEL");

        var (code, output, errors) = await launched.Run("claude", "--config", Path.Combine(scratch.Path, "config.json"));

        Assert.Equal((0, $"{gateway.Url} baltoro\n", $"moonshotai/kimi-k2-thinking at kimi-upstream, by the gateway on {gateway.Url}.\n"), (code, output, errors));
        Assert.False(gateway.HasExited);
    }

    [Fact]
    public async Task A_strangers_port_and_a_gateway_without_the_key_are_no_hindrance()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), "kimi");
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var launched = new Launched(scratch) { Environment = { ["ZAI_API_KEY"] = "sk-zai" } };
        launched.InstallScript("claude", "echo $ANTHROPIC_BASE_URL");

        launched.Environment["BALTORO_PORT"] = Port.Match(gateway.Url).Value[1..];
        var besideAnother = await launched.Run("claude", "--model", "glm");
        launched.Environment["BALTORO_PORT"] = Port.Match(cast["kimi"].Url).Value[1..];
        var besideAStranger = await launched.Run("claude", "--model", "glm");

        Assert.Equal((0, 0), (besideAnother.Code, besideAStranger.Code));
        Assert.Contains("has no key for it.", besideAnother.Errors);
        Assert.Contains("listens another program.", besideAStranger.Errors);
        Assert.DoesNotContain(gateway.Url, besideAnother.Output);
    }

    [Fact]
    public async Task Where_gateways_ask_for_a_key_the_users_is_passed_on_and_its_want_is_told()
    {
        using var scratch = new Scratch();
        var launched = new Launched(scratch) { Environment = { ["NOVITA_API_KEY"] = "sk-novita", ["BALTORO_PORT"] = "1" } };
        launched.InstallScript("claude", "echo $ANTHROPIC_AUTH_TOKEN");
        var added = await launched.Run("keys", "add", "me");
        var key = Key.Match(added.Output + added.Errors).Value;
        Assert.NotEqual("", key);

        var without = await launched.Run("claude");
        launched.Environment["BALTORO_KEY"] = key;
        var with = await launched.Run("claude");

        Assert.Equal(2, without.Code);
        Assert.Contains("set BALTORO_KEY", without.Errors);
        Assert.Equal((0, key + "\n"), (with.Code, with.Output));
    }

    [Fact]
    public async Task A_client_that_is_not_installed_is_told_with_the_command_that_installs_it()
    {
        using var scratch = new Scratch();
        var launched = new Launched(scratch) { Environment = { ["NOVITA_API_KEY"] = "sk-novita" } };
        var (code, output, errors) = await launched.Run("claude");
        Assert.Equal((127, "", "Claude Code is not installed: there is no `claude` on the PATH. Install it with\n\n  npm install -g @anthropic-ai/claude-code\n\nand start this again.\n"), (code, output, errors));
    }

    [Theory]
    [InlineData("claude", "No upstream has a key yet. Set one of these variables and start this again:\n  NOVITA_API_KEY, MOONSHOT_API_KEY, ZAI_API_KEY, DEEPSEEK_API_KEY, ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY\n")]
    [InlineData("claude --model glm-5.2", "There is no key for zai/glm-5.2: set ZAI_API_KEY, or choose another model (`baltoro models --available`).\n")]
    [InlineData("claude --model kimmi", "There is no model \"kimmi\". Did you mean \"kimi\"?\n")]
    [InlineData("launch codex", "Codex speaks OpenAI's Responses only, which this gateway does not serve yet. Served are claude, opencode, qwen, kimi.\n")]
    [InlineData("launch gemini", "Gemini CLI speaks Google's own protocol only, which this gateway does not serve. Served are claude, opencode, qwen, kimi.\n")]
    [InlineData("launch emacs", "There is no client \"emacs\" here. Served are claude, opencode, qwen, kimi; for others, `baltoro env` and http://127.0.0.1:8611/v1.\n")]
    public async Task What_cannot_work_is_said_before_anything_starts(string arguments, string errors)
    {
        using var scratch = new Scratch();
        Assert.Equal((2, "", errors), await new Launched(scratch).Run(arguments.Split(' ')));
    }

    [Theory]
    [InlineData("opencode", "$OPENCODE_CONFIG_CONTENT", """
        {"model":"baltoro/kimi","small_model":"baltoro/kimi","provider":{"baltoro":{"npm":"@ai-sdk/openai-compatible","name":"Baltoro","options":{"baseURL":"http://127.0.0.1:N/v1","apiKey":"local"},"models":{"kimi":{"reasoning":true,"tool_call":true,"limit":{"context":262144,"output":64000},"interleaved":{"field":"reasoning_content"}}}}}}
        """)]
    [InlineData("qwen", "$* $OPENAI_BASE_URL $OPENAI_API_KEY $OPENAI_MODEL", "--auth-type openai hello http://127.0.0.1:N/v1 local kimi")]
    [InlineData("kimi", "$KIMI_MODEL_BASE_URL $KIMI_BASE_URL $KIMI_MODEL_NAME $KIMI_MODEL_MAX_CONTEXT_SIZE", "http://127.0.0.1:N/v1 http://127.0.0.1:N/v1 kimi 262144")]
    public async Task Each_client_gets_what_its_own_protocol_needs(string client, string shown, string expected)
    {
        using var scratch = new Scratch();
        var launched = new Launched(scratch) { Environment = { ["NOVITA_API_KEY"] = "sk-novita" } };
        launched.InstallScript(client, $"echo \"{shown}\"");
        var (code, output, _) = await launched.Run("launch", "--model", "kimi", client, "hello");
        Assert.Equal((0, expected.Trim()), (code, Port.Replace(output, ":N").Trim()));
    }

    [Theory, InlineData("TERM", 15), InlineData("INT", 2), InlineData("HUP", 1)]
    public async Task A_signal_reaches_the_client_and_the_gateway_outlives_it(string signal, int number)
    {
        using var scratch = new Scratch();
        var launched = new Launched(scratch) { Environment = { ["NOVITA_API_KEY"] = "sk-novita" } };
        // It answers the signal by asking its gateway one last thing.
        launched.InstallScript("claude", $"trap 'echo got {number}; node -e \"fetch(process.env.ANTHROPIC_BASE_URL+\\\"/health\\\").then(r=>console.log(r.status))\"; exit 7' {signal}\necho ready\nwhile :; do sleep 0.1; done");
        await using var process = launched.Start("claude");
        Assert.Equal("ready", await process.Output.ReadLineAsync(TestContext.Current.CancellationToken));
        using (var kill = Process.Start("/bin/kill", [$"-{signal}", $"{process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((7, $"got {number}\n200\n"), await process.Finish(TimeSpan.FromSeconds(30)));
    }

    [GeneratedRegex(@"(?<=127\.0\.0\.1):\d+")]
    private static partial Regex Port { get; }

    [GeneratedRegex("blt-[a-z0-9]+-[a-z0-9]+")]
    private static partial Regex Key { get; }
}
