// The real executable, killed again and again while it works: each new process goes on where the one before died, and the task comes to its end.

using Baltoro.Agent.Sessions;
using Baltoro.Cli.Tests.Commands;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

public sealed class KilledTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    ChildProcess Start(params string[] arguments)
    {
        Dictionary<string, string> environment = new(_line.Environment) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = _line.Folder };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) environment["DOTNET_ROOT"] = dotnet;
        return ChildProcess.Start(GatewayProcess.Executable(), ["run", .. arguments], _line.Folder, environment);
    }

    /// <summary>Waits until the first Ctrl-C has had its answer. A process that was started with the signal ignored never gives one.</summary>
    static async Task Told(ChildProcess process)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!process.Errors.Contains("Ctrl-C again", StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, "Ctrl-C was not heard. Were the tests started with SIGINT ignored, as a shell does for what it runs in the background?");
            await Task.Yield();
        }
    }

    async Task<Upstream> Walking(Script script, FaultPlan? faults = null)
    {
        Player kimi = Player.Named("kimi");
        Upstream upstream = await Upstream.Start(kimi.Vendor(), script, faults);
        _line.Write("config/baltoro/config.json", AgentScene.Configuration(upstream.Url, kimi));
        return upstream;
    }

    [Fact]
    public async Task A_task_of_forty_steps_outlives_a_kill_at_every_second_step()
    {
        const int Steps = 40;
        ChildProcess? running = null;
        int killedAt = 0;
        Script walk = Trail.Script();
        // Killed while a request is under way, or a few events later: the time between two events is shorter than what a timer can hit.
        await using Upstream upstream = await Walking((number, conversation) =>
        {
            int step = Progress.Of(conversation)?.Step ?? 0;
            if (step % 2 == 0 && step > killedAt && running is { } victim)
            {
                killedAt = step;
                if (step % 4 == 0) victim.Kill();
                else _ = Task.Run(() => victim.Kill(), CancellationToken.None);
            }
            return walk(number, conversation);
        });
        Trail trail = Trail.Of(Steps, _line.Folder);
        trail.Lay();

        int deaths = 0, code = -1;
        while (code != 0)
        {
            await using ChildProcess process = deaths == 0 ? Start(trail.Task) : Start(deaths % 2 == 0 ? "--resume-orphans" : "--resume");
            running = process;
            (code, _) = await process.Finish(Limit);
            if (code != 0) deaths++;
            Assert.True(deaths <= Steps, process.Errors);
        }

        Assert.Empty(upstream.Violations);
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
        Assert.InRange(deaths, Steps / 4, Steps);
        IReadOnlyList<LoggedEvent> events = SessionStore.Events(new SessionStore(Path.Combine(_line.State, "sessions"), TimeProvider.System).All().Single());
        Assert.Equal(deaths, events.Count(logged => logged.Event is SessionEvent.Resumed));
        // A call that was finished in one process was made in no other.
        string[] done = [.. events.Select(logged => logged.Event).OfType<SessionEvent.CallEnded>().Where(ended => ended.How == CallEnding.Done).Select(ended => ended.CallId)];
        Assert.Equal(Steps, done.Length);
        Assert.Equal(Steps, done.Distinct().Count());
    }

    [Fact]
    public async Task Ctrl_C_ends_it_after_the_current_reply_and_it_can_be_resumed()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Upstream upstream = await Walking(Trail.Script(), (number, _) =>
        {
            if (number != 3) return new Fault.None();
            asked.SetResult();
            return new Fault.StallAfter(1, goOn.Task);
        });
        Trail trail = Trail.Of(10, _line.Folder);
        trail.Lay();
        await using ChildProcess process = Start(trail.Task);
        await asked.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        process.Signal("INT");
        await Told(process);
        goOn.SetResult();
        Assert.Equal(130, (await process.Finish(Limit)).Code);
        Assert.Contains("interrupted", process.Errors, StringComparison.Ordinal);

        await using ChildProcess resumed = Start("--resume");
        Assert.Equal((0, Trail.Finished + "\n"), await resumed.Finish(Limit));
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
    }

    [Theory, InlineData("INT", 2), InlineData("TERM", 1)]
    public async Task It_ends_at_once_of_a_second_Ctrl_C_or_when_it_is_told_to_end(string signal, int times)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), never = new();
        await using Upstream upstream = await Walking(Trail.Script(), (number, _) =>
        {
            asked.TrySetResult();
            return new Fault.StallAfter(1, never.Task);
        });
        await using ChildProcess process = Start("say hi");
        await asked.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        for (int time = 1; time <= times; time++)
        {
            process.Signal(signal);
            if (time < times) await Told(process);
        }
        Assert.Equal(130, (await process.Finish(Limit)).Code);
        never.SetResult();
    }
}
