// A server from Debian's packages, run by a user who is not root in a folder of its own, on loopback only. It does not know which server.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Baltoro.Gateway.Tests.Servers;

/// <summary>Ended with the tests; skips them where the program is not installed, and fails them there when <c>CI=true</c>.</summary>
sealed class ServerProgram : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    readonly Process _process;
    readonly string _folder;

    ServerProgram(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>Where a program lies; null where it is not installed.</summary>
    public static string? Find(string name)
    {
        string[] folders =
        [
            .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    public static void Missing(string package)
    {
        string reason = $"{package} is not installed: apt-get install {package}.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }

    /// <param name="prepare">Arguments of a program that is run first; null for none.</param>
    /// <param name="arguments">From its folder and a free port.</param>
    /// <param name="answers">Whether it is ready.</param>
    public static async Task<ServerProgram> Start(string program, Func<string, IReadOnlyList<string>>? prepare, Func<string, int, IReadOnlyList<string>> arguments, Func<int, Task<bool>> answers)
    {
        string folder = Directory.CreateTempSubdirectory("baltoro-server-").FullName;
        // PostgreSQL refuses to be run by root.
        if (Environment.UserName == "root") await Run("/bin/chown", ["nobody", folder]);
        if (prepare is not null) await Run(prepare(folder));
        int port = FreePort();
        Process process = Begin(arguments(folder, port), folder);
        using CancellationTokenSource time = new(StartLimit);
        while (!await answers(port))
        {
            if (process.HasExited || time.IsCancellationRequested) throw new InvalidOperationException($"{program} did not start: {await process.StandardError.ReadToEndAsync()}");
            await Task.Yield();
        }
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        return new(process, folder, port);
    }

    static Process Begin(IReadOnlyList<string> words, string folder)
    {
        string[] line = Environment.UserName == "root" ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. words] : [.. words];
        ProcessStartInfo start = new(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        start.Environment.Clear();
        (start.Environment["PATH"], start.Environment["HOME"], start.Environment["LC_ALL"]) = ("/usr/bin:/bin", folder, "C");
        return Process.Start(start)!;
    }

    static async Task Run(IReadOnlyList<string> words, string folder = "/")
    {
        using Process process = Begin(words, folder);
        _ = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{words[0]}: {error}");
    }

    static async Task Run(string program, string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
    }

    static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A child of the server may still be closing its files; the folder is a temporary one.
        }
    }
}
