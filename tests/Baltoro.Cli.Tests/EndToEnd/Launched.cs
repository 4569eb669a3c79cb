// The built executable as a user starts it: with an environment of its own, in a folder of its own.

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class Launched(Scratch scratch)
{
    readonly string _programs = scratch.Folder("programs");

    public string Folder { get; } = scratch.Folder("work");

    public string Home { get; } = scratch.Folder("home");

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The only programs on its PATH are these and a system's own.</summary>
    public void Install(string name, string program) => File.CreateSymbolicLink(Path.Combine(_programs, name), program);

    /// <summary>A client that is a few lines of shell.</summary>
    public void InstallScript(string name, string lines)
    {
        var path = Path.Combine(_programs, name);
        File.WriteAllText(path, $"#!/bin/sh\n{lines}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public ChildProcess Start(params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{_programs}:/usr/bin:/bin", ["HOME"] = Home, ["TERM"] = "dumb", ["LANG"] = "C.UTF-8",
        };
        foreach (var name in (string[])["DOTNET_ROOT"])
            if (System.Environment.GetEnvironmentVariable(name) is { } value) environment[name] = value;
        foreach (var (name, value) in Environment) environment[name] = value;
        return ChildProcess.Start(GatewayProcess.Executable(), arguments, Folder, environment);
    }

    public async Task<(int Code, string Output, string Errors)> Run(params string[] arguments)
    {
        await using var process = Start(arguments);
        var (code, output) = await process.Finish(TimeSpan.FromMinutes(3));
        return (code, output.Replace(scratch.Path, "~", StringComparison.Ordinal), process.Errors.Replace(scratch.Path, "~", StringComparison.Ordinal));
    }
}
