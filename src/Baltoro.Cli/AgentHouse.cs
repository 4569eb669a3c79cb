// The composition root of the agent: its models, tools, limits and sessions, put together once for everything that runs one. It refuses to know who watches.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Context;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Mcp;
using Baltoro.Agent.Output;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sandbox;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Cli.Demo;
using Baltoro.Cli.Mcp;
using Baltoro.Gateway;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;
using Microsoft.Extensions.Logging;

namespace Baltoro.Cli;

/// <summary>For one project's folder. Not thread-safe; what it makes lives as long as it does.</summary>
sealed class AgentHouse : IAsyncDisposable
{
    readonly StandingModels _standing;
    readonly ModelHouse _models;
    readonly ILedgerStore? _ledger;
    readonly Bookkeeper? _books;

    // Told at the end: a line on the errors would stand in the middle of whatever the terminal shows, and nobody can do anything about it before.
    readonly StringWriter _trouble = new();
    readonly Action<string> _report;
    readonly Surroundings _around;
    readonly TimeProvider _clock;
    readonly bool _unattended, _isChosen;
    readonly StandingRules _rules;
    readonly Sequence<string> _secrets;
    readonly ServerApprovals _approvals;
    StandingServers _servers;
    ServerStart? _start;
    McpServers _mcp = McpServers.None;
    readonly Dictionary<string, (ToolSet Set, Sequence<ITool> Main)> _tools = [];

    AgentHouse(Settings settings, StandingModels standing, SessionStore sessions, Surroundings around, bool unattended, Action<string> report, TimeProvider clock)
    {
        _ledger = ConfigurationLoading.Ledger(settings, around);
        LogLines log = new(_trouble, clock);
        _books = _ledger is null ? null : new(_ledger, clock, log);
        _report = report;
        // The loop has nudges of its own, which know what the history alone does not tell.
        _models = new(settings with { LoopNudges = false }, standing, clock, path => Loading(path), message => log.Write(LogLevel.Warning, message));
        _rules = StandingRules.Of(settings.Permissions);
        _isChosen = settings.Default is not null;
        _approvals = new(ConfigurationPaths.State(around.Environment, around.Platform));
        _servers = StandingServers.In(around.Folder, settings.McpServers, around.Environment, _approvals);
        _secrets = [.. settings.SecretVariables, .. _servers.Named];
        (_standing, Sessions, _around, _unattended, _clock) = (standing, sessions, around, unattended, clock);
    }

    public SessionStore Sessions { get; }

    /// <summary>Where to tell how far the loading of a model's file is; null for nowhere. At first a line on the error output.</summary>
    public Func<string, IProgress<double>?> Loading { get; set; } = LoadingLine.Of;

    /// <summary>The folder in which its agents work, absolute.</summary>
    public string Project => _around.Folder;

