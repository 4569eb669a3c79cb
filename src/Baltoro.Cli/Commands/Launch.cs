// `baltoro claude` and `baltoro launch CLIENT`: starts a client with everything that it must be told, and with a gateway if none is at hand.

using System.CommandLine;
using System.ComponentModel;
using Baltoro.Chat;
using Baltoro.Cli.Launching;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class Launch
{
    /// <param name="look">Called once per run.</param>
    public static Command CreateClaude(Func<Surroundings> look)
    {
        Words words = new();
        Command command = new("claude", "Run Claude Code on any model, with a gateway of its own where none is running.")
        {
            words.Model, words.Small, words.Arguments, ConfigurationLoading.Option,
        };
        command.SetAction((parsed, cancellation) => Guarded(parsed, () => Run(Client.ClaudeCode, words, parsed, look(), cancellation)));
        return command;
    }

    /// <param name="look">Called once per run.</param>
    public static Command CreateLaunch(Func<Surroundings> look)
    {
        Words words = new();
        Argument<string> client = new("CLIENT") { Description = $"One of {string.Join(", ", Client.Known.OfType<Client.Served>().Select(known => known.Name))}." };
        Command command = new("launch", "Run another client the same way.") { words.Model, words.Small, client, words.Arguments, ConfigurationLoading.Option };
        command.SetAction((parsed, cancellation) => Guarded(parsed, () => Client.Find(parsed.GetValue(client)!) switch
        {
            Client.Served served => Run(served, words, parsed, look(), cancellation),
            Client.NotServed known => throw new UserException($"{known.Why} Served are {Listed()}."),
            _ => throw new UserException($"There is no client \"{parsed.GetValue(client)}\" here. Served are {Listed()}; for others, `baltoro env` and {DefaultAddress}/v1."),
        }));
        return command;
    }

    const string DefaultAddress = "http://127.0.0.1:8611";

    static string Listed() => string.Join(", ", Client.Known.OfType<Client.Served>().Select(known => known.Name));

    static async Task<int> Guarded(ParseResult parsed, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (UserException e)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
            return ExitCodes.BadInput;
        }
    }

    static async Task<int> Run(Client.Served client, Words words, ParseResult parsed, Surroundings around, CancellationToken cancellation)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        Settings settings = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)));
        IChoices? choices = ConfigurationLoading.Choices(settings, around);
        AskedModel asked = AskedModel.Of(parsed.GetValue(words.Model), parsed.GetValue(words.Small), settings, choices).WithKey(settings);
        if (Programs.Find(client.Name, around.Environment) is not { } program)
        {
            await error.WriteLineAsync($"{client.Title} is not installed: there is no `{client.Name}` on the PATH. Install it with\n\n  {client.Install}\n\nand start this again.");
            return ExitCodes.NotInstalled;
        }

        GatewayAtHand atHand = await GatewayAtHand.Look(settings, around.GatewayKey, cancellation);
        if (atHand is GatewayAtHand.Locked) throw new UserException(GatewayAtHand.WantsKey);
        if (atHand is GatewayAtHand.Running running && asked.Targets.Any(target => running.Models.Contains(target.Card.Id)))
        {
            await error.WriteLineAsync($"{asked.Describe()}, by the gateway on {running.Url}.");
            return await Run(client, program, parsed.GetValue(words.Arguments)!, asked.At(running.Url, around), around);
        }
        await using LocalGateway own = await OwnGateway(asked, atHand, settings, choices, around, error, cancellation);
        return await Run(client, program, parsed.GetValue(words.Arguments)!, asked.At(own.Url, around), around);
    }

    static async Task<int> Run(Client.Served client, string program, string[] arguments, Destination destination, Surroundings around)
    {
        Outfit outfit = client.Outfit(destination);
        Dictionary<string, string> environment = new(around.Environment);
        foreach (string name in outfit.Unset) environment.Remove(name);
        foreach ((string name, string value) in outfit.Set) environment[name] = value;
        try
        {
            return await ForegroundProgram.Run(program, [.. client.Arguments, .. arguments], around.Folder, environment);
        }
        catch (Win32Exception e)
        {
            throw new UserException($"{program} cannot be started: {e.Message}");
        }
    }

    // One of its own listens on a free port and ends with the client: on the usual port others would come to lean on it, and lose it.
    static async Task<LocalGateway> OwnGateway(
        AskedModel asked, GatewayAtHand atHand, Settings settings, IChoices? choices, Surroundings around, TextWriter error, CancellationToken cancellation)
    {
        (TextWriter log, string path) = Log(around);
        LocalGateway own = await LocalGateway.Start(
            settings with { Host = "127.0.0.1", Port = 0 }, choices, ConfigurationLoading.Ledger(settings, around), Signals.LeftAlone, new LogLines(log, TimeProvider.System), [asked.Name, asked.Small], cancellation);
        if (own.DemandsKey && around.GatewayKey is null)
        {
            await own.DisposeAsync();
            throw new UserException(GatewayAtHand.WantsKey);
        }
        string why = atHand switch
        {
            GatewayAtHand.Running other => $" The one on {other.Url} has no key for it.",
            GatewayAtHand.Stranger other => $" On {other.Url} listens {other.What}.",
            _ => "",
        };
        await error.WriteLineAsync($"{asked.Describe()}, by a gateway that ends with it; log: {path}.{why}");
        return own;
    }

    /// <summary>The screen is the client's.</summary>
    static (TextWriter, string) Log(Surroundings around)
    {
        if (ConfigurationPaths.State(around.Environment, around.Platform) is not { } folder) return (TextWriter.Null, "none");
        string path = Path.Combine(folder, "launched.log");
        try
        {
            Directory.CreateDirectory(folder);
            // Begun anew when it has grown long; what is written now is what will be asked for.
            bool isLong = new FileInfo(path) is { Exists: true, Length: > 4 << 20 };
            FileStream file = new(path, isLong ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return (new StreamWriter(file) { AutoFlush = true }, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (TextWriter.Null, "none");
        }
    }

    sealed record Words
    {
        public Option<string?> Model { get; } = new("--model") { Description = "The model to start with (default: what `baltoro use` chose).", HelpName = "MODEL" };

        public Option<string?> Small { get; } = new("--small") { Description = "The model for titles and other small work (default: the same).", HelpName = "MODEL" };

        public Argument<string[]> Arguments { get; } = new("ARGS") { Description = "Passed on as they are; those that look like ours stand behind `--`.", Arity = ArgumentArity.ZeroOrMore };
    }
}
