// One event as one line of JSON, and back; it refuses to know where the line lies.

using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baltoro.Agent.Budgets;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Loop;
using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

/// <summary>
/// The form of a line: <c>{"n":1,"at":"…","agent":"…","event":"replied",…}</c>. <c>agent</c> is left out for the main agent. Members that are
/// not known are ignored, so that a later version may add some.
/// </summary>
static class EventJson
{
    /// <summary>Of the form of all lines; stands in the first one.</summary>
    public const int Version = 1;

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(LoggedEvent logged, Blobs? blobs, IBufferWriter<byte> into)
    {
        using Utf8JsonWriter json = new(into, Options);
        json.WriteStartObject();
        json.WriteNumber("n", logged.Number);
        json.WriteString("at", logged.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        if (logged.Agent != AgentState.Main) json.WriteString("agent", logged.Agent);
        Write(json, new(json, blobs), logged.Event);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, BlockWriter blocks, SessionEvent what)
    {
        switch (what)
        {
            case SessionEvent.Opened opened:
                json.WriteString("event", "opened");
                json.WriteNumber("version", Version);
                json.WriteString("id", opened.Id);
                json.WriteString("project", opened.Project);
                json.WriteString("model", opened.Model);
                if (opened.Unattended) json.WriteBoolean("unattended", true);
                if (opened.ForkOf is { } origin) json.WriteString("forkOf", origin);
                blocks.Text("system", opened.System);
                break;
            case SessionEvent.Resumed resumed:
                json.WriteString("event", "resumed");
                json.WriteString("model", resumed.Model);
                if (resumed.ByItself) json.WriteBoolean("byItself", true);
                if (resumed.Unattended) json.WriteBoolean("unattended", true);
                break;
            case SessionEvent.Spawned spawned:
                json.WriteString("event", "spawned");
                json.WriteString("call", spawned.CallId);
                json.WriteString("description", spawned.Description);
                break;
            case SessionEvent.Asked asked:
                json.WriteString("event", "asked");
                blocks.Blocks("content", asked.Content);
                break;
            case SessionEvent.Sent sent:
                json.WriteString("event", "sent");
                json.WriteNumber("estimate", sent.Estimate);
                break;
            case SessionEvent.Replied replied:
                json.WriteString("event", "replied");
                blocks.Blocks("blocks", replied.Blocks);
                json.WriteString("reason", replied.Reason.ToString());
                Spent(json, replied.Usage, replied.Cost);
                if (replied.Model is { } model) json.WriteString("model", model);
                json.WriteNumber("prompt", replied.Prompt);
                json.WriteNumber("ms", (long)replied.Took.TotalMilliseconds);
                if (!replied.Mends.IsEmpty)
                {
                    json.WriteStartArray("mends");
                    foreach (Mend mend in replied.Mends) json.WriteStringValue(mend.ToString());
                    json.WriteEndArray();
                }
                break;
            case SessionEvent.Failed failed:
                json.WriteString("event", "failed");
                json.WriteString("trouble", failed.Trouble.ToString());
                json.WriteString("name", failed.Name);
                json.WriteString("message", failed.Message);
                Spent(json, failed.Usage, failed.Cost);
                if (failed.RetryAfter is { } after) json.WriteNumber("retryAfterMs", (long)after.TotalMilliseconds);
                if (failed.Window is { } window) json.WriteNumber("window", window);
                break;
            case SessionEvent.CallBegan began:
                json.WriteString("event", "callBegan");
                json.WriteString("call", began.CallId);
                break;
            case SessionEvent.CallEnded ended:
                json.WriteString("event", "callEnded");
                json.WriteString("call", ended.CallId);
                json.WriteString("how", ended.How.ToString());
                blocks.Blocks("content", ended.Content);
                break;
            case SessionEvent.Nudged nudged:
                json.WriteString("event", "nudged");
                json.WriteString("reason", nudged.Reason.ToString());
                json.WriteString("text", nudged.Text);
                break;
            case SessionEvent.Evicted evicted:
                json.WriteString("event", "evicted");
                json.WriteStartArray("results");
                foreach (Eviction result in evicted.Results)
                {
                    json.WriteStartObject();
                    json.WriteString("call", result.CallId);
                    json.WriteString("instead", result.Instead);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
            case SessionEvent.Compacted compacted:
                json.WriteString("event", "compacted");
                json.WriteNumber("tokensBefore", compacted.TokensBefore);
                // Before there was another way, a note was all that there was.
                if (compacted.Remains != Remains.Note) json.WriteString("remains", compacted.Remains.ToString());
                Spent(json, compacted.Usage, compacted.Cost);
                blocks.Turns("turns", compacted.Turns);
                break;
            case SessionEvent.CompactionFailed failed:
                json.WriteString("event", "compactionFailed");
                json.WriteString("why", failed.Why);
                if (failed.IsTooLong) json.WriteBoolean("tooLong", true);
                Spent(json, failed.Usage, failed.Cost);
                break;
            case SessionEvent.Ended ended:
                json.WriteString("event", "ended");
                json.WriteString("how", ended.How.GetType().Name);
                json.WriteString("text", ended.How.Text);
                if (ended.How is RunEnd.OutOfBudget over) json.WriteString("limit", over.Limit.ToString());
                break;
            default:
                throw new InvalidOperationException($"Unknown session event {what}.");
        }
    }

    /// <exception cref="Exception">
    /// Of the kinds that <see cref="IsUnreadable"/> knows: the line is not what <see cref="Write(LoggedEvent, Blobs?, IBufferWriter{byte})"/> writes.
    /// </exception>
    public static LoggedEvent Read(ReadOnlyMemory<byte> line, Blobs? blobs)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement json = document.RootElement;
        return new(
            json.GetProperty("n").GetInt64(),
            new(DateTime.SpecifyKind(json.GetProperty("at").GetDateTime().ToUniversalTime(), DateTimeKind.Utc)),
            Optional(json, "agent") ?? AgentState.Main,
            Event(json, new(blobs)));
    }

    public static bool IsUnreadable(Exception e) =>
        e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or OverflowException;

    static SessionEvent Event(JsonElement json, BlockReader blocks) => Text(json, "event") switch
    {
        "opened" => Opened(json, blocks),
        "resumed" => new SessionEvent.Resumed(Text(json, "model"), json.TryGetProperty("byItself", out _)) { Unattended = json.TryGetProperty("unattended", out _) },
        "spawned" => new SessionEvent.Spawned(Text(json, "call"), Text(json, "description")),
        "asked" => new SessionEvent.Asked(blocks.Blocks(json.GetProperty("content"))),
        "sent" => new SessionEvent.Sent(json.GetProperty("estimate").GetInt64()),
        "replied" => new SessionEvent.Replied(blocks.Blocks(json.GetProperty("blocks")), Name<StopReason>(json, "reason"), Usage(json), Cost(json))
        {
            Model = Optional(json, "model"),
            // Logs of the first days have none: all attempts were one then.
            Prompt = json.TryGetProperty("prompt", out JsonElement prompt) ? prompt.GetInt64() : Usage(json).TotalInput,
            Took = TimeSpan.FromMilliseconds(json.GetProperty("ms").GetInt64()),
            Mends = json.TryGetProperty("mends", out JsonElement mends) ? mends.EnumerateArray().Select(mend => Enum.Parse<Mend>(mend.GetString()!)).ToSequence() : [],
        },
        "failed" => new SessionEvent.Failed(Name<Trouble>(json, "trouble"), Text(json, "name"), Text(json, "message"), Usage(json), Cost(json))
        {
            RetryAfter = json.TryGetProperty("retryAfterMs", out JsonElement after) ? TimeSpan.FromMilliseconds(after.GetInt64()) : null,
            Window = json.TryGetProperty("window", out JsonElement window) ? window.GetInt64() : null,
        },
        "callBegan" => new SessionEvent.CallBegan(Text(json, "call")),
        "callEnded" => new SessionEvent.CallEnded(Text(json, "call"), blocks.Blocks(json.GetProperty("content")), Name<CallEnding>(json, "how")),
        "nudged" => new SessionEvent.Nudged(Name<NudgeReason>(json, "reason"), Text(json, "text")),
        "evicted" => new SessionEvent.Evicted(json.GetProperty("results").EnumerateArray()
            .Select(result => new Eviction(Text(result, "call"), Text(result, "instead"))).ToSequence()),
        "compacted" => new SessionEvent.Compacted(blocks.Turns(json.GetProperty("turns")), json.GetProperty("tokensBefore").GetInt64(), Usage(json), Cost(json))
        {
            Remains = json.TryGetProperty("remains", out JsonElement remains) ? Enum.Parse<Remains>(remains.GetString()!) : Remains.Note,
        },
        "compactionFailed" => new SessionEvent.CompactionFailed(Text(json, "why"), Usage(json), Cost(json)) { IsTooLong = json.TryGetProperty("tooLong", out _) },
        "ended" => new SessionEvent.Ended(End(json)),
        var other => throw new FormatException($"an event \"{other}\""),
    };

    static SessionEvent.Opened Opened(JsonElement json, BlockReader blocks)
    {
        int version = json.GetProperty("version").GetInt32();
        if (version > Version) throw new NewerVersionException(version);
        return new(Text(json, "id"), Text(json, "project"), Text(json, "model"), blocks.Text(json.GetProperty("system")))
        {
            Unattended = json.TryGetProperty("unattended", out _),
            ForkOf = Optional(json, "forkOf"),
        };
    }

    static RunEnd End(JsonElement json)
    {
        string text = Text(json, "text");
        return Text(json, "how") switch
        {
            nameof(RunEnd.Done) => new RunEnd.Done(text),
            nameof(RunEnd.Error) => new RunEnd.Error(text),
            nameof(RunEnd.OutOfBudget) => new RunEnd.OutOfBudget(Name<Limit>(json, "limit"), text),
            nameof(RunEnd.Looped) => new RunEnd.Looped(text),
            nameof(RunEnd.Blocked) => new RunEnd.Blocked(text),
            nameof(RunEnd.Interrupted) => new RunEnd.Interrupted(text),
            var other => throw new FormatException($"an end \"{other}\""),
        };
    }

    static void Spent(Utf8JsonWriter json, Usage usage, decimal? cost)
    {
        json.WriteStartObject("usage");
        Number("input", usage.Input);
        Number("cacheRead", usage.CacheRead);
        Number("cacheWrite", usage.CacheWrite);
        Number("cacheWriteHour", usage.CacheWriteHour);
        Number("output", usage.Output);
        Number("reasoning", usage.Reasoning);
        json.WriteEndObject();
        if (cost is { } dollars) json.WriteNumber("cost", dollars);

        void Number(string name, long tokens)
        {
            if (tokens != 0) json.WriteNumber(name, tokens);
        }
    }

    static Usage Usage(JsonElement json)
    {
        JsonElement usage = json.GetProperty("usage");
        return new()
        {
            Input = Number("input"), CacheRead = Number("cacheRead"), CacheWrite = Number("cacheWrite"), CacheWriteHour = Number("cacheWriteHour"),
            Output = Number("output"), Reasoning = Number("reasoning"),
        };

        long Number(string name) => usage.TryGetProperty(name, out JsonElement tokens) ? tokens.GetInt64() : 0;
    }

    static decimal? Cost(JsonElement json) => json.TryGetProperty("cost", out JsonElement cost) ? cost.GetDecimal() : null;

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"\"{name}\" is null");

    static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    static T Name<T>(JsonElement json, string name) where T : struct, Enum =>
        Enum.TryParse(Text(json, name), out T value) ? value : throw new FormatException($"\"{name}\" is \"{Text(json, name)}\"");
}

/// <summary>The log was written by a later version of this program.</summary>
sealed class NewerVersionException(int version) : Exception($"its log has version {version}, and this program reads up to {EventJson.Version}");
