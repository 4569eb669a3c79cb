// The gateway's executable as a process of its own in front of the instant upstream; what it costs is read from /proc.

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Baltoro.Load;

/// <summary>Linux only. Its log goes to a file, as it would for a service.</summary>
sealed partial class GatewayProcess : IAsyncDisposable
{
    const int TicksPerSecond = 100;

    readonly Process _process;
    readonly string _folder;

    GatewayProcess(Process process, string folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    public Uri Url { get; }

    public static async Task<GatewayProcess> Start(string executable, InstantUpstream upstream)
    {
        string folder = Directory.CreateTempSubdirectory("baltoro-load-").FullName, config = Path.Combine(folder, "config.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              "upstreams": {
                "instant": { "url": "{{upstream.Url}}at-once/v1", "format": "openai", "dialect": "kimi", "key": "k" },
                "silent": { "url": "{{upstream.Url}}held/v1", "format": "openai", "dialect": "kimi", "key": "k" }
              },
              "models": {
                "at-once": { "upstream": "instant", "window": 1000000, "output": 64000 },
                "held": { "upstream": "silent", "window": 1000000, "output": 64000 }
              }
            }
            """);
        // A shell, because only it can send the log to a file without this process having to carry it.
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec \"$0\" serve --port 0 --config \"$1\" 2>\"$2\"", Path.GetFullPath(executable), config, Path.Combine(folder, "log")])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["HOME"] = folder;
        Process process = Process.Start(start)!;
        List<string> said = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (Address().Match(line) is { Success: true } match) return new(process, folder, new(match.Value));
        }
        throw new InvalidOperationException($"The gateway told no address: {string.Join('\n', said)}\n{await File.ReadAllTextAsync(Path.Combine(folder, "log"))}");
    }

    /// <summary>Resident memory in bytes.</summary>
    public long Resident() => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;

    /// <summary>Processor time used so far, in user and kernel mode.</summary>
    public TimeSpan Processor()
    {
        // The second field is the program's name in brackets and may hold spaces.
        string[] fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[^1].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / (double)TicksPerSecond);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
