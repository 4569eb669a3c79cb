// `baltoro use`: says, or changes, what the model name `baltoro` means. It asks no gateway: running ones see the file.

using System.CommandLine;
using Baltoro.Chat;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class UseCommand
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Argument<string?> name = new("MODEL") { Description = "A model, a route, or names with commas between them. Without it: what is chosen now.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> reset = new("--reset") { Description = "Go back to the configuration's default." };
        Command command = new("use", "Change what the model name \"baltoro\" means, at once and for running clients.") { name, reset, ConfigurationLoading.Option };
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            try
            {
                Surroundings around = look();
                Settings settings = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)));
                ModelDirectory models = settings.Models;
                IChoices choices = ConfigurationLoading.Choices(settings, around)
                    ?? throw new UserException("There is no home folder to remember a choice in: set HOME or XDG_STATE_HOME.");
                if (parsed.GetValue(reset)) return Reset(models, choices, output);
                return parsed.GetValue(name) is { } asked ? Write(asked, models, choices, around, output, error) : Show(models, choices, output, error);
            }
            catch (UserException e)
            {
                error.WriteLine(e.Message);
                return ExitCodes.BadInput;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"The choice cannot be kept: {e.Message}");
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    /// <summary>Models with where they are asked, in the order in which they are.</summary>
    public static string Describe(Sequence<Target> targets) => string.Join(", then ", targets.Select(target => $"{target.Card.Id} at {target.Upstream}"));

    static int Write(string name, ModelDirectory models, IChoices choices, Surroundings around, TextWriter output, TextWriter error)
    {
        // As it is written into a file of lines.
        name = string.Concat(name.Where(c => !char.IsControl(c))).Trim();
        if (Choice.Of(models, name) is not Choice.Made made) throw new UserException(((Choice.Unresolved)Choice.Of(models, name)).Problem);
        choices.Write(name);
        output.WriteLine($"\"baltoro\" now means {Describe(made.Targets)}.");
        WarnOf(made, around.Today, error);
        return ExitCodes.Ok;
    }

    static void WarnOf(Choice.Made made, DateOnly today, TextWriter error)
    {
        // The gateway may run where there is a key, or where it is not yet known that the model is gone.
        if (!made.Targets.Any(target => target.HasKey) && made.Targets[0].Upstream.Key is Key.Missing missing)
            error.WriteLine($"There is no key for it here: a gateway needs {missing.Variable}.");
        foreach (Target target in made.Targets.Where(target => target.Retired <= today))
            error.WriteLine($"{target.Upstream} no longer serves {target.Card.Id} since {target.Retired:yyyy-MM-dd}.");
    }

    static int Reset(ModelDirectory models, IChoices choices, TextWriter output)
    {
        choices.Clear();
        output.WriteLine($"\"baltoro\" means {Default(models)} again, the configured default.");
        return ExitCodes.Ok;
    }

    static int Show(ModelDirectory models, IChoices choices, TextWriter output, TextWriter error)
    {
        switch (Choice.Of(models, choices.Read()))
        {
            case Choice.Made made:
                output.WriteLine($"\"baltoro\" means {Describe(made.Targets)}, chosen with `baltoro use {made.Name}`.");
                return ExitCodes.Ok;
            case Choice.Unresolved unresolved:
                error.WriteLine($"What was chosen, \"{unresolved.Name}\", is not served here: {unresolved.Problem}");
                output.WriteLine($"\"baltoro\" means {Default(models)}, the configured default.");
                return ExitCodes.NothingFound;
            default:
                output.WriteLine($"\"baltoro\" means {Default(models)}, the configured default.");
                return ExitCodes.Ok;
        }
    }

    static string Default(ModelDirectory models) => models.FindAll("baltoro") is Lookup<Sequence<Target>>.Found found ? Describe(found.Value) : "nothing";
}
