// The real Claude Code, run with an environment and a home of its own. It does not know what it talks to.

using System.Text.Json;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class ClaudeCode(string program, string home, string folder, string baseUrl)
{
    static readonly NpmClient Client = new("claude-code", Path.Combine("@anthropic-ai", "claude-code", "bin", "claude.exe"));

    /// <summary>Skips the test where the client cannot be installed, except in CI, where that is a failure.</summary>
    /// <param name="scratch">Holds its home and its work folder.</param>
    /// <param name="baseUrl">What it takes for the Anthropic API.</param>
    public static async Task<ClaudeCode> At(Scratch scratch, string baseUrl) =>
        new(await Client.Program(), scratch.Folder("home"), scratch.Folder("work"), baseUrl);

    /// <summary>Where it is installed. Skips the test as <see cref="At"/> does.</summary>
    public static Task<string> Program() => Client.Program();

    public string Folder => folder;

    /// <summary>One unattended run to its end.</summary>
    public Task<Ending> Run(string prompt, string model, TimeSpan limit, bool goOn = false, params (string Name, string Value)[] settings) =>
        Run(prompt, model, limit, goOn, ["--output-format", "json"], settings);

    /// <summary>The same, telling each step.</summary>
    public Task<Ending> Stream(string prompt, string model, TimeSpan limit) => Run(prompt, model, limit, goOn: false, ["--output-format", "stream-json", "--verbose"], []);

    async Task<Ending> Run(string prompt, string model, TimeSpan limit, bool goOn, string[] form, (string Name, string Value)[] settings)
    {
        string[] arguments =
        [
            "-p", prompt, .. form, "--model", model, .. goOn ? ["--continue"] : Array.Empty<string>(),
            // Works for root too, unlike --dangerously-skip-permissions.
            "--permission-mode", "acceptEdits", "--allowedTools", "Read", "Write",
        ];
        await using var process = ChildProcess.Start(program, arguments, folder, Surroundings(settings));
        var (code, output) = await process.Finish(limit);
        return new Ending(code, output, process.Errors);
    }

    Dictionary<string, string> Surroundings((string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = home, ["USERPROFILE"] = home, ["TERM"] = "dumb", ["LANG"] = "C.UTF-8",
            ["ANTHROPIC_BASE_URL"] = baseUrl, ["ANTHROPIC_AUTH_TOKEN"] = "test-key",
            ["DISABLE_TELEMETRY"] = "1", ["DISABLE_ERROR_REPORTING"] = "1", ["DISABLE_AUTOUPDATER"] = "1", ["DISABLE_BUG_COMMAND"] = "1",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
        };
        foreach (var (name, value) in settings) environment[name] = value;
        return environment;
    }
}

/// <summary>How a run of the client ended.</summary>
sealed record Ending(int Code, string Output, string Errors)
{
    /// <summary>Its last words; fails with everything it wrote when it does not call the run a success.</summary>
    public string Result()
    {
        Assert.True(Code == 0, $"exit code {Code}: {Output} {Errors}");
        using var json = JsonDocument.Parse(Output);
        Assert.False(json.RootElement.GetProperty("is_error").GetBoolean(), Output);
        return json.RootElement.GetProperty("result").GetString()!;
    }
}
