// What a task that met faults must come to all the same. It does not know which client walked, nor what it met.

using System.Text.Json;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

static class Survival
{
    const string Markers = "<|";

    /// <summary>
    /// All of these runs take the better part of an hour: they run where someone asks for them with 1, or for those alone that a text names
    /// ("kimi", "repeated ids"), and a skipped one says so.
    /// </summary>
    public static void OnlyWhenAsked(string row) => Assert.SkipUnless(IsAsked(row), "A long run under faults: set BALTORO_FAULTS=1, or to a part of its name, to run it.");

    /// <summary>Whether someone asks for this long run.</summary>
    public static bool IsAsked(string row) => Environment.GetEnvironmentVariable("BALTORO_FAULTS") is { Length: > 0 } asked && (asked == "1" || row.Contains(asked, StringComparison.Ordinal));

    /// <summary>The right answer; nothing refused; each file read once and the answer written once; no vendor's tokens anywhere.</summary>
    /// <param name="repeats">Whether the model itself asked for the same again.</param>
    public static void Check(Upstream upstream, Trail trail, bool repeats = false)
    {
        Assert.Empty(upstream.Violations);
        Assert.Equal(trail.Answer, File.Exists(trail.AnswerFile) ? File.ReadAllText(trail.AnswerFile) : "(no answer file)");

        var conversation = upstream.Asked.Last(r => Progress.Of(r.Conversation!) is not null).Conversation!;
        Assert.DoesNotContain(upstream.Asked.SelectMany(r => r.Conversation!.Turns).SelectMany(Texts), t => t.Contains(Markers, StringComparison.Ordinal));
        var calls = conversation.Turns.OfType<Turn.Assistant>().SelectMany(a => a.Calls).ToList();
        Assert.Equal(calls.Count, calls.Select(c => c.Id).Distinct().Count());
        if (!repeats) Assert.Equal([.. trail.Files.Keys, trail.AnswerFile], Executed(calls));
    }

    /// <summary>No request ended in an error: the client had nothing to survive.</summary>
    public static void Check(GatewayProcess gateway) => Assert.Empty(gateway.Failures);

    // A call with a wrong tool or argument comes back as the client's complaint and is not executed.
    static IEnumerable<string> Executed(IEnumerable<ToolCall> calls) =>
        from call in calls
        where call.Tool.ToLowerInvariant() is "read" or "write"
        let path = Path(call.Arguments)
        where path is not null
        select path;

    static string? Path(string arguments)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            return (json.RootElement.TryGetProperty("file_path", out var path) || json.RootElement.TryGetProperty("filePath", out path)) && path.ValueKind == JsonValueKind.String ? path.GetString() : null;
        }
        catch (JsonException) { return null; }
    }

    static IEnumerable<string> Texts(Turn turn) => turn switch
    {
        Turn.Assistant assistant => [assistant.Thinking ?? "", assistant.Text, .. assistant.Calls.SelectMany(c => (string[])[c.Id, c.Tool, c.Arguments])],
        Turn.User user => [user.Text],
        Turn.Result result => [result.Text],
        _ => [],
    };
}