    /// <param name="configuration">From <c>--config</c>.</param>
    /// <param name="unattended">True when nobody watches: should the process die, <c>--resume-orphans</c> goes on with its session.</param>
    /// <param name="report">Told what is wrong with a choice made by <c>baltoro use</c>, and at the end what was wrong with the ledger, with packed weights and with kept beginnings of conversations.</param>
    /// <exception cref="UserException">The configuration is not valid, or there is no place for sessions.</exception>
    public static AgentHouse Open(Surroundings around, string? configuration, bool unattended, Action<string> report, TimeProvider clock)
    {
        Settings settings = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, configuration));
        StandingModels standing = new(settings.Models, ConfigurationLoading.Choices(settings, around), (message, isWrong) =>
        {
            if (isWrong) report(message);
        });
        return new(settings, standing, SessionsOf(around, clock), around, unattended, report, clock);
    }

    /// <exception cref="UserException">There is no place for sessions.</exception>
    public static SessionStore SessionsOf(Surroundings around, TimeProvider clock) =>
        ConfigurationPaths.State(around.Environment, around.Platform) is { } folder
            ? new(Path.Combine(folder, "sessions"), clock)
            : throw new UserException("There is no home folder to keep sessions in: set HOME or XDG_STATE_HOME.");

    /// <summary>A model of the catalogue, wrapped in its policies; what it is asked is written into the ledger.</summary>
    /// <param name="name">As for <c>baltoro use</c>; <c>baltoro</c> for what that chose.</param>
    /// <exception cref="UserException">Nothing is called so, or there is no key for it.</exception>
    public IChatModel Model(string name)
    {
        name = Piolet.Resolved(name);
        Lookup<Sequence<Target>> lookup = _standing.Now.FindAll(name);
        if (lookup is not Lookup<Sequence<Target>>.Found { Value: var targets }) throw new UserException($"{lookup}");
        if (!targets.Any(target => target.HasKey) && targets[0].Upstream.Key is Key.Missing missing)
            throw new UserException($"There is no key for {targets[0].Card.Id} at {targets[0].Upstream}: set {missing.Variable}, or choose another model with --model (`baltoro models` lists them).");
        if (targets[0].Problem is { } problem) throw new UserException($"{targets[0].Card.Id}: {problem}");
        return _models.Find(name) switch
        {
            ModelLookup.Found found => _books?.Booked(found.Model, name) ?? found.Model,
            ModelLookup.Unknown unknown => throw new UserException(unknown.Message),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
    }

    /// <summary>Loads a model that runs here, so that the first request need not wait for it; of any other there is nothing to load.</summary>
    /// <param name="cancellation">Ends the wait; what has begun to load goes on loading.</param>
    /// <exception cref="UserException">It cannot be loaded.</exception>
    public Task Load(string name, CancellationToken cancellation) => _models.Load(Piolet.Resolved(name), cancellation);

    /// <summary>The model of a new session where nobody names one: what <c>baltoro</c> means, or the model in the box where that has no key and nobody chose it.</summary>
    /// <param name="told">Where the user learns that it is the one in the box.</param>
    public string Chosen(TextWriter told)
    {
        const string Usual = "baltoro";
        if (_isChosen || !Piolet.IsHere || _standing.Now.FindAll(Usual) is Lookup<Sequence<Target>>.Found { Value: var targets } && targets.Any(target => target.HasKey)) return Usual;
        told.WriteLine($"There is no key, so the model in the box works: {Piolet.Name}. {Piolet.Skills}");
        return Piolet.Name;
    }

    /// <summary>The models for which there is a key.</summary>
    public Sequence<Listing> Askable => new ModelFilter { OnlyAvailable = true }.Apply(_standing.Now.All, _around.Today);

    /// <summary>A new session in this folder.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public Session Begin(string model) =>
        Opened(Sessions.Create(new("", Project, model, Model(model).Card.Scope == ModelScope.Narrow ? SystemPrompt.Narrow : SystemPrompt.For(Project, _around.Today)) { Unattended = _unattended }), "the new session", _ => { });

    /// <summary>Takes a session up again.</summary>
    /// <param name="model">Null for the one that it had.</param>
    /// <param name="byItself">True when no person asked for it.</param>
    /// <param name="report">Told when its log was not whole.</param>
    /// <exception cref="UserException">It is open elsewhere, or cannot be read.</exception>
    public Session Resume(SessionSummary summary, string? model, bool byItself, Action<string> report)
    {
        Session session = Opened(Sessions.Open(summary), summary.Opened.Id, report);
        session.Append(AgentState.Main, new SessionEvent.Resumed(model ?? session.Model, byItself) { Unattended = _unattended });
        return session;
    }

    /// <summary>Goes on with a copy of a session; the session itself stays as it is.</summary>
    /// <param name="upTo">The number of the last event that the copy has.</param>
    /// <exception cref="UserException">It cannot be read.</exception>
    public Session Fork(SessionSummary summary, string? model, Action<string> report, long upTo = long.MaxValue)
    {
        Session session = Opened(Sessions.Fork(summary, upTo), summary.Opened.Id, report);
        session.Append(AgentState.Main, new SessionEvent.Resumed(model ?? session.Model, ByItself: false) { Unattended = _unattended });
        return session;
    }

    /// <summary>What an agent of this session works with. Its tools are made once: what it has read and where its shell stands outlasts a run.</summary>
    /// <param name="around">What stands around the programs that the tools start; null for nothing. That of the first call holds.</param>
    /// <param name="reach">What the file tools may reach, asked when they hold it; null for everything. That of the first call holds.</param>
    public AgentSetup Setup(Session session, IChatModel model, Budget budget, Effort? effort, Confinement? around = null, Reach? reach = null)
    {
        if (!_tools.TryGetValue(session.Folder, out (ToolSet Set, Sequence<ITool> Main) tools))
        {
            ToolSet set = ToolSet.Create(session.Opened.Project, new()
            {
                Confinement = (around ?? new Confinement.Open()) with { Hidden = _secrets }, Scratch = ScratchOf(session), PrivateTmp = (around as Confinement.Bubblewrap)?.PrivateTmp, Clock = _clock,
                Mcp = _mcp, PrivateHosts = _rules.PrivateHosts, MayRead = reach?.Read, MayWrite = reach?.Write,
            });
            _tools.Add(session.Folder, tools = (set, set.ForAgent()));
        }
        AgentSetup setup = new() { Model = model, Tools = tools.Set.ForAgent, MainTools = tools.Main, Budget = budget, Effort = effort, Clock = _clock, Count = CounterOf(session.Model) };
        // It was trained with these tools alone, and takes the likeliest token each time.
        return model.Card.Scope == ModelScope.Narrow ? setup with { MainTools = NarrowTools.Of(tools.Main), HasSubAgents = false, Sampling = new() { Temperature = 0 } } : setup;
    }

    /// <summary>Counts what a model of this machine will see; null for any other.</summary>
    Func<ChatRequest, CancellationToken, Task<long?>>? CounterOf(string name) => (_models.Find(Piolet.Resolved(name)) as ModelLookup.Found)?.Count;

    /// <summary>The MCP servers that there are here.</summary>
    public StandingServers Servers => _servers;

    /// <summary>Remembers what a person says about a server of the project, for this folder and this description.</summary>
    /// <exception cref="IOException">It cannot be remembered.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Approve(ProjectServer server, bool isGiven)
    {
        _approvals.Remember(server.Mark, isGiven, $"{server.Server.Name} in {Project}");
        _servers = _servers with { Projects = _servers.Projects.Map(each => each.Mark == server.Mark ? each with { Approval = isGiven ? Approval.Given : Approval.Refused } : each) };
    }

    /// <summary>Begins to start the servers that may be started, and does not wait for them; the first time that it is called.</summary>
    public void StartServers() => _start ??= new(_servers.Allowed.Map(server => server is McpServer.Local local ? local with { Hidden = _secrets } : server), Project, _clock);

    /// <summary>Waits for those servers; what <see cref="Setup"/> makes from now on has their tools.</summary>
    /// <returns>Sentences on what the user should know: those that did not start, and those that nobody has allowed.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any longer.</exception>
    public async Task<Sequence<string>> ServersReady(CancellationToken cancellation)
    {
        StartServers();
        _mcp = await _start!.Done(cancellation);
        return
        [
            .. _servers.Problems, .. _mcp.Problems,
            .. _servers.Unknown.Select(each =>
                $"The MCP server {each.Server.Name} of this project's {StandingServers.FileName} is left out, because nobody has allowed it: {TerminalText.Line(each.Text, 300)}. `baltoro mcp allow {each.Server.Name}` does."),
        ];
    }

    /// <summary>The servers that were to be started, and whether they did.</summary>
    public Sequence<(string Name, bool IsUp)> ServerStates => _start is null ? [] : _start.Servers.Select(server => (server.Name, _mcp.Up.Contains(server.Name))).ToSequence();

    /// <summary>What the configuration lets an agent of this session do.</summary>
    /// <param name="privateTmp">What programs see as <c>/tmp</c>; null when they see the machine's.</param>
    public PermissionRules Rules(Session session, Posture posture, string? privateTmp = null)
    {
        Directory.CreateDirectory(ScratchOf(session));
        return _rules.For(new Workspace(session.Opened.Project, ScratchOf(session), privateTmp), posture);
    }

    /// <summary>The rules as they are configured.</summary>
    public StandingRules Configured => _rules;

    /// <summary>Where long outputs of a session lie.</summary>
    public static string ScratchOf(Session session) => Path.Combine(session.Folder, "results");

    /// <summary>Ends what the tools have started, and writes what is left for the ledger.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach ((ToolSet set, _) in _tools.Values) await set.DisposeAsync();
        if (_start is not null) await _start.DisposeAsync();
        _models.Dispose();
        if (_books is not null) await _books.DisposeAsync();
        if (_ledger is not null) await _ledger.DisposeAsync();
        foreach (string line in _trouble.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)) _report(line.TrimEnd('\r'));
        await _trouble.DisposeAsync();
    }

    static Session Opened(SessionOpening opening, string what, Action<string> report)
    {
        switch (opening)
        {
            case SessionOpening.Found { Tail: LogTail.Damaged damaged } found:
                report($"{what}: line {damaged.Line} of its log is damaged ({damaged.Problem}): it goes on from the line before; {damaged.Lost} lines are lost and kept in {found.Session.Folder} beside it.");
                return found.Session;
            case SessionOpening.Found found: return found.Session;
            case SessionOpening.Locked locked:
                throw new UserException($"{what} is open already{(locked.Process is null ? "" : $", in process {locked.Process}")}.");
            case SessionOpening.Missing: throw new UserException($"{what} is gone.");
            case SessionOpening.Unreadable unreadable: throw new UserException($"{what} cannot be read: {unreadable.Problem}");
            default: throw new InvalidOperationException($"Unknown outcome {opening}.");
        }
    }
}
