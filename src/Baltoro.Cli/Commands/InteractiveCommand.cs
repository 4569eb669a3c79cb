// `baltoro [DIR]`: an agent with a person in the terminal. It puts the sitting together and refuses to know how it goes on.

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text;
using Baltoro.Agent.Sessions;
using Baltoro.Cli.Terminal;
using Baltoro.Models;
using Microsoft.Win32.SafeHandles;

namespace Baltoro.Cli.Commands;

static class InteractiveCommand
{
    /// <summary>Makes it what the program does when no command is named.</summary>
    /// <param name="look">Called once per run.</param>
    public static void AddTo(RootCommand root, Func<Surroundings> look)
    {
        Argument<string?> folder = new("DIR") { Description = "The folder to work in (default: this one).", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> model = new("--model", "-m") { Description = "A model or a route, as `baltoro models` lists them (default: what `baltoro use` says).", HelpName = "NAME" };
        Option<string?> resume = new("--resume", "-r") { Description = "Go on with a session: its id or a beginning of it; without one, the latest of this folder.", HelpName = "ID", Arity = ArgumentArity.ZeroOrOne };
        root.Arguments.Add(folder);
        root.Options.Add(model);
        root.Options.Add(resume);
        root.Options.Add(ConfigurationLoading.Option);
        root.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await Run(look(), parsed.GetValue(folder), parsed.GetValue(model), parsed.GetResult(resume) is null ? null : parsed.GetValue(resume) ?? "", parsed.GetValue(ConfigurationLoading.Option), cancellation);
            }
            catch (UserException e)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadInput;
            }
        });
    }

    static async Task<int> Run(Surroundings around, string? folder, string? model, string? resume, string? configuration, CancellationToken cancellation)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            throw new UserException("baltoro by itself needs a terminal. `baltoro run \"TASK\"` works without one; `baltoro --help` lists the commands.");
        if (folder is not null)
        {
            folder = Path.GetFullPath(folder, around.Folder);
            if (!Directory.Exists(folder)) throw new UserException($"{folder}: there is no such folder, and no command of this name: `baltoro --help` lists them.");
            around = around with { Folder = folder };
        }
        await using AgentHouse house = AgentHouse.Open(around, configuration, unattended: false, Console.Error.WriteLine, TimeProvider.System);
        Session? session = resume is null ? null : house.Resume(Chosen(house, resume), model, byItself: false, Console.Error.WriteLine);

        // Said on the screen, which breaks lines between words.
        using StringWriter told = new();
        model ??= session?.Model ?? house.Chosen(told);
        await house.Load(model, cancellation);

        await using StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024) { AutoFlush = false };
        // Before the terminal is switched: a window without a size would be asked for in vain later.
        bool colours = around.Screen?.Colour ?? false;
        Terminal.Screen screen = new(output, static () => (Console.WindowWidth, Console.WindowHeight), colours);
        string? state = ConfigurationPaths.State(around.Environment, around.Platform);
        InputHistory history = new(state is null ? null : Path.Combine(state, "input.jsonl"), house.Project);
        using RawTerminal? raw = RawTerminal.Take(output);
        using Interactive sitting = new(house, model, screen, raw, history, TimeProvider.System);
        house.Loading = sitting.Loading;
        bool isTold = false;
        PosixSignalRegistration[] signals = [.. OperatingSystem.IsWindows() ? (PosixSignalRegistration[])[] :
        [
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => sitting.Wake()),
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => sitting.Look()),
        ], .. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            isTold = true;
            sitting.End();
        }))];
        // Not the console's own stream, which edits lines by itself.
        await using FileStream input = new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        try
        {
            await sitting.Run(input, session, told.ToString().Split(told.NewLine, StringSplitOptions.RemoveEmptyEntries), cancellation);
        }
        finally
        {
            foreach (PosixSignalRegistration signal in signals) signal.Dispose();
        }
        return isTold ? ExitCodes.Interrupted : ExitCodes.Ok;
    }

    static SessionSummary Chosen(AgentHouse house, string id) =>
        house.Sessions.Of(house.Project).FirstOrDefault(each => id.Length == 0 || each.Opened.Id.StartsWith(id, StringComparison.Ordinal) || each.Opened.Id.EndsWith(id, StringComparison.Ordinal))
            ?? throw new UserException(id.Length == 0 ? "This folder has no session yet." : $"There is no session \"{id}\" in this folder: `baltoro sessions` lists them.");
}
