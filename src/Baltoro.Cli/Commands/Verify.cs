// `baltoro verify`: examines a model at its vendor, without any of our mending, and shows what was found.

using System.CommandLine;
using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Models;
using Baltoro.Models.Local;
using Baltoro.Models.Remote;
using Baltoro.Models.Verification;

namespace Baltoro.Cli.Commands;

static class Verify
{
    const int MostRuns = 100;

    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Argument<string> model = new("MODEL") { Description = "The model to examine; UPSTREAM:MODEL for one vendor's." };
        Option<string?> reference = new("--reference") { Description = "Take this model's decisions to call a tool for the right ones.", HelpName = "MODEL" };
        Option<int> runs = new("--runs") { Description = "Put every question so many times (default 1).", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("verify", $"Test a vendor's tool calling with {Questions.All.Count} requests. They cost what they cost at the vendor.")
        {
            model, reference, runs, json, ConfigurationLoading.Option,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            try
            {
                Surroundings around = look();
                if (parsed.GetValue(runs) is < 1 or > MostRuns) throw new UserException($"--runs: found {parsed.GetValue(runs)}, expected a whole number from 1 to {MostRuns}");
                ModelDirectory models = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option))).Models;
                Target target = Found(models, parsed.GetValue(model)!);
                Target? right = parsed.GetValue(reference) is { } name ? Found(models, name) : null;
                Report report = await Examine(target, right, parsed.GetValue(runs), error, around.ErrorColumns is not null, cancellation);
                if (parsed.GetValue(json)) VerifyJson.Write(output, target, right, report);
                else VerifyTable.Write(output, target, right, report, around.Screen?.Width ?? 100);
                return report.Defects.IsEmpty ? ExitCodes.Ok : ExitCodes.Wrong;
            }
            catch (UserException e)
            {
                await error.WriteLineAsync(e.Message);
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    static Target Found(ModelDirectory models, string name) => models.Find(name) switch
    {
        Lookup<Target>.Found { Value: { HasKey: false } keyless } =>
            throw new UserException($"There is no key for {keyless.Card.Id} at {keyless.Upstream}: set {((Key.Missing)keyless.Upstream.Key).Variable}."),
        Lookup<Target>.Found { Value.Problem: { } problem } broken => throw new UserException($"{broken.Value.Card.Id}: {problem}"),
        Lookup<Target>.Found found => found.Value,
        var other => throw new UserException($"{other}"),
    };

    static async Task<Report> Examine(Target target, Target? reference, int runs, TextWriter error, bool isWatched, CancellationToken cancellation)
    {
        Sequence<Sitting>? right = reference is null ? null : await Sit(reference, runs, error, isWatched, cancellation);
        return Report.Of(await Sit(target, runs, error, isWatched, cancellation), right, target.Card);
    }

    static async Task<Sequence<Sitting>> Sit(Target target, int runs, TextWriter error, bool isWatched, CancellationToken cancellation)
    {
        TextWriter screen = isWatched ? error : TextWriter.Null;
        using HttpClient http = RemoteModel.CreateHttpClient(target.Upstream.Limits);
        using LocalEngines engines = new(path => new() { PanelFile = ModelPath.Panels(path) }, LoadingLine.Of, error.WriteLine);
        LocalModel? here = target.File is { } file ? new(target.Card, file, engines) : null;
        int all = runs * Questions.All.Count;
        // The line is written over as answers come.
        Sequence<Sitting> sittings = await new Examination(target, http, TimeProvider.System, here).Sit(
            runs, done => { lock (screen) screen.Write($"\r{target.Card.Id}: {done} of {all} answered "); }, cancellation);
        await screen.WriteAsync($"\r{new string(' ', target.Card.Id.Length + 30)}\r");
        return sittings;
    }
}
