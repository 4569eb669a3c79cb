// `baltoro serve`: runs the gateway until it is stopped. It refuses to know what the gateway does with a request.

using System.CommandLine;
using System.Globalization;
using Baltoro.Gateway;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;

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
                Surroundings around = look();
                ConfigurationSources sources = ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)) with
                {
                    Host = parsed.GetValue(host),
                    Port = parsed.GetValue(port),
                };
                return await Run(sources, around, cancellation);
            }
            catch (UserException e)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    static async Task<int> Run(ConfigurationSources sources, Surroundings around, CancellationToken cancellation)
    {
        Settings settings = ConfigurationLoading.Settings(sources);
        IChoices? choices = ConfigurationLoading.Choices(settings, around);
        ILedgerStore? ledger = ConfigurationLoading.Ledger(settings, around);
        if (ledger is null) await Console.Error.WriteLineAsync($"! {ConfigurationLoading.NoHome} Until then what requests cost is written down nowhere.");
        await using LocalGateway gateway = await LocalGateway.Start(settings, choices, ledger, Signals.EndIt, new LogLines(Console.Error, TimeProvider.System), [], cancellation);
        Greet(gateway, Choice.Of(settings.Models, choices?.Read()) is Choice.Made made ? made.Models : settings.Models, settings);
        if (!gateway.DemandsKey && !GatewayServer.IsLoopback(settings.Host))
            await Console.Error.WriteLineAsync($"! Listening on {settings.Host}: whoever reaches this address can spend your keys' money.");
        await gateway.WaitForShutdown(cancellation);
        return ExitCodes.Ok;
    }

    static void Greet(LocalGateway gateway, ModelDirectory models, Settings settings)
    {
        string url = gateway.Url;
        Console.WriteLine($"baltoro {Product.Version} on {url}");
        if (models.Find("baltoro") is Lookup<Target>.Found { Value: { HasKey: true } target })
        {
            Console.WriteLine($"\"baltoro\" means {target.Card.Id} at {target.Upstream.Name}.");
            Console.WriteLine("`baltoro use MODEL` changes that, also for clients that are at work.");
            Console.WriteLine("Claude Code on it, in the folder of your project:  baltoro claude");
            Console.WriteLine($"Other clients: `baltoro launch`, `baltoro env`; OpenAI's at {url}/v1.");
        }
        else
        {
            Console.WriteLine("No upstream has a key yet. Set one of these variables and start again:");
            Console.WriteLine($"  {string.Join(", ", settings.Upstreams.Select(upstream => upstream.Key).OfType<Key.Missing>().Select(key => key.Variable))}");
        }
        if (gateway.DemandsKey) Console.WriteLine("It wants one of its keys: clients' commands here take it from BALTORO_KEY.");
        Console.WriteLine("Ctrl-C stops it.");
    }
}
