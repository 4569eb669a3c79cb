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
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Option<int?> port = new("--port") { Description = "The port to listen on; 0 for any free one (default 8611)." };
        Option<string?> host = new("--host") { Description = "The address to listen on (default 127.0.0.1)." };
        Command command = new("serve", "Run the gateway: Anthropic Messages and OpenAI Chat Completions in front of any model.") { port, host, ConfigurationLoading.Option };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                ConfigurationSources sources = ConfigurationLoading.Sources(look(), parsed.GetValue(ConfigurationLoading.Option)) with
                {
                    Host = parsed.GetValue(host),
                    Port = parsed.GetValue(port),
                };
                return await Run(sources, cancellation);
            }
            catch (UserException e)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    static async Task<int> Run(ConfigurationSources sources, CancellationToken cancellation)
    {
        Configuration configuration = Configuration.Read(sources);
        if (configuration is not Configuration.Valid { Settings: var settings }) throw new UserException($"{configuration}");

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
            throw new UserException($"Cannot listen on {settings.Host}:{settings.Port}: {e.Message} Is another gateway running? --port takes another one.");
        }
        Greet(app.Urls.First(), settings, version);
        await app.WaitForShutdownAsync(cancellation);
        return ExitCodes.Ok;
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
}
