// `baltoro models`: what can be asked, where, at what price. It asks nobody on the network.

using System.CommandLine;
using Baltoro.Chat;
using Baltoro.Cli.Demo;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class ModelsCommand
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Argument<string[]> words = new("TEXT") { Description = "Show the models in whose id, name or upstream all of these occur.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> upstream = new("--upstream", "-u") { Description = "Only what this upstream serves, at its prices.", HelpName = "NAME" };
        Option<bool> available = new("--available", "-a") { Description = "Only models for which there is a key." };
        Option<decimal?> maxPrice = new("--max-price") { Description = "Only models whose output costs at most this, in US dollars per million tokens.", HelpName = "USD" };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("models", "List the models: where they are served, window, prices, thinking, key.")
        {
            words, upstream, available, maxPrice, json, ConfigurationLoading.Option, ModelsUpdate.Create(look),
        };
        command.SetAction(parsed =>
        {
            Surroundings around = look();
            ModelFilter filter = new()
            {
                Words = parsed.GetValue(words)!.ToSequence(),
                Upstream = parsed.GetValue(upstream),
                OnlyAvailable = parsed.GetValue(available),
                MaxPrice = parsed.GetValue(maxPrice),
            };
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            try
            {
                return Run(filter, parsed.GetValue(json), ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)), around, output, error);
            }
            catch (UserException e)
            {
                error.WriteLine(e.Message);
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    static int Run(ModelFilter filter, bool json, ConfigurationSources sources, Surroundings around, TextWriter output, TextWriter error)
    {
        Settings settings = ConfigurationLoading.Settings(sources);
        if (filter.Upstream is { } name && !name.Equals(Upstream.Local.Name, StringComparison.OrdinalIgnoreCase) && !settings.Upstreams.Any(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw new UserException($"There is no upstream \"{name}\". There are {string.Join(", ", settings.Upstreams)}.");
        Sequence<Listing> models = filter.Apply([.. settings.Models.All, .. Piolet.Listed()], around.Today);
        if (json)
        {
            ModelJson.Write(output, models, settings.Models.Date);
            return ExitCodes.Ok;
        }
        if (models.IsEmpty)
        {
            error.WriteLine("No model is like that. `baltoro models` without filters lists all.");
            return ExitCodes.NothingFound;
        }
        ModelTable.Write(output, models, around.Today, around.Screen);
        if (around.Screen is not null) WriteLegend(output, settings, Choice.Of(settings.Models, ConfigurationLoading.Choices(settings, around)?.Read()));
        return ExitCodes.Ok;
    }

    static void WriteLegend(TextWriter output, Settings settings, Choice choice)
    {
        output.WriteLine();
        output.WriteLine($"US dollars per million tokens, as of {settings.Models.Date:yyyy-MM-dd}.");
        if (choice is Choice.Made chosen) output.WriteLine($"\"baltoro\" means {UseCommand.Describe(chosen.Targets)} (baltoro use {chosen.Name}).");
        if (settings.Models.Find("baltoro") is not Lookup<Target>.Found { Value: var target }) return;
        output.WriteLine($"Default: {target.Card.Id} at {target.Upstream}.");
        if (choice is Choice.Made) return;
        if (target.Upstream.Key is Key.Missing missing)
            output.WriteLine($"There is no key for it: set {missing.Variable}, or that of another upstream.");
    }
}
