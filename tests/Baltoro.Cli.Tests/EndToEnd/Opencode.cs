// The real opencode over Chat Completions, run with an environment and a home of its own. It does not know what it talks to.

using System.Text.Json;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class Opencode(string program, string home, string folder, string baseUrl)
{
    // Pinned is the package of a platform, which holds the program; the package over all platforms only copies it.
    static readonly NpmClient Client = new("opencode", Path.Combine("opencode-linux-x64", "bin", "opencode"));

    /// <summary>Skips the test where the client cannot be installed, except in CI, where that is a failure.</summary>
    /// <param name="scratch">Holds its home and its work folder.</param>
    /// <param name="baseUrl">What it takes for an OpenAI-compatible API.</param>
    public static async Task<Opencode> At(Scratch scratch, string baseUrl) =>
        new(await Client.Program(), scratch.Folder("home"), scratch.Folder("work"), baseUrl);

    public string Folder => folder;

    /// <summary>One unattended run to its end: its code, and what it showed.</summary>
    public async Task<Shown> Run(string prompt, string model, TimeSpan limit)
    {
        await using var process = ChildProcess.Start(program, ["run", "--pure", "--format", "json", "--model", $"gateway/{model}", "--title", "A trail", prompt], folder, Surroundings(model));
        var (code, output) = await process.Finish(limit);
        return new Shown(code, output, process.Errors);
    }

    Dictionary<string, string> Surroundings(string model) => new()
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = home, ["USERPROFILE"] = home, ["TERM"] = "dumb", ["LANG"] = "C.UTF-8",
        ["OPENCODE_CONFIG_CONTENT"] = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["autoupdate"] = false, ["share"] = "disabled", ["model"] = $"gateway/{model}", ["small_model"] = $"gateway/{model}",
            ["permission"] = new { edit = "allow", read = "allow", bash = "deny", webfetch = "deny", external_directory = "allow", doom_loop = "allow" },
            ["provider"] = new
            {
                gateway = new
                {
                    npm = "@ai-sdk/openai-compatible", name = "The gateway",
                    options = new { baseURL = baseUrl, apiKey = "client-key" },
                    models = new Dictionary<string, object>
                    {
                        [model] = new { name = model, reasoning = true, tool_call = true, limit = new { context = 1_000_000, output = 32_000 }, interleaved = new { field = "reasoning_content" } },
                    },
                },
            },
        }),
        ["OPENCODE_DISABLE_AUTOUPDATE"] = "1", ["OPENCODE_DISABLE_MODELS_FETCH"] = "1", ["OPENCODE_DISABLE_SHARE"] = "1",
        ["OPENCODE_DISABLE_LSP_DOWNLOAD"] = "1", ["OPENCODE_DISABLE_DEFAULT_PLUGINS"] = "1", ["OPENCODE_DISABLE_CLAUDE_CODE"] = "1",
        ["OPENCODE_DISABLE_AUTOCOMPACT"] = "1",
    };
}

/// <summary>What a run of opencode showed: one JSON event a line.</summary>
sealed record Shown(int Code, string Output, string Errors)
{
    /// <summary>Its last words; fails with everything it wrote when it does not call the run a success.</summary>
    public string Result()
    {
        Assert.True(Code == 0, $"exit code {Code}: {Output} {Errors}");
        var last = "";
        foreach (var line in Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var shown = JsonDocument.Parse(line);
            var type = shown.RootElement.GetProperty("type").GetString();
            Assert.False(type == "error", $"{Output} {Errors}");
            if (type == "text") last = shown.RootElement.GetProperty("part").GetProperty("text").GetString()!;
        }
        return last;
    }
}
