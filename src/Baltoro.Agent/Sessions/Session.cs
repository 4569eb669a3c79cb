// A session: its log, its lock, and the state of each of its agents. It refuses to know how an agent works.

using System.Globalization;
using Baltoro.Agent.Budgets;

namespace Baltoro.Agent.Sessions;

/// <summary>The outcome of opening a session.</summary>
public abstract record SessionOpening
{
    private SessionOpening() { }

    /// <param name="Tail">How its log ended; anything but whole has been cut off.</param>
    public sealed record Found(Session Session, LogTail Tail) : SessionOpening;

    /// <param name="Process">The id of the process that works on it; null when unknown.</param>
    public sealed record Locked(string? Process) : SessionOpening;

    public sealed record Missing : SessionOpening;

    /// <summary>Nothing of it can be used.</summary>
    public sealed record Unreadable(string Problem) : SessionOpening;
}

/// <summary>
/// Appends events, each on disk before <see cref="Append"/> returns, and folds them. Safe for several threads; a state belongs to
/// whoever runs its agent. Listeners are called in the order of the log, one at a time, and must not append.
/// </summary>
public sealed class Session : IDisposable
{
    readonly Lock _gate = new();
    readonly EventLog _log;
    readonly TimeProvider _clock;
    readonly Dictionary<string, AgentState> _agents = [];
    readonly List<(string Agent, string CallId)> _spawned = [];
    long _count;

    Session(string folder, EventLog log, SessionEvent.Opened opened, TimeProvider clock) => (Folder, _log, Opened, _clock) = (folder, log, opened, clock);

    public string Folder { get; }

    public SessionEvent.Opened Opened { get; }

    /// <summary>The model that it was begun or last taken up with, as the user named it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>How it was taken up by itself, without anybody asking, since the user last spoke.</summary>
    public int ResumedByItself { get; private set; }

    /// <summary>What all agents have used so far.</summary>
    public Spending Spent { get; private set; } = Spending.None;

    /// <summary>Called with each new event.</summary>
    public Action<LoggedEvent>? Listener { get; set; }

    /// <param name="folder">Must not hold a session yet; is created.</param>
    public static SessionOpening Create(string folder, SessionEvent.Opened opened, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(opened);
        Directory.CreateDirectory(folder);
        if (File.Exists(EventLog.LogPath(folder))) return new SessionOpening.Unreadable($"{folder} holds a session already.");
        if (EventLog.TakeLock(folder, out string? holder) is not { } held) return new SessionOpening.Locked(holder);
        Session session = new(folder, EventLog.Open(folder, held, 0), opened, clock);
        session.Append(AgentState.Main, opened);
        return new SessionOpening.Found(session, LogTail.Whole.Instance);
    }

    /// <summary>Opens a session to go on with it. A torn or damaged end is cut off; of a damaged log the whole is kept beside it.</summary>
    public static SessionOpening Open(string folder, TimeProvider clock)
    {
        if (!File.Exists(EventLog.LogPath(folder))) return new SessionOpening.Missing();
        if (EventLog.TakeLock(folder, out string? holder) is not { } held) return new SessionOpening.Locked(holder);
        bool keeps = false;
        try
        {
            LogReading reading = LogReading.Of(EventLog.LogPath(folder), EventLog.BlobsOf(folder));
            if (reading.Events is not [{ Event: SessionEvent.Opened opened }, ..]) return new SessionOpening.Unreadable("not even its first event can be read.");
            if (reading.Tail is LogTail.Damaged) File.Copy(EventLog.LogPath(folder), Path.Combine(folder, "events.damaged.jsonl"), overwrite: true);
            Session session = new(folder, EventLog.Open(folder, held, reading.End), opened, clock);
            foreach (LoggedEvent logged in reading.Events) session.Fold(logged);
            keeps = true;
            return new SessionOpening.Found(session, reading.Tail);
        }
        catch (NewerVersionException e)
        {
            return new SessionOpening.Unreadable($"{e.Message}.");
        }
        finally
        {
            if (!keeps) held.Dispose();
        }
    }

    /// <summary>The state of an agent; an empty one for a name that is new.</summary>
    public AgentState Agent(string name)
    {
        lock (_gate)
        {
            if (!_agents.TryGetValue(name, out AgentState? state)) _agents.Add(name, state = new());
            return state;
        }
    }

    /// <summary>Records the beginning of a sub-agent.</summary>
    /// <returns>Its name.</returns>
    internal string Spawn(string callId, string description)
    {
        lock (_gate)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"task-{_spawned.Count + 1}");
            Append(name, new SessionEvent.Spawned(callId, description));
            return name;
        }
    }

    /// <summary>The latest text of the sub-agent that worked for a call; empty when there was none.</summary>
    internal string LastWordsFor(string callId)
    {
        lock (_gate) return _spawned.FindLast(each => each.CallId == callId) is { Agent: { } name } ? Agent(name).LastText : "";
    }

    /// <exception cref="LogException">The log cannot be written: the event did not happen, and nothing may follow from it.</exception>
    public void Append(string agent, SessionEvent what)
    {
        lock (_gate)
        {
            LoggedEvent logged = new(_count + 1, _clock.GetUtcNow(), agent, what);
            Keep(logged);
            Listener?.Invoke(logged);
        }
    }

    /// <summary>Takes over the events of another session, at their own times.</summary>
    internal void Copy(IEnumerable<LoggedEvent> events)
    {
        lock (_gate)
            foreach (LoggedEvent logged in events) Keep(logged with { Number = _count + 1 });
    }

    void Keep(LoggedEvent logged)
    {
        try
        {
            _log.Append(logged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogException(Folder, e);
        }
        Fold(logged);
    }

    void Fold(LoggedEvent logged)
    {
        _count = logged.Number;
        Spent = After(Spent, logged.Event);
        switch (logged.Event)
        {
            case SessionEvent.Spawned spawned: _spawned.Add((logged.Agent, spawned.CallId)); break;
            case SessionEvent.Opened opened: Model = opened.Model; break;
            case SessionEvent.Resumed resumed:
                Model = resumed.Model;
                if (resumed.ByItself) ResumedByItself++;
                break;
            case SessionEvent.Asked when logged.Agent == AgentState.Main: ResumedByItself = 0; break;
        }
        Agent(logged.Agent).Apply(logged);
    }

    internal static Spending After(Spending before, SessionEvent what) => what switch
    {
        SessionEvent.Replied replied => before.With(1, replied.Usage, replied.Cost),
        SessionEvent.Failed failed => before.With(0, failed.Usage, failed.Cost),
        SessionEvent.Compacted compacted => before.With(0, compacted.Usage, compacted.Cost),
        SessionEvent.CompactionFailed failed => before.With(0, failed.Usage, failed.Cost),
        _ => before,
    };

    public void Dispose() => _log.Dispose();
}
