// The Model Context Protocol's own reference servers from npm, pinned by a lock file, installed once per checkout. It does not know how they are used.

using System.Diagnostics;
using System.Security.Cryptography;
using Baltoro.Agent.Mcp;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Mcp;

static class NpmServers
{
    static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    static readonly Lazy<Task<(string? Folder, string? Missing)>> Installed = new(Install);

    /// <summary>A server by the name of its package. Skips the test where it cannot be installed, except in CI, where that is a failure.</summary>
    public static async Task<McpServer.Local> Server(string package, params string[] arguments)
    {
        (string? folder, string? missing) = await Installed.Value;
        if (missing is not null && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
        string program = Path.Combine(folder!, "node_modules", "@modelcontextprotocol", package, "dist", "index.js");
        return new McpServer.Local(package["server-".Length..], "node", [program, .. arguments], []);
    }

    static async Task<(string?, string?)> Install()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Baltoro.slnx"))) root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("Baltoro.slnx: not found above the tests.");
        string source = Path.Combine(root, "tests", "Baltoro.Agent.Tests", "Mcp", "Servers");
        byte[] pinned = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        string target = Path.Combine(Directory.CreateDirectory(Path.Combine(root, "artifacts", "clients")).FullName, $"mcp-servers-{Convert.ToHexStringLower(SHA256.HashData(pinned))[..16]}");
        if (Directory.Exists(target)) return (target, null);

        // Installed beside its place, then renamed into it: another test process sees all of it or nothing.
        string draft = Directory.CreateDirectory($"{target}.{Environment.ProcessId}").FullName;
        foreach (string file in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Combine(source, file), Path.Combine(draft, file), overwrite: true);
        try
        {
            using Process npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]) { WorkingDirectory = draft })!;
            using CancellationTokenSource limit = new(InstallLimit);
            await npm.WaitForExitAsync(limit.Token);
            if (npm.ExitCode != 0) return (null, $"The MCP servers are not installed: npm ci ended with {npm.ExitCode}.");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return (null, $"The MCP servers are not installed: {e.Message}");
        }
        try
        {
            Directory.Move(draft, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(draft, recursive: true);
        }
        return (target, null);
    }
}
