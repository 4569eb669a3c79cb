// A command run as a user runs it, in a folder and with an environment of its own: arguments in, exit code and text out.

using System.CommandLine;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Tests.Commands;

sealed class CommandLine : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("baltoro-").FullName;

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Null for output that goes into a pipe.</summary>
    public int? Width { get; set; }

    /// <summary>The same for the errors.</summary>
    public int? ErrorColumns { get; set; }

    /// <summary>What is piped in; null for a keyboard.</summary>
    public string? Input { get; set; }

    /// <summary>The same, for who writes it line by line.</summary>
    public TextReader? Lines { get; set; }

    public DateOnly Today { get; set; } = new(2026, 11, 23);

    public CommandLine(params string[] keys)
    {
        foreach (string key in keys) Environment[key] = "sk-secret";
        Environment["XDG_CONFIG_HOME"] = Path.Combine(Folder, "config");
        Environment["XDG_STATE_HOME"] = Path.Combine(Folder, "state");
    }

    public string State => Path.Combine(Folder, "state", "baltoro");

    public Surroundings Surroundings => new()
    {
        Environment = Environment, Folder = Folder, Platform = Platform.Linux, Today = Today,
        Input = Lines is { } lines ? () => lines : Input is { } text ? () => new StringReader(text) : null,
        Screen = Width is { } columns ? new(columns, Colour: false) : null,
        ErrorColumns = ErrorColumns is { } wide ? () => wide : null,
    };

    /// <summary>The folder's own path is written as <c>~</c> in what comes back.</summary>
    public (int Code, string Output, string Error) Run(Func<Func<Surroundings>, Command> command, params string[] arguments)
    {
        StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = command(() => Surroundings).Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, Shown($"{output}"), Shown($"{error}"));
    }

    public void Write(string path, string text)
    {
        string file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    string Shown(string text) => text.Replace(Folder, "~", StringComparison.Ordinal);
}
