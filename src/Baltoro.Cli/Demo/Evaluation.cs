// How often the small model does what it is for: tasks of each skill, run in real folders and checked, as a table. It refuses to know a single answer.

using System.Globalization;
using System.Text;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Worlds;

namespace Baltoro.Cli.Demo;

/// <summary>A kind of task of a certain size.</summary>
/// <param name="Steps">Replies that it takes at most, when all goes well.</param>
sealed record Exercise(string Name, Func<Draw, World> Make, int Steps);

static class Evaluation
{
    /// <summary>Names and wordings that training never saw.</summary>
    const Split Unseen = Split.RealWords;

    public static readonly Sequence<Exercise> All =
    [
        .. ((int[])[10, 30, 100, 300, 1000]).Select(steps => new Exercise($"trail of {steps} calls", draw => TrailWorld.Make(draw, Unseen, steps - 1, renamed: 0.02), steps * 11 / 10)),
        new("trail, collecting, 10 files", draw => CollectWorld.Make(draw, Unseen, 10), 21),
        new("rename in 10 to 40 files", draw => draw.Between(10, 40) is var files ? RenameWorld.Make(draw, Unseen, files, draw.Between(files / 2, files)) : null!, 122),
        new("header on 10 to 40 files", draw => draw.Between(10, 40) is var files ? HeaderWorld.Make(draw, Unseen, files, draw.Between(files / 2, files)) : null!, 122),
        new("TODOs of 10 to 40 files", draw => draw.Between(10, 40) is var files ? TodosWorld.Make(draw, Unseen, files, draw.Between(files / 2, files)) : null!, 100),
        new("nothing to rename", draw => RenameWorld.Make(draw, Unseen, 10, 0), 2),
        new("a trail that breaks off", draw => TrailWorld.Make(draw, Unseen, 5, broken: true), 6),
        new("declines other work", draw => DeclineWorld.Make(draw, Unseen), 1),
    ];

    /// <summary>Runs one kind of task after the other and writes the table when all are done.</summary>
    /// <param name="temperatures">A pair of columns for each.</param>
    /// <returns>An exit code.</returns>
    public static async Task<int> Write(string file, PioletModel model, int tasks, Sequence<double> temperatures, Action<string> report, Interruption interruption)
    {
        StringBuilder table = new("| task |");
        foreach (double temperature in temperatures) table.Append(temperature == 0 ? " greedy" : string.Create(CultureInfo.InvariantCulture, $" temperature {temperature}")).Append(": solved | calls, median |");
        table.Append("\n|---|").Insert(table.Length, "--:|--:|", temperatures.Count).Append('\n');
        bool[] lost = new bool[temperatures.Count];
        foreach (Exercise exercise in All)
        {
            string[] cells = new string[temperatures.Count];
            bool isTrail = exercise.Name.StartsWith("trail of", StringComparison.Ordinal);
            for (int i = 0; i < cells.Length; i++)
            {
                // What is too long for it once is not walked any longer.
                if (isTrail && lost[i])
                {
                    cells[i] = "not tried | ";
                    continue;
                }
                Result result = await Run(exercise, model.Chat, temperatures[i], tasks, interruption);
                if (interruption.IsAsked) return ExitCodes.Interrupted;
                lost[i] |= isTrail && result.Solved == 0;
                cells[i] = string.Create(CultureInfo.InvariantCulture, $"{result.Solved} of {tasks} | {result.MedianCalls}");
                report(string.Create(CultureInfo.InvariantCulture, $"{exercise.Name}, temperature {temperatures[i]}: {cells[i]}"));
            }
            table.Append(CultureInfo.InvariantCulture, $"| {exercise.Name} | {string.Join(" | ", cells)} |\n");
        }
        await File.WriteAllTextAsync(file, table.ToString());
        return ExitCodes.Ok;
    }

    public static async Task<Result> Run(Exercise exercise, IChatModel model, double temperature, int tasks, Interruption interruption)
    {
        int solved = 0;
        List<int> calls = [];
        for (int task = 0; task < tasks && !interruption.IsAsked; task++)
        {
            string folder = Directory.CreateTempSubdirectory("baltoro-evaluation-").FullName;
            try
            {
                World world = exercise.Make(new Draw((ulong)(1_000_003 * (task + 1))));
                WorldOutcome outcome = await WorldRun.Of(world, folder, model, new() { Temperature = temperature, Seed = task }, exercise.Steps * 5 / 4 + 10, Unwatched.Instance, interruption);
                if (outcome.IsSolved) solved++;
                calls.Add(outcome.Calls);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        calls.Sort();
        return new(solved, calls.Count == 0 ? 0 : calls[calls.Count / 2]);
    }

    public readonly record struct Result(int Solved, int MedianCalls);

    sealed class Unwatched : IRunOutput
    {
        public static readonly Unwatched Instance = new();

        public void Began(Session session, ModelCard model, RunTools tools)
        {
        }

        public void Logged(LoggedEvent logged)
        {
        }

        public void Live(LiveNotice notice)
        {
        }

        public void Ended(RunSummary summary)
        {
        }
    }
}
