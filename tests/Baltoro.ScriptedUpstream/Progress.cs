// How far a conversation has come along a trail, read off what its tools answered. It knows no client: it takes the tools
// Read and Write in the spelling that the client gives them.

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baltoro.ScriptedUpstream;

/// <param name="Step">The step to be taken now, from 1.</param>
/// <param name="Unread">What is still to be read at this step; empty when the answer is to be written.</param>
/// <param name="Words">The words found so far.</param>
/// <param name="Written">Whether the answer has been written.</param>
/// <param name="Failures">How many calls since the last useful one came to nothing.</param>
public sealed partial record Progress(
    string AnswerFile, int Step, IReadOnlyList<string> Unread, IReadOnlyList<string> Words, bool Written, int Failures)
{
    /// <summary>Null when the conversation is about something else.</summary>
    public static Progress? Of(Conversation conversation)
    {
        if (conversation.Turns.OfType<Turn.User>().Select(u => TaskText.Match(u.Text)).LastOrDefault(m => m.Success) is not { } task) return null;
        var (first, answerFile) = (task.Groups["first"].Value, task.Groups["answer"].Value);
        var (contents, written, failures) = Done(conversation, answerFile);

        var words = new List<string>();
        string[] paths = [first];
        for (var step = 1; ; step++)
        {
            var unread = paths.Where(p => !contents.ContainsKey(p)).ToList();
            words.AddRange(paths.Except(unread).Select(p => WordText.Match(contents[p]).Groups[1].Value));
            if (unread.Count > 0 || paths.Length == 0) return new Progress(answerFile, step, unread, words, written, failures);
            var signpost = contents[paths[0]];
            paths = NextText.Match(signpost) is { Success: true } next
                ? [next.Groups[1].Value, .. AlsoText.Matches(signpost).Select(m => m.Groups[1].Value)]
                : [];
        }
    }

    /// <summary>Whether a text of a user asks for a trail to be walked.</summary>
    public static bool IsTask(string text) => TaskText.IsMatch(text);

    /// <summary>The useful results of reading, by path; whether the answer was written; and how much has failed since.</summary>
    static (Dictionary<string, string> Contents, bool Written, int Failures) Done(Conversation conversation, string answerFile)
    {
        // By the calls: Claude Code hands results back in the order in which its tools were done.
        var answers = conversation.Turns.OfType<Turn.Result>().ToLookup(r => r.CallId, r => r.Text);
        var contents = new Dictionary<string, string>();
        var (written, failures) = (false, 0);
        foreach (var call in conversation.Turns.OfType<Turn.Assistant>().SelectMany(a => a.Calls))
        {
            var result = string.Join('\n', answers[call.Id]);
            if (PathIn(call) is not { } path) failures++;
            else if (contents.ContainsKey(path)) continue;
            else if (IsWrite(call) && path == answerFile && Success.IsMatch(result)) written = true;
            else if (!IsWrite(call) && WordText.IsMatch(result)) (contents[path], failures) = (result, 0);
            else failures++;
        }
        return (contents, written, failures);
    }

    static bool IsWrite(ToolCall call) => string.Equals(call.Tool, "Write", StringComparison.OrdinalIgnoreCase);

    static string? PathIn(ToolCall call)
    {
        try
        {
            using var arguments = JsonDocument.Parse(call.Arguments);
            return arguments.RootElement.Text("file_path") ?? arguments.RootElement.Text("filePath");
        }
        catch (JsonException) { return null; }
    }

    [GeneratedRegex("trail that begins in `(?<first>[^`]+)`.*into `(?<answer>[^`]+)`")]
    private static partial Regex TaskText { get; }

    [GeneratedRegex(@"WORD: (\S+)")]
    private static partial Regex WordText { get; }

    [GeneratedRegex(@"ALSO: ([^\r\n]+)")]
    private static partial Regex AlsoText { get; }

    [GeneratedRegex(@"NEXT: ([^\r\n]+)")]
    private static partial Regex NextText { get; }

    [GeneratedRegex("success|written|wrote|created", RegexOptions.IgnoreCase)]
    private static partial Regex Success { get; }
}
