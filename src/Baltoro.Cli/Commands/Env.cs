// `baltoro env`: what `baltoro claude` would set, for those who set it themselves. It starts nothing.

using System.CommandLine;
using Baltoro.Cli.Launching;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class Env
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Option<string?> shell = new("--shell") { Description = $"{string.Join(" | ", Shell.All.Select(known => known.Name))} (default: yours).", HelpName = "SHELL" };
        Option<string?> model = new("--model") { Description = "The model to ask for (default: what `baltoro use` chose).", HelpName = "MODEL" };
        Option<string?> small = new("--small") { Description = "The model for titles and other small work (default: the same).", HelpName = "MODEL" };
        Command command = new("env", "Print the variables that send Claude Code to the gateway, for your shell.") { shell, model, small, ConfigurationLoading.Option };
        command.SetAction(parsed =>
        {
            try
            {
                Surroundings around = look();
                Settings settings = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)));
                AskedModel asked = AskedModel.Of(parsed.GetValue(model), parsed.GetValue(small), settings, ConfigurationLoading.Choices(settings, around));
                Print(Chosen(parsed.GetValue(shell), around), Outfit.OfClaudeCode(asked.At(GatewayAtHand.Address(settings), around)), around, parsed.InvocationConfiguration.Output);
                return ExitCodes.Ok;
            }
            catch (UserException e)
            {
                parsed.InvocationConfiguration.Error.WriteLine(e.Message);
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    static Shell Chosen(string? name, Surroundings around) => name is null
        ? Shell.Guess(around.Environment, around.Platform == Platform.Windows)
        : Shell.Find(name) ?? throw new UserException($"--shell: found \"{name}\", expected {string.Join(" | ", Shell.All.Select(known => known.Name))}");

    static void Print(Shell shell, Outfit outfit, Surroundings around, TextWriter output)
    {
        foreach (Variable variable in outfit.Set)
        {
            if (variable.Value.AsSpan().IndexOfAny(shell.Impossible) is >= 0 and var at)
                throw new UserException($"{variable.Name}: {shell.Name} has no way to write \"{variable.Value[at]}\" in a value; ask for the model by another name.");
            output.WriteLine(shell.Set(variable.Name, variable.Value));
        }
        // Only where it is set: the gateway may need it in this very shell.
        foreach (string name in outfit.Unset.Where(around.Environment.ContainsKey)) output.WriteLine(shell.Unset(name));
        if (around.Screen is not null) output.WriteLine($"{(shell.Name == "cmd" ? "rem" : "#")} {shell.Apply}");
    }
}
