// What a command finds around the process: environment, folder, platform, day, screen. The one place that looks, so that tests need not.

using System.Collections;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

sealed record Surroundings
{
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The folder in which the command was given.</summary>
    public required string Folder { get; init; }

    public required Platform Platform { get; init; }

    public required DateOnly Today { get; init; }

    /// <summary>Opens what is piped in; null when a person sits at the keyboard.</summary>
    public Func<TextReader>? Input { get; init; }

    /// <summary>Null when the output goes to a file or a pipe.</summary>
    public Screen? Screen { get; init; }

    /// <summary>The width of the window that shows the error output, asked each time; null when it goes to a file or a pipe.</summary>
    public Func<int>? ErrorColumns { get; init; }

    /// <summary>The key that this machine's gateway wants of its clients (`baltoro keys`); null where it wants none.</summary>
    public string? GatewayKey => Environment.GetValueOrDefault("BALTORO_KEY") is { Length: > 0 } key ? key : null;

    public static Surroundings OfProcess()
    {
        Dictionary<string, string> environment = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        return new()
        {
            Environment = environment,
            Folder = Directory.GetCurrentDirectory(),
            Platform = OperatingSystem.IsWindows() ? Platform.Windows : OperatingSystem.IsMacOS() ? Platform.MacOS : Platform.Linux,
            Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime),
            Input = Console.IsInputRedirected ? () => Console.In : null,
            Screen = Console.IsOutputRedirected ? null : Screen.OfConsole(environment),
            ErrorColumns = Console.IsErrorRedirected ? null : () => Screen.OfConsole(environment).Width,
        };
    }
}

/// <summary>The terminal that shows the output.</summary>
/// <param name="Colour">False where the user asked for none (<c>NO_COLOR</c>) or the terminal has none.</param>
sealed record Screen(int Width, bool Colour)
{
    public static Screen OfConsole(IReadOnlyDictionary<string, string> environment)
    {
        bool plain = environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 } || environment.GetValueOrDefault("TERM") == "dumb";
        // A terminal that does not know its width says zero.
        return new(Console.WindowWidth is > 0 and var width ? width : 80, !plain);
    }
}
