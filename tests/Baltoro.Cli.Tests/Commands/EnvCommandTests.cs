// `baltoro env` as a user meets it, and its quoting as the shells themselves read it.

using System.Diagnostics;
using Baltoro.Cli.Commands;
using Baltoro.Cli.Launching;
using Baltoro.Cli.Tests.EndToEnd;
using CsCheck;

namespace Baltoro.Cli.Tests.Commands;

public sealed class EnvCommandTests : IDisposable
{
    readonly CommandLine _line = new("NOVITA_API_KEY", "ZAI_API_KEY");

    public void Dispose() => _line.Dispose();

    (int Code, string Output, string Error) Print(params string[] arguments) => _line.Run(Env.Create, arguments);

    [Fact]
    public void Kimi_gets_its_own_window_and_every_name_that_Claude_Code_may_ask_for() => Assert.Equal((0,
        """
        export ANTHROPIC_BASE_URL='http://127.0.0.1:8611'
        export ANTHROPIC_AUTH_TOKEN='local'
        export ANTHROPIC_MODEL='kimi'
        export ANTHROPIC_DEFAULT_OPUS_MODEL='kimi'
        export ANTHROPIC_DEFAULT_SONNET_MODEL='kimi'
        export ANTHROPIC_DEFAULT_HAIKU_MODEL='glm-flash'
        export ANTHROPIC_DEFAULT_FABLE_MODEL='kimi'
        export ANTHROPIC_SMALL_FAST_MODEL='glm-flash'
        export CLAUDE_CODE_SUBAGENT_MODEL='kimi'
        export CLAUDE_CODE_MAX_CONTEXT_TOKENS='262144'
        export CLAUDE_CODE_MAX_OUTPUT_TOKENS='64000'
        export API_TIMEOUT_MS='3600000'

        """, ""), Print("--model", "kimi", "--small", "glm-flash"));

    [Theory]
    [InlineData("bash", "export ANTHROPIC_MODEL='baltoro'")]
    [InlineData("zsh", "export ANTHROPIC_MODEL='baltoro'")]
    [InlineData("fish", "set -gx ANTHROPIC_MODEL 'baltoro'")]
    [InlineData("powershell", "$env:ANTHROPIC_MODEL = 'baltoro'")]
    [InlineData("pwsh", "$env:ANTHROPIC_MODEL = 'baltoro'")]
    [InlineData("cmd", "set \"ANTHROPIC_MODEL=baltoro\"")]
    public void Each_shell_gets_its_own_words(string shell, string line) => Assert.Contains(line, Print("--shell", shell).Output.Split('\n'));

    [Fact]
    public void The_users_shell_is_known_from_the_environment()
    {
        _line.Environment["SHELL"] = "/usr/bin/fish";
        Assert.StartsWith("set -gx ", Print().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_has_the_smallest_window_of_its_models()
    {
        _line.Write("config/baltoro/config.json", """{ "routes": { "steady": ["glm-5.2", "kimi"] }, "host": "::1", "port": 9000 }""");
        string[] lines = Print("--model", "steady").Output.Split('\n');
        Assert.Equal(("export ANTHROPIC_BASE_URL='http://[::1]:9000'", "export CLAUDE_CODE_MAX_CONTEXT_TOKENS='262144'"), (lines[0], lines[9]));
    }

    [Fact]
    public void The_choice_of_baltoro_use_counts()
    {
        _line.Run(UseCommand.Create, "glm-5.2");
        Assert.Contains("export CLAUDE_CODE_MAX_CONTEXT_TOKENS='1000000'", Print().Output);
    }

    [Fact]
    public void A_key_that_Claude_Code_would_heed_first_is_taken_out_where_there_is_one()
    {
        Assert.DoesNotContain("ANTHROPIC_API_KEY", Print().Output);
        _line.Environment["ANTHROPIC_API_KEY"] = "sk-secret";
        Assert.EndsWith("\nunset ANTHROPIC_API_KEY\n", Print().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_screen_it_says_how_to_apply_it()
    {
        _line.Width = 60;
        Assert.EndsWith("\n# eval \"$(baltoro env)\"\n", Print().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_said_and_nothing_is_printed()
    {
        Assert.Equal((2, "", "--shell: found \"tcsh\", expected bash | fish | powershell | cmd\n"), Print("--shell", "tcsh"));
        Assert.Equal((2, "", "There is no model \"kimmi\". Did you mean \"kimi\"?\n"), Print("--model", "kimmi"));
    }

    [Fact]
    public void Cmd_is_not_given_what_it_cannot_hold() => Assert.StartsWith(
        "ANTHROPIC_MODEL: cmd has no way to write \"%\" in a value", Print("--shell", "cmd", "--model", "openrouter/a%PATH%").Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("bash", "it's $HOME `x` \\ \"", "export A='it'\\''s $HOME `x` \\ \"'")]
    [InlineData("fish", "it's $HOME \\ \"", "set -gx A 'it\\'s $HOME \\\\ \"'")]
    [InlineData("powershell", "it's $HOME ` \u2019 \"", "$env:A = 'it''s $HOME ` \u2019\u2019 \"'")]
    [InlineData("cmd", "a & b | c > d", "set \"A=a & b | c > d\"")]
    public void What_is_special_to_a_shell_is_quoted_its_way(string shell, string value, string line) => Assert.Equal(line, Shell.Find(shell)!.Set("A", value));

    [Fact]
    public void Bash_reads_back_every_text() => ReadsBack("bash", "bash", "-c");

    [Fact]
    public void Fish_reads_back_every_text() => ReadsBack("fish", "fish", "-c");

    [Fact]
    public void PowerShell_reads_back_every_text() => ReadsBack("powershell", "pwsh", "-Command");

    /// <summary>A hundred random texts in one run of the real shell.</summary>
    static void ReadsBack(string shell, string program, string flag)
    {
        if (Programs.Find(program, new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" }) is not { } path)
        {
            Assert.Skip($"{program} is not installed.");
            return;
        }
        Gen.Char["'\"\\$`!%^&|<>(){}[]*?~#; \t\nabc=\u2018\u2019é足"].Array[0, 20].Select(letters => new string(letters)).Array[100].Sample(values =>
        {
            Shell written = Shell.Find(shell)!;
            string print = shell == "powershell" ? "[Console]::Out.Write($env:A + [char]0)" : "printf '%s\\0' \"$A\"";
            string script = string.Join('\n', values.Select(value => written.Set("A", value) + "\n" + print));
            using Process process = Process.Start(new ProcessStartInfo(path, [flag, script])
            {
                RedirectStandardOutput = true, UseShellExecute = false, StandardOutputEncoding = System.Text.Encoding.UTF8,
                Environment = { ["LC_ALL"] = "C.UTF-8" },
            })!;
            Assert.Equal(values, process.StandardOutput.ReadToEnd().Split('\0')[..^1]);
        }, iter: 3);
    }
}
