// Where sessions lie and how they are found: a folder for each project, in it one for each session. It refuses to know what happens in one.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Baltoro.Agent.Budgets;
using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

/// <summary>A session as a list shows it.</summary>
/// <param name="Task">What was asked first; empty when nothing was.</param>
/// <param name="Steps">Of the main agent.</param>
/// <param name="End">Null when it did not come to its end.</param>
/// <param name="IsOpen">True while a process works on it.</param>
public sealed record SessionSummary(string Folder, SessionEvent.Opened Opened, string Task, DateTimeOffset Began, DateTimeOffset Last, int Steps, Spending Spent, Loop.RunEnd? End, bool IsOpen)
{
    /// <summary>Resumptions that nobody asked for, since the user last spoke.</summary>
    public int ResumedByItself { get; init; }

    /// <summary>True when nobody watches, or watched, the latest run.</summary>
    public bool Unattended { get; init; }

    /// <summary>A run that nobody watched, and that neither ended nor goes on: its process died.</summary>
    public bool IsOrphan => Unattended && End is null && !IsOpen && Task.Length > 0;
}

/// <summary>All sessions of a user, below one folder. Holds nothing open.</summary>
public sealed class SessionStore(string root, TimeProvider clock)
{
    /// <summary>A new session of a project.</summary>
    /// <param name="opened">Its id is chosen here.</param>
    public SessionOpening Create(SessionEvent.Opened opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        string id = NewId();
        return Session.Create(Path.Combine(FolderOf(opened.Project), id), opened with { Id = id }, clock);
    }

    public SessionOpening Open(SessionSummary session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Session.Open(session.Folder, clock);
    }

    /// <summary>What has happened in a session, up to its last whole event, also while a process works on it.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static IReadOnlyList<LoggedEvent> Events(SessionSummary session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return LogReading.Of(EventLog.LogPath(session.Folder), EventLog.BlobsOf(session.Folder)).Events;
    }

    /// <summary>Copies the beginning of a session into a new one of the same project.</summary>
    /// <param name="upTo">The number of the last event that is taken over; the session's last whole one where it has fewer.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public SessionOpening Fork(SessionSummary session, long upTo = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(session);
        string id = NewId(), folder = Path.Combine(FolderOf(session.Opened.Project), id);
        SessionOpening opening = Session.Create(folder, session.Opened with { Id = id, ForkOf = session.Opened.Id }, clock);
        if (opening is not SessionOpening.Found { Session: var fork }) return opening;
        fork.Copy(Events(session).Where(logged => logged.Number > 1 && logged.Number <= upTo));
        return opening;
    }

    /// <summary>The sessions of a project, newest first. What cannot be read is left out: opening it says why.</summary>
    public IReadOnlyList<SessionSummary> Of(string project) => [.. In(FolderOf(project)).OrderByDescending(session => session.Began)];

    /// <summary>The sessions of all projects, newest first.</summary>
    public IReadOnlyList<SessionSummary> All() =>
        Directory.Exists(root) ? [.. Directory.EnumerateDirectories(root).SelectMany(In).OrderByDescending(session => session.Began)] : [];

    /// <summary>The project's name, and enough of a hash that two of one name do not meet.</summary>
    string FolderOf(string project)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(project));
        string name = new([.. Path.GetFileName(path).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(40)]);
        return Path.Combine(root, $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..8]}");
    }

    /// <summary>Sorts by time, and can be typed.</summary>
    string NewId() => string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}");

    static IEnumerable<SessionSummary> In(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (string session in Directory.EnumerateDirectories(folder))
            if (Summary(session) is { } summary) yield return summary;
    }

    static SessionSummary? Summary(string folder)
    {
        if (!File.Exists(EventLog.LogPath(folder))) return null;
        try
        {
            // Blobs are left where they are: a list needs none of them but the first words.
            LogReading reading = LogReading.Of(EventLog.LogPath(folder), null);
            if (reading.Events is not [{ Event: SessionEvent.Opened opened } first, ..]) return null;
            AgentState state = new();
            Spending spent = Spending.None;
            int byItself = 0;
            bool unattended = opened.Unattended;
            foreach (LoggedEvent logged in reading.Events)
            {
                if (logged.Agent == AgentState.Main) state.Apply(logged);
                spent = Session.After(spent, logged.Event);
                if (logged.Event is SessionEvent.Resumed resumed) unattended = resumed.Unattended;
                byItself = logged.Event switch
                {
                    SessionEvent.Resumed { ByItself: true } => byItself + 1,
                    SessionEvent.Asked when logged.Agent == AgentState.Main => 0,
                    _ => byItself,
                };
            }
            string task = state.Requests is [var asked, ..] ? asked.OfType<Block.Text>().FirstOrDefault()?.Content ?? "" : "";
            return new(folder, opened, task, first.At, reading.Events[^1].At, state.Steps, spent, state.End, EventLog.IsHeld(folder)) { ResumedByItself = byItself, Unattended = unattended };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NewerVersionException)
        {
            return null;
        }
    }
}
