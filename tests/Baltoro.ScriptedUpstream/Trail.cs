// A long task that can only be finished step by step: each file holds a word and the name of the next file; at the end all
// words go into an answer file. It knows no client: any loop with the tools Read and Write can walk it.

using System.Globalization;
using System.Text.Json;

namespace Baltoro.ScriptedUpstream;

public sealed class Trail
{
    static readonly string[] Stock = ["amber", "basalt", "cirque", "drift", "esker", "firn", "gneiss", "höhle", "冰川", "jökull", "kar", "льда"];

    // What is read at each step: one file, at a fork two.
    readonly List<string[]> _steps = [];

    Trail(int calls, string folder, int forkEvery, int seed)
    {
        var random = new Random(seed);
        // Names cannot be guessed from the ones before. The last call writes the answer.
        string NewPath(int call) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{random.Next():x8}-{call}.txt"));
        for (var call = 1; call < calls;)
        {
            var forks = (_steps.Count + 1) % forkEvery == 0 && call + 1 < calls;
            _steps.Add(forks ? [NewPath(call), NewPath(call + 1)] : [NewPath(call)]);
            call += forks ? 2 : 1;
        }
        AnswerFile = Path.Combine(folder, "answer.txt");
        Words = [.. _steps.SelectMany(s => s).Select((_, i) => $"{Stock[random.Next(Stock.Length)]}-{i + 1}")];
        var words = new Queue<string>(Words);
        Files = _steps.Index().SelectMany(s => s.Item.Index().Select(p => (p.Item, Content: $"WORD: {words.Dequeue()}\n" +
            (p.Index > 0 ? "" : s.Index + 1 < _steps.Count ? Signpost(_steps[s.Index + 1]) : "END OF THE TRAIL\n")))).ToDictionary();
    }

    /// <summary>A trail that takes so many tool calls, of which the last writes the answer.</summary>
    /// <param name="calls">How many calls it takes in all.</param>
    /// <param name="folder">Where its files lie.</param>
    /// <param name="forkEvery">At each step of such a number two files are read at once.</param>
    /// <param name="seed">Another one gives other names and words.</param>
    public static Trail Of(int calls, string folder, int forkEvery = int.MaxValue, int seed = 1) => new(calls, folder, forkEvery, seed);

    /// <summary>Path to content.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    public IReadOnlyList<string> Words { get; }

    public string AnswerFile { get; }

    /// <summary>What the answer file must hold in the end.</summary>
    public string Answer => string.Join('\n', Words) + "\n";

    public string Task => $"Follow the trail that begins in `{_steps[0][0]}`: each file names the next one, or two. " +
        $"When it ends, write the words found, one per line, into `{AnswerFile}`.";

    /// <summary>What to say after the model has paused.</summary>
    public const string GoOn = "Go on along the trail, please.";

    // Claude Code and its peers show a model its own mistakes; one that keeps making them has lost the trail.
    const int MostFailures = 8;

    public const string Finished = "All words are written.";

    /// <summary>What the model thought at each step before it called its tools, in order.</summary>
    public IReadOnlyList<string> Thoughts => [.. _steps.Select((paths, i) => Thought(i + 1, paths[0])), Thought(_steps.Count + 1, AnswerFile)];

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
        if (Progress.Of(conversation) is not { } progress) return Reply.Of(new Part.Say("A side request."));
        var turns = conversation.Turns.ToList();
        var lastPrompt = turns.FindLastIndex(t => t is Turn.User u && (Progress.IsTask(u.Text) || u.Text.Contains(GoOn, StringComparison.Ordinal)));
        var step = progress.Step;

        if (progress.Written) return Reply.Of(new Part.Think($"Step {step + 1}: it is written."), new Part.Say(Finished));
        if (turns.Skip(lastPrompt).Count(t => t is Turn.Result) >= callsPerTurn)
            return Reply.Of(new Part.Say($"A rest after step {step - 1}."));
        if (progress.Failures > MostFailures)
            return Reply.Of(new Part.Say($"The trail is lost at step {step}: {string.Join('\n', turns.OfType<Turn.Result>().Select(r => r.Text).TakeLast(2))}"));
        return progress.Unread.Count > 0
            ? Step(step, progress.Unread[0], [.. progress.Unread.Select(p => Read(p, conversation.Tools))])
            : Step(step, progress.AnswerFile, Write(progress.AnswerFile, progress.Words, conversation.Tools));
    };

    // Every fifth step also says something before it calls: a text block between thinking and tools.
    static Reply Step(int step, string path, params Part.Call[] calls) =>
        Reply.Of([new Part.Think(Thought(step, path)), .. step % 5 == 0 ? [new Part.Say($"On to step {step}.")] : Array.Empty<Part>(), .. calls]);

    static string Signpost(string[] next) => $"NEXT: {next[0]}\n" + string.Concat(next.Skip(1).Select(p => $"ALSO: {p}\n"));

    // Letters of two, three and four bytes, quotes and line ends: all that a careless copy would damage.
    static string Thought(int step, string path) => string.Create(CultureInfo.InvariantCulture,
        $"Step {step}: the \"trail\" leads on (足跡 🧭)\nto {Path.GetFileName(path)} – naïve, but \\so\\ it is.");

    static Part.Call Read(string path, IReadOnlyList<string> tools) => IsLowerCase(tools)
        ? new("read", $$"""{"filePath":{{Quoted(path)}}}""")
        : new("Read", $$"""{"file_path":{{Quoted(path)}}}""");

    static Part.Call Write(string path, IEnumerable<string> words, IReadOnlyList<string> tools)
    {
        var content = Quoted(string.Join('\n', words) + "\n");
        return IsLowerCase(tools)
            ? new("write", $$"""{"filePath":{{Quoted(path)}},"content":{{content}}}""")
            : new("Write", $$"""{"file_path":{{Quoted(path)}},"content":{{content}}}""");
    }

    // Claude Code's spelling of the tools, or opencode's.
    static bool IsLowerCase(IReadOnlyList<string> tools) => tools.Contains("read") && !tools.Contains("Read");

    static string Quoted(string text) => JsonSerializer.Serialize(text);
}
