// `baltoro demo`: a long task on the shipped model, from nothing, watched and checked. It refuses to know the right steps.

using System.CommandLine;
using System.Globalization;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Cli.Demo;
using Baltoro.Cli.Terminal;
using Baltoro.Worlds;
using Screen = Baltoro.Cli.Commands.Screen;

namespace Baltoro.Cli.Commands;

static class DemoCommand
{
    /// <summary>Calls of a run for tests.</summary>
    const int Fast = 12;

    /// <summary>One file in so many bears another extension than the file before it says, so that the model meets errors on its way.</summary>
    const double Renamed = 0.02;

    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Option<long?> seed = new("--seed") { Description = "The same files and task for the same number (default: new ones each time).", HelpName = "N" };
        Option<int?> steps = new("--steps") { Description = $"Calls that the task takes, about (default: {Piolet.Steps}).", HelpName = "N" };
        Option<bool> fast = new("--fast") { Description = $"The same as --steps {Fast}." };
        Option<double> temperature = new("--temperature") { Description = "0 takes the likeliest token each time, 1 draws as the model believes (default: 0; with --evaluate, both).", HelpName = "T" };
        Option<string?> file = new("--model") { Description = "Another model file of the same kind.", HelpName = "FILE" };
        Option<bool> keep = new("--keep") { Description = "Leave the folder where it is." };
        Option<string?> record = new("--record") { Description = "Also write what was shown, as FILE.txt and FILE.svg.", HelpName = "FILE" };
        Option<string?> evaluate = new("--evaluate") { Description = "Measure instead: all skills on names and wordings that training never saw, as a table in FILE.", HelpName = "FILE" };
        Option<int?> tasks = new("--tasks") { Description = "Tasks of each kind, with --evaluate (default: 20).", HelpName = "N" };
        Command command = new("demo", "Watch the shipped model work through a long task; no key, no download.") { seed, steps, fast, temperature, file, keep, record, evaluate, tasks };
        command.Validators.Add(result =>
        {
            if (result.GetValue(steps) is < 2 or > 10_000) result.AddError($"--steps: found {result.GetValue(steps)}, expected a number from 2 to 10000");
            if (result.GetValue(temperature) is < 0 or > 2) result.AddError($"--temperature: found {result.GetValue(temperature)}, expected a number from 0 to 2");
            if (result.GetValue(tasks) < 1) result.AddError($"--tasks: found {result.GetValue(tasks)}, expected a number from 1");
        });
        command.SetAction(async (parsed, _) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            using Interruption interruption = new();
            using StopSignals signals = new(interruption, error);
            try
            {
                using PioletModel model = Piolet.Open(parsed.GetValue(file));
                if (parsed.GetValue(evaluate) is { } table)
                    return await Evaluation.Write(table, model, parsed.GetValue(tasks) ?? 20, parsed.GetResult(temperature) is { Implicit: false } ? [parsed.GetValue(temperature)] : [0, 1], error.WriteLine, interruption);
                ulong drawn = (ulong?)parsed.GetValue(seed) ?? (ulong)Random.Shared.Next(1, 1_000_000);
                return await Show(model, drawn, parsed.GetValue(fast) ? Fast : parsed.GetValue(steps) ?? Piolet.Steps, parsed.GetValue(temperature), parsed.GetValue(keep), parsed.GetValue(record), output, look().Screen, interruption);
            }
            catch (UserException e)
            {
                await error.WriteLineAsync(e.Message);
                return ExitCodes.BadInput;
            }
            catch (Exception e) when (e is LogException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(e.Message);
                return ExitCodes.Error;
            }
        });
        return command;
    }

    static async Task<int> Show(PioletModel model, ulong seed, int steps, double temperature, bool keep, string? record, TextWriter output, Screen? screen, Interruption interruption)
    {
        TrailWorld world = TrailWorld.Make(new Draw(seed), Split.RealWords, steps - 1, Renamed);
        string folder = Directory.CreateTempSubdirectory("baltoro-demo-").FullName;
        try
        {
            DemoOutput shown = new(output, screen, steps);
            shown.Say(new Piece(model.Card.Id, Style.Strong), new Piece(string.Create(CultureInfo.InvariantCulture, $", a model of {model.Size} in the shape of Kimi K2, runs on this CPU. It has {world.Files.Count} files in front of it, names and wordings of which it has never seen (seed {seed}).")));
            shown.Say(new Piece("> ", Style.Accent), new Piece(world.Request));
            WorldOutcome outcome = await WorldRun.Of(world, folder, model.Chat, new() { Temperature = temperature, Seed = (long)seed }, steps * 5 / 4 + 20, shown, interruption);
            (double speed, int cuts) = shown.Figures();
            if (outcome.End is not RunEnd.Done) shown.Say(new Piece($"{outcome.End.GetType().Name}: ", Style.Bad), new Piece(outcome.End.Text));
            foreach (string difference in outcome.Differences.Take(5)) shown.Say(new Piece("check: ", Style.Bad), new Piece(difference));
            if (outcome.IsSolved) shown.Say(new Piece("check: ", Style.Good), new Piece($"{world.Answer} says {world.Value}, which is the {world.Kind} of the last file; the other {world.Files.Count} files are as they were."));
            shown.Say(new Piece(string.Create(CultureInfo.InvariantCulture,
                $"{outcome.Calls} calls in {outcome.Summary.Took.TotalSeconds:0.0} s. It wrote {outcome.Summary.Spent.Usage.Output:N0} tokens, {speed:N0} a second; its window of {model.Card.Window} tokens was cut {cuts} times; $0.00."), Style.Dim));
            if (keep) shown.Say(new Piece($"The folder: {WorldRun.WorkspaceIn(folder)}", Style.Dim));
            shown.Say(new Piece("With a large model the same agent does what you ask: NOVITA_API_KEY=… baltoro run \"TASK\"", Style.Dim));
            if (record is not null)
            {
                await File.WriteAllTextAsync($"{record}.txt", string.Concat(shown.Lines.Select(line => $"{line.ToString().TrimEnd()}\n")));
                await File.WriteAllTextAsync($"{record}.svg", Recording.Svg(shown.Lines));
            }
            return outcome.IsSolved ? ExitCodes.Ok : outcome.End is RunEnd.Interrupted ? ExitCodes.Interrupted : ExitCodes.Wrong;
        }
        finally
        {
            if (!keep) Directory.Delete(folder, recursive: true);
        }
    }
}
