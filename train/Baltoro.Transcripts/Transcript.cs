// A task played to its end, and windows on it as the agent shows them. It knows no tokens.

using System.Globalization;
using System.Text.RegularExpressions;
using Baltoro.Worlds;

namespace Baltoro.Transcripts;

/// <summary>One step: what the model did, and what came of it.</summary>
/// <param name="Result">Null behind an answer.</param>
sealed record Step(Turn Turn, string? Result);

/// <summary>In the format of Kimi K2 Thinking, without declared tools: the model knows its own.</summary>
sealed partial class Transcript
{
    readonly World _world;
    readonly List<Step> _steps = [];

    public Transcript(World world, Oracle oracle)
    {
        _world = world;
        Folder folder = new(world.Files);
        while (true)
        {
            Turn turn = oracle.Next();
            string? result = turn is Turn.Calls { Call: var call } ? folder.Run(call) : null;
            _steps.Add(new(turn, result));
            if (result is null) break;
            oracle.Observe(result);
        }
        After = folder.Files;
    }

    public int Steps => _steps.Count;

    /// <summary>The folder when the oracle was done.</summary>
    public IReadOnlyDictionary<string, string> After { get; }

    /// <summary>The request and some steps, numbered anew, up to the end of the last step's turn.</summary>
    /// <param name="first">From 0. The turn of a later first step is not learnt: what it follows from is out of sight.</param>
    /// <param name="most">How many steps at most.</param>
    public Row Window(int first, int most)
    {
        Pieces row = new();
        row.Message("<|im_system|>", "system", Profile.System);
        row.Message("<|im_user|>", "user", _world.Request);
        int end = Math.Min(_steps.Count, first + most);
        for (int i = first; i < end; i++) Add(row, _steps[i], i - first, learn: i > first || first == 0, isLast: i == end - 1);
        return new(row.All, _world.Skill);
    }

    static void Add(Pieces row, Step step, int index, bool learn, bool isLast)
    {
        row.Control("<|im_assistant|>");
        row.Text("assistant");
        row.Control("<|im_middle|>");
        row.Control("<think>", learn);
        row.Text(step.Turn.Thought, learn);
        row.Control("</think>", learn);
        if (step.Turn is Turn.Answers answer)
        {
            row.Text(answer.Text, learn);
            row.Control("<|im_end|>", learn);
            return;
        }
        Call call = ((Turn.Calls)step.Turn).Call;
        string id = string.Create(CultureInfo.InvariantCulture, $"functions.{call.Tool}:{index}");
        row.Control("<|tool_calls_section_begin|>", learn);
        row.Control("<|tool_call_begin|>", learn);
        row.Text($"functions.{call.Tool}", learn);
        row.Text(string.Create(CultureInfo.InvariantCulture, $":{index}"), learn);
        row.Control("<|tool_call_argument_begin|>", learn);
        // A break that is written as two signs is no beginning of a word: "\nexport" would else begin with the token "ne".
        foreach (string part in Breaks().Split(call.Json())) row.Text(part, learn);
        row.Control("<|tool_call_end|>", learn);
        row.Control("<|tool_calls_section_end|>", learn);
        row.Control("<|im_end|>", learn);
        if (!isLast) row.Message("<|im_system|>", "tool", $"## Return of {id}\n{step.Result}");
    }

    [GeneratedRegex(@"(?<=\\n)")]
    private static partial Regex Breaks();

    sealed class Pieces
    {
        public List<Piece> All { get; } = [];

        public void Control(string name, bool learn = false) => All.Add(new(name, PieceKind.Control, learn));

        public void Text(string text, bool learn = false) => All.Add(new(text, PieceKind.Text, learn));

        public void Message(string head, string name, string text)
        {
            Control(head);
            Text(name);
            Control("<|im_middle|>");
            Text(text);
            Control("<|im_end|>");
        }
    }
}
