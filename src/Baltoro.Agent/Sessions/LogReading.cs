// What a log on disk holds, up to where it can be believed; it refuses to write.

namespace Baltoro.Agent.Sessions;

/// <summary>How a log ends.</summary>
public abstract record LogTail
{
    private LogTail() { }

    public sealed record Whole : LogTail
    {
        public static readonly Whole Instance = new();
    }

    /// <summary>The last line was not finished when its process ended: it never counted.</summary>
    public sealed record Torn(long Bytes) : LogTail;

    /// <summary>A line in the middle cannot be believed, and so nothing behind it.</summary>
    /// <param name="Line">From 1.</param>
    /// <param name="Lost">Lines from there on.</param>
    public sealed record Damaged(long Line, string Problem, long Lost) : LogTail;
}

/// <param name="End">Bytes up to the end of the last good line.</param>
sealed record LogReading(IReadOnlyList<LoggedEvent> Events, long End, LogTail Tail)
{
    /// <exception cref="NewerVersionException">A later version of this program wrote it.</exception>
    /// <exception cref="IOException">It cannot be read at all.</exception>
    public static LogReading Of(string path, Blobs? blobs)
    {
        byte[] bytes = File.ReadAllBytes(path);
        List<LoggedEvent> events = [];
        int at = 0;
        while (at < bytes.Length)
        {
            int length = bytes.AsSpan(at).IndexOf((byte)'\n');
            bool isLast = length < 0 || at + length + 1 == bytes.Length;
            if (length < 0) return new(events, at, new LogTail.Torn(bytes.Length - at));
            if (Problem(bytes.AsMemory(at, length), events, blobs) is { } problem)
            {
                LogTail tail = isLast ? new LogTail.Torn(bytes.Length - at) : new LogTail.Damaged(events.Count + 1, problem, bytes.AsSpan(at).Count((byte)'\n'));
                return new(events, at, tail);
            }
            at += length + 1;
        }
        return new(events, at, LogTail.Whole.Instance);
    }

    /// <summary>Adds the line's event, or says what is wrong with it.</summary>
    static string? Problem(ReadOnlyMemory<byte> line, List<LoggedEvent> events, Blobs? blobs)
    {
        try
        {
            LoggedEvent next = EventJson.Read(line, blobs);
            if (next.Number != events.Count + 1) return $"it has number {next.Number}, expected {events.Count + 1}";
            if (events.Count == 0 != next.Event is SessionEvent.Opened) return "the first event, and no other, is \"opened\"";
            events.Add(next);
            return null;
        }
        catch (Exception e) when (EventJson.IsUnreadable(e))
        {
            return e.Message;
        }
    }
}
