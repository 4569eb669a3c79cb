using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baltoro.ScriptedUpstream;

/// <summary>
/// A long task that can only be finished step by step: each file holds a word and the name of the next file; at the end all
/// words go into an answer file. It knows no client: any loop with the tools <c>Read</c> and <c>Write</c> can walk it.
/// </summary>
public sealed partial class Trail
{
    static readonly string[] Stock = ["amber", "basalt", "cirque", "drift", "esker", "firn", "gneiss", "höhle", "冰川", "jökull", "kar", "льда"];

    readonly List<string> _paths = [];

    Trail(int calls, string folder, int seed)
    {
        var random = new Random(seed);
        // The last call writes the answer. Names cannot be guessed from the ones before.
        for (var step = 1; step < calls; step++)
            _paths.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{random.Next():x8}-{step}.txt")));
        Words = [.. _paths.Select((_, i) => $"{Stock[random.Next(Stock.Length)]}-{i + 1}")];
        AnswerFile = Path.Combine(folder, "answer.txt");
        Files = _paths.Index().ToDictionary(p => p.Item, p => $"WORD: {Words[p.Index]}\n" +
            (p.Index + 1 < _paths.Count ? $"NEXT: {_paths[p.Index + 1]}\n" : "END OF THE TRAIL\n"));
    }

    /// <summary>A trail that takes so many tool calls: one file fewer to read, and the answer to write.</summary>
    public static Trail Of(int calls, string folder, int seed = 1) => new(calls, folder, seed);

    /// <summary>Path to content.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    public IReadOnlyList<string> Words { get; }

    public string AnswerFile { get; }

    /// <summary>What the answer file must hold in the end.</summary>
    public string Answer => string.Join('\n', Words) + "\n";

    public string Task => $"Follow the trail that begins in `{_paths[0]}`: each file names the next one. " +
        $"When it ends, write the words found, one per line, into `{AnswerFile}`.";

    /// <summary>What to say after the model has paused.</summary>
    public const string GoOn = "Go on along the trail, please.";

    public const string Finished = "All words are written.";

    /// <summary>What the model thought before each of its tool calls, in order.</summary>
    public IReadOnlyList<string> Thoughts =>
    [
        .. _paths.Select((path, i) => Thought(i + 1, path)), Thought(_paths.Count + 1, AnswerFile),
    ];

    /// <summary>Writes the files to disk, for clients with real tools.</summary>
    public void Lay()
    {
        foreach (var (path, content) in Files) File.WriteAllText(path, content);
    }

    /// <summary>
    /// The model's side. The step is read off the conversation, never counted here, so that retries and requests beside the
    /// trail (titles, token counts) do not disturb it.
    /// </summary>
    /// <param name="callsPerTurn">After how many calls it ends its turn with a text and waits to be told to go on.</param>
    public static Script Script(int callsPerTurn = int.MaxValue) => (_, conversation) =>
    {
        var turns = conversation.Turns.ToList();
        if (turns.OfType<Turn.User>().Select(u => TaskText.Match(u.Text)).LastOrDefault(m => m.Success) is not { } task)
            return Reply.Of(new Part.Say("A side request."));
        var (first, answerFile) = (task.Groups["first"].Value, task.Groups["answer"].Value);

        var lastPrompt = turns.FindLastIndex(t => t is Turn.User u && (TaskText.IsMatch(u.Text) || u.Text.Contains(GoOn, StringComparison.Ordinal)));
        var results = turns.OfType<Turn.Result>().Select(r => r.Text).ToList();
        var words = results.Select(r => WordText.Match(r)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToList();
        var step = results.Count + 1;

        if (turns.OfType<Turn.Assistant>().Any(a => a.Calls.Any(c => c.Tool == "Write")) && turns[^1] is not Turn.Assistant)
            return Reply.Of(new Part.Think($"Step {step}: it is written."), new Part.Say(Finished));
        if (turns.Skip(lastPrompt).Count(t => t is Turn.Result) >= callsPerTurn)
            return Reply.Of(new Part.Say($"A rest after step {step - 1}."));
        if (results.Count == 0) return Step(step, first, Read(first));
        if (NextText.Match(results[^1]) is { Success: true } next)
            return Step(step, next.Groups[1].Value, Read(next.Groups[1].Value));
        return results[^1].Contains("END OF THE TRAIL", StringComparison.Ordinal)
            ? Step(step, answerFile, Write(answerFile, words))
            : Reply.Of(new Part.Say($"The trail is lost at step {step}: {results[^1]}"));
    };

    static Reply Step(int step, string path, Part.Call call) => Reply.Of(new Part.Think(Thought(step, path)), call);

    // Letters of two, three and four bytes, quotes and line ends: all that a careless copy would damage.
    static string Thought(int step, string path) => string.Create(CultureInfo.InvariantCulture,
        $"Step {step}: the \"trail\" leads on (足跡 🧭)\nto {Path.GetFileName(path)} – naïve, but \\so\\ it is.");

    static Part.Call Read(string path) => new("Read", $$"""{"file_path":{{Quoted(path)}}}""");

    static Part.Call Write(string path, IEnumerable<string> words) =>
        new("Write", $$"""{"file_path":{{Quoted(path)}},"content":{{Quoted(string.Join('\n', words) + "\n")}}}""");

    static string Quoted(string text) => JsonSerializer.Serialize(text);

    [GeneratedRegex("trail that begins in `(?<first>[^`]+)`.*into `(?<answer>[^`]+)`")]
    static partial Regex TaskText { get; }

    [GeneratedRegex(@"WORD: (\S+)")]
    static partial Regex WordText { get; }

    [GeneratedRegex(@"NEXT: ([^\r\n]+)")]
    static partial Regex NextText { get; }
}
