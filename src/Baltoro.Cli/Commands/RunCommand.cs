// `baltoro run`: has a task done unattended, shows it in the form that was asked for, and tells its end by the exit code. It refuses to know how an agent works.

using System.CommandLine;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Cli.Commands;

static class RunCommand
{
    /// <summary>How often an unattended run is taken up without anybody asking; what dies so often dies of itself.</summary>
    const int MostResumptions = 10;

    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        RunArguments arguments = new();
        arguments.Command.SetAction(async (parsed, _) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            try
            {
                return await Carry(arguments.Order(parsed), look(), output, error);
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
        return arguments.Command;
    }

    static async Task<int> Carry(RunOrder order, Surroundings around, TextWriter output, TextWriter error)
    {
        using Interruption interruption = new();
        using StopSignals signals = new(interruption, error);
        SandboxTrials trials = new();
        if (order.Session is WhichSession.Orphans) return await Orphans(order, trials, around, interruption, output, error);

        // Tried while the rest is made ready: it takes as long as all of that.
        if (!order.MayRunOpenly) _ = trials.Of(around.Folder);
        await using AgentHouse house = AgentHouse.Open(around, order.Configuration, unattended: true, error.WriteLine, TimeProvider.System);
        // What is wrong with the input is said before a session is made for it.
        TextReader? lines = order.Input == InputForm.StreamJson ? Input(around) : null;
        Sequence<Block> task = lines is null ? Task(order, around) : [];
        house.StartServers();
        using Session session = order.Session switch
        {
            WhichSession.Resumed resumed => house.Resume(Find(house.Sessions, house.Project, resumed.Id), order.Model, byItself: false, error.WriteLine),
            WhichSession.Forked forked => house.Fork(Find(house.Sessions, house.Project, forked.Id), order.Model, error.WriteLine),
            _ => Begin(house, order, error),
        };
        IRunOutput shown = Form(order.Output, around, output, error);
        Inbox inbox = lines is null ? Inbox.Of(task, interruption)
            : Inbox.Lines(lines, interruption, new ControlDesk(shown as StreamJsonOutput, house.Model(session.Model).Card).Take);
        int code = ExitCodes.Ok;
        bool isFirst = true;
        while (await inbox.Next() is { } message)
        {
            RunEnd end = await OneRun.Of(house, session, message.Words, order, trials, shown, isFirst, error, message.Interruption);
            (code, isFirst) = (ExitCodes.Of(end), false);
            if (interruption.IsAsked) break;
        }
        return code;
    }

    static Session Begin(AgentHouse house, RunOrder order, TextWriter told)
    {
        string model = order.Model ?? house.Chosen(told);
        // A session that could never be answered is not begun.
        house.Model(model);
        return house.Begin(model);
    }

    /// <summary>One after the other: each in its own folder, with the configuration of that.</summary>
    static async Task<int> Orphans(RunOrder order, SandboxTrials trials, Surroundings around, Interruption interruption, TextWriter output, TextWriter error)
    {
        SessionStore sessions = AgentHouse.SessionsOf(around, TimeProvider.System);
        IRunOutput shown = Form(order.Output, around, output, error);
        int code = ExitCodes.Ok, found = 0;
        foreach (SessionSummary orphan in sessions.All().Where(session => session.IsOrphan).Reverse())
        {
            if (interruption.IsAsked) break;
            found++;
            try
            {
                if (orphan.ResumedByItself >= MostResumptions)
                    throw new UserException($"{orphan.Opened.Id} has died {MostResumptions} times since it was asked for: it is left alone. `baltoro run --resume {orphan.Opened.Id}` tries once more.");
                if (!Directory.Exists(orphan.Opened.Project)) throw new UserException($"{orphan.Opened.Id} worked in {orphan.Opened.Project}, which is gone: it is left alone.");
                await using AgentHouse house = AgentHouse.Open(around with { Folder = orphan.Opened.Project }, order.Configuration, unattended: true, error.WriteLine, TimeProvider.System);
                house.StartServers();
                using Session session = house.Resume(orphan, order.Model, byItself: true, error.WriteLine);
                code = Worse(code, ExitCodes.Of(await OneRun.Of(house, session, [], order, trials, shown, isFirst: true, error, interruption)));
            }
            catch (UserException e)
            {
                await error.WriteLineAsync(e.Message);
                code = Worse(code, ExitCodes.Error);
            }
        }
        if (found == 0) await error.WriteLineAsync("No unattended run is without its process.");
        return code;

        // The first that went wrong says it; an interruption says it over all.
        static int Worse(int before, int now) => now == ExitCodes.Interrupted || before == ExitCodes.Ok ? now : before;
    }

    /// <exception cref="UserException">There is none, or more than one.</exception>
    public static SessionSummary Find(SessionStore sessions, string project, string? id)
    {
        IReadOnlyList<SessionSummary> here = sessions.Of(project);
        if (id is null) return here is [var latest, ..] ? latest : throw new UserException("There is no session of this folder yet.");
        SessionSummary[] found = [.. here.Where(Matches)];
        if (found.Length == 0) found = [.. sessions.All().Where(Matches)];
        return found switch
        {
            [var only] => only,
            [] => throw new UserException($"There is no session \"{id}\"; `baltoro sessions --all` lists those that there are."),
            _ => throw new UserException($"\"{id}\" begins more than one session: {string.Join(", ", found.Select(session => session.Opened.Id))}."),
        };

        bool Matches(SessionSummary session) => session.Opened.Id.StartsWith(id, StringComparison.Ordinal);
    }

    /// <summary>The words that begin the run; none where a session goes on by itself.</summary>
    static Sequence<Block> Task(RunOrder order, Surroundings around)
    {
        if (order.Task is { } given) return given.Trim().Length > 0 ? [new Block.Text(given)] : throw new UserException("TASK: found nothing, expected what is to be done.");
        // Who resumes a session need not say anything; and a script that leaves its input open must not wait for it.
        if (order.Session is not WhichSession.New) return [];
        string text = Input(around).ReadToEnd();
        return text.Trim().Length > 0 ? [new Block.Text(text)] : throw new UserException("The input is empty: expected the task, in it or as TASK.");
    }

    static TextReader Input(Surroundings around) => around.Input?.Invoke() ?? throw new UserException("What is to be done? baltoro run \"TASK\", or the task on the input.");

    static IRunOutput Form(OutputForm form, Surroundings around, TextWriter output, TextWriter error) => form switch
    {
        OutputForm.Text => new TextOutput(output, error, around.ErrorColumns),
        OutputForm.Json => new JsonOutput(output),
        OutputForm.StreamJson => new StreamJsonOutput(output),
        OutputForm.Events => new EventsOutput(output),
        _ => throw new InvalidOperationException($"Unknown form {form}."),
    };
}
