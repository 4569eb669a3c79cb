// A real client from npm, pinned by a lock file under Clients/, installed once per checkout. It does not know how it is used.

using System.Diagnostics;
using System.Security.Cryptography;

namespace Baltoro.Cli.Tests.EndToEnd;

/// <param name="Name">Its folder under Clients/.</param>
/// <param name="Programs">Where its program can lie under node_modules: platforms differ.</param>
sealed record NpmClient(string Name, params string[] Programs)
{
    static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    readonly Lock _gate = new();
    Task<Installation>? _installation;

    /// <summary>Whether packages are installed that it can do without.</summary>
    public bool WithOptional { get; init; } = true;

    /// <summary>The program's path. Skips the test where it cannot be installed, except in CI, where that is a failure.</summary>
    public async Task<string> Program()
    {
        Task<Installation> installation;
        lock (_gate) installation = _installation ??= Install(Name, Programs, WithOptional ? [] : ["--omit=optional"]);
        if (await installation is Installation.Done done) return done.Program;
        var missing = ((Installation.Missing)await installation).Why;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
        throw new UnreachableException();
    }

    static async Task<Installation> Install(string name, string[] programs, string[] options)
    {
        if (FindOnPath("node") is null || FindOnPath("npm") is not { } npm)
            return new Installation.Missing($"{name} is not installed: its installation needs node and npm.");
        var source = Path.Combine(Repository.Root, "tests", "Baltoro.Cli.Tests", "Clients", name);
        var lockFile = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        var clients = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "clients")).FullName;
        var target = Path.Combine(clients, $"{name}-{Convert.ToHexStringLower(SHA256.HashData(lockFile))[..16]}");
        if (Find(target) is { } found) return new Installation.Done(found);

        // Installed beside its place, then renamed into it: another test process sees all of it or nothing, and whoever comes
        // second throws its own copy away.
        var draft = Directory.CreateDirectory($"{target}.{Environment.ProcessId}").FullName;
        foreach (var file in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Combine(source, file), Path.Combine(draft, file), overwrite: true);
        await using (var install = ChildProcess.Start(npm, ["ci", "--no-audit", "--no-fund", .. options], draft, new Dictionary<string, string>(), inherit: true))
        {
            var (code, output) = await install.Finish(InstallLimit);
            if (code != 0) return new Installation.Missing($"{name} is not installed: npm ci ended with {code}: {output}{install.Errors}");
        }
        try { Directory.Move(draft, target); }
        catch (IOException) when (Find(target) is not null) { Directory.Delete(draft, recursive: true); }
        return Find(target) is { } program ? new Installation.Done(program) : new Installation.Missing($"{name} is installed, but not for this platform.");

        string? Find(string folder) => programs.Select(p => Path.Combine(folder, "node_modules", p)).FirstOrDefault(File.Exists);
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
