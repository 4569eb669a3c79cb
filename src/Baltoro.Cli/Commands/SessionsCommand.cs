// `baltoro sessions`: what was worked on here, and how it ended; one of them step by step. It changes none.

using System.CommandLine;
using System.Globalization;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;

namespace Baltoro.Cli.Commands;

static class SessionsCommand
{
    const int LongestTask = 60;

    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Argument<string?> id = new("ID") { Description = "Show this one, step by step: its id or a beginning of it.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> all = new("--all", "-a") { Description = "Of all folders, not only of this one." };
        Option<bool> events = new("--events") { Description = "Show the session's own log, as JSON lines." };
        Command command = new("sessions", "List the agent's sessions of this folder, or show one.") { id, all, events };
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            try
            {
                Surroundings around = look();
                SessionStore sessions = AgentHouse.SessionsOf(around, TimeProvider.System);
                if (parsed.GetValue(id) is { } asked) return Show(RunCommand.Find(sessions, around.Folder, asked), parsed.GetValue(events), output);
                return List(parsed.GetValue(all) ? sessions.All() : sessions.Of(around.Folder), parsed.GetValue(all), output, error);
            }
            catch (UserException e)
            {
                error.WriteLine(e.Message);
                return ExitCodes.BadInput;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error.WriteLine(e.Message);
                return ExitCodes.Error;
            }
        });
        return command;
    }

    static int List(IReadOnlyList<SessionSummary> sessions, bool everywhere, TextWriter output, TextWriter error)
    {
        if (sessions.Count == 0)
        {
            error.WriteLine(everywhere ? "There is no session yet." : "There is no session of this folder yet; --all lists those of other folders.");
            return ExitCodes.NothingFound;
        }
        foreach (SessionSummary session in sessions)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{session.Opened.Id}  {Ended(session),-12}  {session.Steps,5} {(session.Steps == 1 ? "step " : "steps")}  {session.Spent.Dollars,-13}  {TerminalText.Line(session.Task, LongestTask)}"));
            if (everywhere) output.WriteLine($"    in {session.Opened.Project}");
        }
        return ExitCodes.Ok;
    }

    static int Show(SessionSummary session, bool events, TextWriter output)
    {
        EventsOutput log = new(output);
        foreach (LoggedEvent logged in SessionStore.Events(session))
        {
            if (events) log.Logged(logged);
            else Transcript.Write(logged, output);
        }
        return ExitCodes.Ok;
    }

    static string Ended(SessionSummary session) => session switch
    {
        { IsOpen: true } => "at work",
        { End: RunEnd.Done } => "done",
        { End: RunEnd.Error } => "failed",
        { End: RunEnd.OutOfBudget } => "out of budget",
        { End: RunEnd.Looped } => "in a loop",
        { End: RunEnd.Blocked } => "blocked",
        { End: RunEnd.Interrupted } => "interrupted",
        _ => "died",
    };
}
