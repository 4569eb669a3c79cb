// The real Claude Code, pinned by the lock file under Clients/, installed once per checkout, run with an environment and a
// home of its own. It does not know what it talks to.

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class ClaudeCode(string program, string home, string folder, string baseUrl)
{
    static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    static readonly Lazy<Task<Installation>> Installed = new(Install);

    /// <summary>Skips the test where the client cannot be installed, except in CI, where that is a failure.</summary>
    /// <param name="scratch">Holds its home and its work folder.</param>
    /// <param name="baseUrl">What it takes for the Anthropic API.</param>
    public static async Task<ClaudeCode> At(Scratch scratch, string baseUrl)
    {
        if (await Installed.Value is Installation.Done done) return new ClaudeCode(done.Program, scratch.Folder("home"), scratch.Folder("work"), baseUrl);
        var missing = ((Installation.Missing)await Installed.Value).Why;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
        throw new UnreachableException();
    }

    public string Folder => folder;

    /// <summary>One unattended run to its end.</summary>
    public async Task<Ending> Run(string prompt, string model, TimeSpan limit, bool goOn = false, params (string Name, string Value)[] settings)
    {
        string[] arguments =
        [
            "-p", prompt, "--output-format", "json", "--model", model, .. goOn ? ["--continue"] : Array.Empty<string>(),
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

    static async Task<Installation> Install()
    {
        if (FindOnPath("node") is null || FindOnPath("npm") is not { } npm)
            return new Installation.Missing("Claude Code is not installed: its installation needs node and npm.");
        var source = Path.Combine(Repository.Root, "tests", "Baltoro.Cli.Tests", "Clients", "claude-code");
        var lockFile = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        var clients = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "clients")).FullName;
        var target = Path.Combine(clients, "claude-code-" + Convert.ToHexStringLower(SHA256.HashData(lockFile))[..16]);
        var program = Path.Combine(target, "node_modules", "@anthropic-ai", "claude-code", "bin", "claude.exe");
        if (File.Exists(program)) return new Installation.Done(program);

        // Installed beside its place, then renamed into it: another test process sees all of it or nothing, and whoever comes
        // second throws its own copy away.
        var draft = Directory.CreateDirectory($"{target}.{Environment.ProcessId}").FullName;
        foreach (var name in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Combine(source, name), Path.Combine(draft, name), overwrite: true);
        await using (var install = ChildProcess.Start(npm, ["ci", "--no-audit", "--no-fund"], draft, new Dictionary<string, string>(), inherit: true))
        {
            var (code, output) = await install.Finish(InstallLimit);
            if (code != 0) return new Installation.Missing($"Claude Code is not installed: npm ci ended with {code}: {output}{install.Errors}");
        }
        try { Directory.Move(draft, target); }
        catch (IOException) when (File.Exists(program)) { Directory.Delete(draft, recursive: true); }
        return new Installation.Done(program);
    }

    abstract record Installation
    {
        Installation() { }

        public sealed record Done(string Program) : Installation;

        public sealed record Missing(string Why) : Installation;
    }

    static string? FindOnPath(string name) =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from ending in OperatingSystem.IsWindows() ? (string[])[".cmd", ".exe"] : [""]
         let file = Path.Combine(folder, name + ending)
         where File.Exists(file)
         select file).FirstOrDefault();
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
