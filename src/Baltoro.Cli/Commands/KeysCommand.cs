// `baltoro keys`: makes, lists and revokes the gateway's own keys. Running gateways see what is changed within a second.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class KeysCommand
{
    /// <param name="look">Called once per run.</param>
    /// <param name="clock">When keys are made and revoked.</param>
    public static Command Create(Func<Surroundings> look, TimeProvider clock) =>
        new("keys", "Keys of the gateway's own, each with what it may ask and spend. Once there is one, the gateway demands one.")
        {
            Add(look, clock), List(look, clock), Revoke(look, clock),
        };

    static Command Add(Func<Surroundings> look, TimeProvider clock)
    {
        Argument<string> name = new("NAME") { Description = "What ledger and log call it." };
        Option<string[]> models = new("--models") { Description = "Only these models, with commas between them.", HelpName = "NAMES", CustomParser = Listed };
        Option<long?> rpm = new("--rpm") { Description = "Requests a minute.", HelpName = "N" };
        Option<long?> tpm = new("--tpm") { Description = "Tokens a minute, input and output.", HelpName = "N" };
        Option<string[]> caps = new("--cap") { Description = $"The most it may spend: {Cap.Expected}. Several hold together.", HelpName = "USD/PERIOD", CustomParser = Listed };
        Option<string?> expires = new("--expires") { Description = "The first day (of UTC) on which it is refused: 2027-01-01, or 30d, 4w, 3m from today.", HelpName = "DAY" };
        Command command = new("add", "Make a key, and show it this once.") { name, models, rpm, tpm, caps, expires, ConfigurationLoading.Option };
        command.SetAction((parsed, cancellation) => Run(parsed, look, async (settings, ledger, around, output) =>
        {
            string secret = Secret.New();
            Secret.TryPrefix(secret, out string? prefix);
            VirtualKey key = new()
            {
                Name = Named(parsed.GetValue(name)!),
                Prefix = prefix!,
                Hash = Secret.Hash(secret),
                Models = (parsed.GetValue(models) ?? []).Select(model => Known(settings, model)).ToSequence(),
                RequestsPerMinute = Positive("--rpm", parsed.GetValue(rpm)),
                TokensPerMinute = Positive("--tpm", parsed.GetValue(tpm)),
                Caps = (parsed.GetValue(caps) ?? []).Select(text => Cap.Parse(text) ?? throw new UserException($"--cap: found \"{text}\", expected {Cap.Expected}")).ToSequence(),
                Created = clock.GetUtcNow(),
                Expires = parsed.GetValue(expires) is { } day ? Expiry(day, around.Today) : null,
            };
            if (key.Caps.Select(cap => cap.Period).Distinct().Count() < key.Caps.Count) throw new UserException("--cap: two caps for one period; the smaller one alone says the same");
            bool isFirst = (await ledger.Keys(cancellation)).Count == 0;
            if (!await ledger.AddKey(key, cancellation)) throw new UserException($"There is a key \"{key.Name}\" already. Names of revoked keys stay taken, because the ledger knows them.");
            output.WriteLine(secret);
            output.WriteLine();
            output.WriteLine($"This is the key \"{key.Name}\": {KeyTable.Describe(key)}.");
            output.WriteLine("It is shown this once and kept as a hash only. Clients send it as ANTHROPIC_AUTH_TOKEN, OPENAI_API_KEY or x-api-key.");
            if (isFirst) output.WriteLine("It is the first one: from now on the gateway demands a key of everyone.");
            return ExitCodes.Ok;
        }));
        return command;
    }

    static Command List(Func<Surroundings> look, TimeProvider clock)
    {
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("list", "Show the keys, and what they have spent; never their secrets.") { json, ConfigurationLoading.Option };
        command.SetAction((parsed, cancellation) => Run(parsed, look, async (_, ledger, around, output) =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            List<KeyState> states = [];
            foreach (VirtualKey key in await ledger.Keys(cancellation))
            {
                List<long> spent = [];
                foreach (Cap cap in key.Caps)
                {
                    (DateOnly from, DateOnly to) = cap.Around(now);
                    spent.Add(await ledger.Spent(key.Name, from, to, cancellation));
                }
                states.Add(new(key, spent.ToSequence(), now));
            }
            if (parsed.GetValue(json)) KeyJson.Write(output, states);
            else if (states.Count > 0) KeyTable.Write(output, states, around.Screen);
            else
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("There are no keys: the gateway answers to everyone who reaches it. `baltoro keys add NAME` makes one.");
                return ExitCodes.NothingFound;
            }
            return ExitCodes.Ok;
        }));
        return command;
    }

    static Command Revoke(Func<Surroundings> look, TimeProvider clock)
    {
        Argument<string> name = new("NAME") { Description = "As `baltoro keys list` shows it." };
        Command command = new("revoke", "Refuse a key from now on. It stays in the list, and the gateway stays closed to those without one.") { name, ConfigurationLoading.Option };
        command.SetAction((parsed, cancellation) => Run(parsed, look, async (_, ledger, _, output) =>
        {
            string asked = parsed.GetValue(name)!;
            if (await ledger.RevokeKey(asked, clock.GetUtcNow(), cancellation))
            {
                output.WriteLine($"\"{asked}\" is revoked. Running gateways refuse it within a second.");
                return ExitCodes.Ok;
            }
            throw new UserException((await ledger.Keys(cancellation)).Any(key => key.Name == asked)
                ? $"\"{asked}\" is revoked already." : $"There is no key \"{asked}\"; `baltoro keys list` shows those that there are.");
        }));
        return command;
    }

    static async Task<int> Run(ParseResult parsed, Func<Surroundings> look, Func<Settings, ILedgerStore, Surroundings, TextWriter, Task<int>> work)
    {
        try
        {
            Surroundings around = look();
            Settings settings = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)));
            await using ILedgerStore ledger = ConfigurationLoading.Ledger(settings, around) ?? throw new UserException(ConfigurationLoading.NoHome);
            return await work(settings, ledger, around, parsed.InvocationConfiguration.Output);
        }
        catch (Exception e) when (e is UserException or LedgerUnavailableException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
            return ExitCodes.BadInput;
        }
    }

    static string[] Listed(ArgumentResult argument) =>
        [.. argument.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    static string Named(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@')
        ? name : throw new UserException($"NAME: found \"{name}\", expected up to 64 letters, digits, \"-\", \"_\", \".\" and \"@\"");

    static string Known(Settings settings, string name) =>
        settings.Models.FindAll(name) is Lookup<Sequence<Target>>.Found ? name : throw new UserException($"--models: {settings.Models.FindAll(name)}");

    static long? Positive(string option, long? number) =>
        number is null or > 0 ? number : throw new UserException($"{option}: found {number}, expected a whole number above 0");

    static DateTimeOffset Expiry(string text, DateOnly today)
    {
        bool isCount = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and < 10_000;
        DateOnly? day = text switch
        {
            [.., 'd'] when isCount => today.AddDays(count),
            [.., 'w'] when isCount => today.AddDays(7 * count),
            [.., 'm'] when isCount => today.AddMonths(count),
            _ => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly named) ? named : null,
        };
        return day > today ? new(day.Value.ToDateTime(default), TimeSpan.Zero)
            : throw new UserException($"--expires: found \"{text}\", expected a day after today such as 2027-01-01, or a time from today such as 30d, 4w or 3m");
    }
}
