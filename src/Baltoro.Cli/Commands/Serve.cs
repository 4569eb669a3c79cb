// `baltoro serve`: runs the gateway until it is stopped. It refuses to know what the gateway does with a request.

using System.CommandLine;
using System.Net.Sockets;
using System.Reflection;
using Baltoro.Gateway;
using Baltoro.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Baltoro.Cli.Commands;

static class Serve
{
    public static Command Create()
    {
        Option<int?> port = new("--port") { Description = "The port to listen on; 0 for any free one (default 8611)." };
        Option<string?> host = new("--host") { Description = "The address to listen on (default 127.0.0.1)." };
        Option<string?> config = new("--config") { Description = "A configuration file to use in place of your own." };
        Command command = new("serve", "Run the gateway: Anthropic Messages and OpenAI Chat Completions in front of any model.") { port, host, config };
        command.SetAction((parsed, cancellation) => Run(parsed.GetValue(config), parsed.GetValue(host), parsed.GetValue(port), cancellation));
        return command;
    }

    static async Task<int> Run(string? file, string? host, int? port, CancellationToken cancellation)
    {
        Configuration configuration;
        try
        {
            configuration = Configured.Read(file, sources => sources with { Host = host, Port = port });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await Fail($"--config: {e.Message}", ExitCode.BadInput);
        }
        if (configuration is not Configuration.Valid { Settings: var settings })
            return await Fail(configuration.ToString()!, ExitCode.BadInput);

        using RemoteModels models = new(settings, TimeProvider.System);
        string version = Version();
        await using WebApplication app = GatewayServer.Create(
            new() { Host = settings.Host, Port = settings.Port, Version = version },
            new(models.Find, models.All), TimeProvider.System, Log);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or AddressInUseException)
        {
            return await Fail($"cannot listen on {settings.Host}:{settings.Port}: {e.Message}", ExitCode.Error);
        }
        Greet(app.Urls.First(), settings, version);
        await app.WaitForShutdownAsync(cancellation);
        return ExitCode.Done;
    }

    static void Greet(string url, Settings settings, string version)
    {
        Console.WriteLine($"baltoro {version} on {url}");
        if (settings.Models.Find("baltoro") is Lookup<Target>.Found { Value: { HasKey: true } target })
        {
            Console.WriteLine($"The model name \"baltoro\" means {target.Card.Id} at {target.Upstream.Name}. Claude Code on it:");
            Console.WriteLine();
            Console.WriteLine($"  ANTHROPIC_BASE_URL={url} ANTHROPIC_AUTH_TOKEN=local ANTHROPIC_MODEL=baltoro \\");
            Console.WriteLine($"  CLAUDE_CODE_MAX_CONTEXT_TOKENS={target.Card.Window} claude");
            Console.WriteLine();
        }
        else
        {
            Console.WriteLine("No upstream has a key yet. Set one of these variables and start again:");
            Console.WriteLine($"  {string.Join(", ", settings.Upstreams.Select(upstream => upstream.Key).OfType<Key.Missing>().Select(key => key.Variable))}");
        }
        Console.WriteLine("Ctrl-C stops it.");
    }

    /// <summary>To stderr, one line a request; of the framework only what is wrong.</summary>
    static void Log(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        logging.AddFilter("Microsoft", LogLevel.Warning);
    }

    static string Version() =>
        typeof(Serve).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    static async Task<int> Fail(string message, int code)
    {
        await Console.Error.WriteLineAsync($"baltoro serve: {message}");
        return code;
    }
}
