// `baltoro models update`: takes the public catalogue over, and says what that changed. It refuses to know the catalogue's format.

using System.CommandLine;
using System.Globalization;
using Baltoro.Chat;
using Baltoro.Models;
using Baltoro.Models.Reading;

namespace Baltoro.Cli.Commands;

static class ModelsUpdate
{
    const string Source = "https://models.dev/api.json";

    /// <summary>Ten times what it has at present.</summary>
    const int Largest = 32 << 20;

    const int MostShown = 20;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Option<string> from = new("--from") { Description = $"A URL or a file in the format of models.dev (default {Source}).", HelpName = "URL|FILE", DefaultValueFactory = _ => Source };
        Option<bool> all = new("--all") { Description = "Show every change." };
        Command command = new("update", "Bring windows, prices and new models up to date from models.dev. What you configured wins over it.") { from, all, ConfigurationLoading.Option };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                Surroundings around = look();
                return await Run(parsed.GetValue(from)!, parsed.GetValue(all) ? int.MaxValue : MostShown, around,
                    ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)), parsed.InvocationConfiguration.Output, cancellation);
            }
            catch (UserException e)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    static async Task<int> Run(string from, int mostShown, Surroundings around, ConfigurationSources sources, TextWriter output, CancellationToken cancellation)
    {
        string path = ConfigurationLoading.Learnt(around) ?? throw new UserException("There is no home folder to keep the catalogue in: set HOME or XDG_STATE_HOME.");
        string text = await Text(from, around, cancellation);
        if (ModelsDev.Read(from, text, around.Today) is not ReadUpdate.Taken { Update: var update }) throw Refused(((ReadUpdate.Refused)ModelsDev.Read(from, text, around.Today)).Problems);
        // An update that is broken on the disk must not stand in the way of the one that mends it.
        ModelDirectory before = Configuration.Read(sources) is Configuration.Valid valid ? valid.Settings.Models : ConfigurationLoading.Settings(sources with { Learnt = null }).Models;
        ModelDirectory after = ConfigurationLoading.Settings(sources with { Learnt = new(path, update.Text) }).Models;
        try
        {
            update.Write(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be written: {e.Message} The catalogue is as it was.");
        }
        Tell(CatalogueChange.Between(before, after), mostShown, output);
        return ExitCodes.Ok;
    }

    static UserException Refused(Sequence<Problem> problems) => new(string.Join('\n',
        problems.Take(MostShown).Select(problem => $"{problem}")
            .Concat(problems.Count > MostShown ? [$"and {problems.Count - MostShown} more"] : [])
            .Append("The catalogue is as it was.")));

    static void Tell(Sequence<CatalogueChange> changes, int mostShown, TextWriter output)
    {
        if (changes.IsEmpty)
        {
            output.WriteLine("Nothing has changed.");
            return;
        }
        output.WriteLine($"{Count<CatalogueChange.Added>()} added, {Count<CatalogueChange.Repriced>()} repriced, {Count<CatalogueChange.Resized>()} of another size, {Count<CatalogueChange.Removed>()} removed.");
        // What was known before matters more than what is new.
        foreach (CatalogueChange change in changes.OrderBy(change => change is CatalogueChange.Added ? 1 : 0).Take(mostShown)) output.WriteLine(Line(change));
        if (changes.Count > mostShown) output.WriteLine($"  and {changes.Count - mostShown} more (--all)");
        output.WriteLine("Running gateways take it up when they are started again.");

        int Count<T>() => changes.Count(change => change is T);
    }

    static string Line(CatalogueChange change) => change switch
    {
        CatalogueChange.Added => $"  + {change.Model} at {change.Upstream}",
        CatalogueChange.Removed => $"  - {change.Model} at {change.Upstream}",
        CatalogueChange.Repriced repriced => $"  $ {change.Model} at {change.Upstream}: {(repriced.Before is { } before ? $"{Dollars(before)} -> " : "")}{Dollars(repriced.After)}",
        CatalogueChange.Resized resized => string.Create(CultureInfo.InvariantCulture, $"  ~ {change.Model} at {change.Upstream}: window {resized.Window}, output {resized.Output}"),
        _ => throw new InvalidOperationException($"Unknown change {change.GetType().Name}."),
    };

    /// <summary>Input, cached input, output; and the same for long prompts.</summary>
    static string Dollars(Prices prices) =>
        string.Create(CultureInfo.InvariantCulture, $"{prices.Input:0.00##} / {prices.CacheRead?.ToString("0.00##", CultureInfo.InvariantCulture) ?? "-"} / {prices.Output:0.00##}")
        + (prices.Long is { } more ? string.Create(CultureInfo.InvariantCulture, $" (above {more.Above / 1000}k: {Dollars(more.Prices)})") : "");

    static async Task<string> Text(string from, Surroundings around, CancellationToken cancellation)
    {
        try
        {
            if (!Uri.TryCreate(from, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https")) return await File.ReadAllTextAsync(Path.GetFullPath(from, around.Folder), cancellation);
            using HttpClient http = new() { Timeout = Patience, MaxResponseContentBufferSize = Largest };
            http.DefaultRequestHeaders.UserAgent.ParseAdd($"baltoro/{Product.Version}");
            return await http.GetStringAsync(url, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new UserException($"{from}: cannot be read: {(e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : e.Message)} The catalogue is as it was.");
        }
    }
}
