// A session, a folder and a scripted vendor: everything around one run of the agent. It does not know the task.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Models;
using Baltoro.Models.Policy;
using Baltoro.Models.Remote;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Upstream = Baltoro.ScriptedUpstream.Upstream;

namespace Baltoro.Agent.Tests;

sealed class Scene : IAsyncDisposable
{
    readonly Scratch _scratch = new();
    readonly HttpClient _http;

    Scene(Upstream upstream, IChatModel model, HttpClient http) => (Upstream, Model, _http) = (upstream, model, http);

    public Upstream Upstream { get; }

    public IChatModel Model { get; }

    public string Project => _scratch.Folder("project");

    public string SessionFolder => Path.Combine(_scratch.Path, "session");

    public string LogPath => EventLog.LogPath(SessionFolder);

    public Diary Diary { get; } = new();

    /// <summary>The vendor behind the bare policies: what they do not mend the loop must.</summary>
    /// <param name="format">Such as <c>openai</c>.</param>
    public static async Task<Scene> Of(Vendor vendor, string format, string dialect, Script script, FaultPlan? faults = null, int window = 1_000_000)
    {
        Upstream upstream = await Upstream.Start(vendor, script, faults);
        string configuration = $$"""
            { "upstreams": { "lab": { "url": "{{upstream.Url}}", "format": "{{format}}", "dialect": "{{dialect}}", "key": "k", "firstByte": 5, "idle": 5 } },
              "models": { "lab/{{(dialect == "messages" ? "kimi" : "m")}}": { "upstream": "lab", "as": "m", "window": {{window}}, "output": {{Math.Min(32_000, window / 4)}} } } }
            """;
        Settings settings = Assert.IsType<Configuration.Valid>(Configuration.Read(new() { User = new("test.json", configuration) })).Settings;
        Target target = Assert.IsType<Lookup<Target>.Found>(settings.Models.Find("m")).Value;
        HttpClient http = RemoteModel.CreateHttpClient(target.Upstream.Limits);
        return new(upstream, new Fitted(new RemoteModel(target.Card with { LoopNudges = false }, target.Upstream, http, TimeProvider.System)), http);
    }

    /// <summary>Opens the session, or begins it.</summary>
    public Session Open(TimeProvider? clock = null)
    {
        SessionOpening opening = Directory.Exists(SessionFolder)
            ? Session.Open(SessionFolder, clock ?? TimeProvider.System)
            : Session.Create(SessionFolder, new("s1", Project, "m", "You are a test."), clock ?? TimeProvider.System);
        return Assert.IsType<SessionOpening.Found>(opening).Session;
    }

    public AgentSetup Setup => new() { Model = Model, Tools = Diary.Tools };

    /// <summary>A whole run of its own.</summary>
    public async Task<RunEnd> Run(string task, AgentSetup? setup = null)
    {
        using Session session = Open();
        using Interruption interruption = new();
        return await AgentRun.To(session, task.Length == 0 ? [] : [new Block.Text(task)], setup ?? Setup, interruption);
    }

    /// <summary>Another process takes the session up.</summary>
    public async Task<RunEnd> Resume(AgentSetup? setup = null)
    {
        using Session session = Open();
        using Interruption interruption = new();
        session.Append(AgentState.Main, new SessionEvent.Resumed("m", ByItself: false));
        return await AgentRun.To(session, [], setup ?? Setup, interruption);
    }

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        _http.Dispose();
        _scratch.Dispose();
    }
}
