// `baltoro serve`: runs the gateway until it is stopped. It refuses to know what the gateway does with a request.

using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using Baltoro.Gateway;
using Baltoro.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baltoro.Cli.Commands;

static class Serve
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Option<int?> port = new("--port")
        {
            Description = "The port to listen on; 0 for any free one (default 8611).",
            HelpName = "N",
            CustomParser = argument =>
            {
                if (int.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number;
                argument.AddError($"--port: found \"{argument.Tokens[0].Value}\", expected a whole number from 0 to 65535");
                return null;
            },
        };
        Option<string?> host = new("--host") { Description = "The address to listen on (default 127.0.0.1).", HelpName = "ADDRESS" };
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
        if (!GatewayServer.IsLoopback(settings.Host))
            await Console.Error.WriteLineAsync($"! Listening on {settings.Host}: whoever reaches this address can spend your keys' money.");
        await app.WaitForShutdownAsync(cancellation);
        return ExitCodes.Ok;
    }

    static void Greet(string url, Settings settings, string version)
    {
        Console.WriteLine($"baltoro {version} on {url}");
        // The address that stands for all of this machine's is none that a client can use.
        url = url.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//[::1]:", StringComparison.Ordinal);
        if (settings.Models.Find("baltoro") is Lookup<Target>.Found { Value: { HasKey: true } target })
        {
            Console.WriteLine($"\"baltoro\" means {target.Card.Id} at {target.Upstream.Name}.");
            Console.WriteLine("Claude Code on it, in the folder of your project:");
            Console.WriteLine();
            Console.WriteLine($"  ANTHROPIC_BASE_URL={url} \\");
            Console.WriteLine("  ANTHROPIC_AUTH_TOKEN=local ANTHROPIC_MODEL=baltoro \\");
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
        logging.AddProvider(new LogLines(Console.Error, TimeProvider.System));
        logging.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed start is told in our own words, without a stack.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    static string Version() =>
        typeof(Serve).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
