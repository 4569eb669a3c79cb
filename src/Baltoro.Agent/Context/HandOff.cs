// The note with which a model hands its work over to itself, and the history that stands on it, or on no note. It refuses to know how the note was asked for.

using System.Globalization;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Context;

/// <summary>Pure: the same state and note give the same history.</summary>
static class HandOff
{
    /// <summary>The share of the window that the user's own words, and the last steps, may take.</summary>
    const double ShareOfRequests = 0.1, ShareOfSteps = 0.15;

    const int MostSteps = 6;

    /// <summary>The same where each step follows from the one before: the last, and one more as long as both are small.</summary>
    const double ShareOfSmallSteps = 0.3;

    const int MostSmallSteps = 2;

    public static readonly Turn.User Instruction = new([new Block.Text(Reminder.Of(Resource.Text("Context.HandOff.md")))]);

    /// <summary>The note in a reply; null, with the reason, when there is none to be trusted.</summary>
    public static (string? Note, string Why) NoteIn(Reply reply) => reply switch
    {
        { Reason: StopReason.OutputLimit or StopReason.WindowFull } => (null, "the note was cut off"),
        { Reason: StopReason.Refusal } => (null, "the model declined to write a note"),
        _ when reply.Blocks.Any(block => block is Block.ToolCall) => (null, "the model called a tool instead of writing a note"),
        _ when string.Join('\n', reply.Blocks.OfType<Block.Text>().Select(text => text.Content)).Trim() is { Length: > 0 } note => (note, ""),
        _ => (null, "the note was empty"),
    };

    /// <summary>
    /// The user's messages word for word (long ones shortened in the middle), the to-do list, the note, and the last whole steps.
    /// </summary>
    public static Sequence<Turn> History(AgentState state, string note, Room room, ModelCard card)
    {
        List<Block> head = Words(state.Requests, room);
        string todos = Todos(state) is { Length: > 0 } list ? $"\n\n{list}" : "";
        head.Add(new Block.Text(Reminder.Of(
            "The conversation was too long and was replaced by the messages of the user above, the note below that you wrote to yourself, and your last steps. "
            + "Take the note as notes, not as proof: check what matters before you rely on it. Do not mention this; go on with the task.\n\n"
            + $"{note}{todos}")));
        return [new Turn.User(head.ToSequence()), .. Renumbered(LastSteps(state, (long)(room.Tokens * ShareOfSteps), MostSteps, card), card)];
    }

    /// <summary>For a model that needs no note: the user's messages about the work in hand word for word, the to-do list, and the last whole steps, of which there is always one.</summary>
    public static Sequence<Turn> WithoutNote(AgentState state, Room room, ModelCard card)
    {
        List<Block> head = Words(state.RequestsInHand, room);
        if (Todos(state) is { Length: > 0 } list) head.Add(new Block.Text(Reminder.Of(list)));
        long most = (long)(room.Tokens * ShareOfSmallSteps / state.Meter.Factor);
        Turn[] steps = [.. LastSteps(state, most, MostSmallSteps, card)];
        if (steps.Length == 0) steps = [.. LastSteps(state, long.MaxValue, 1, card)];
        return [new Turn.User(head.ToSequence()), .. Renumbered(steps, card)];
    }

    static List<Block> Words(IReadOnlyList<Sequence<Block>> requests, Room room)
    {
        List<Block> head = [];
        int each = Math.Max(400, (int)(room.Tokens * ShareOfRequests * 4) / Math.Max(1, requests.Count));
        foreach (Sequence<Block> request in requests)
            foreach (Block block in request)
                head.Add(block is Block.Text text ? new Block.Text(Shorten(text.Content, each)) : block);
        return head;
    }

    static string Todos(AgentState state) => state.Todos.IsEmpty ? "" :
        "The to-do list as it stands:\n" + string.Join('\n', state.Todos.Select(todo => $"- [{todo.Status}] {todo.Content}"));

    /// <summary>
    /// Ids counted from the new beginning. Over Chat, and for Kimi's models everywhere, they have the form in which those know them, who read the
    /// tool's name out of it and count from the first call that they see; Claude takes no dots.
    /// </summary>
    static IEnumerable<Turn> Renumbered(IEnumerable<Turn> steps, ModelCard card)
    {
        Dictionary<string, string> ids = [];
        int count = 0;
        string NewId(string tool, int number) => card is { Dialect: Dialect.Claude } or { Dialect: Dialect.Messages, KnowsKimiTokens: false }
            ? string.Create(CultureInfo.InvariantCulture, $"kept_{number}")
            : string.Create(CultureInfo.InvariantCulture, $"functions.{tool}:{number}");
        foreach (Turn step in steps)
        {
            yield return step with
            {
                Blocks = step.Blocks.Map(block => block switch
                {
                    Block.ToolCall call => call with { Id = ids[call.Id] = NewId(call.Name, count++) },
                    Block.ToolResult result => result with { CallId = ids.GetValueOrDefault(result.CallId, result.CallId) },
                    _ => block,
                }),
            };
        }
    }

    /// <summary>A step is a reply with its calls and all that was answered to it; half a one would be refused by vendors.</summary>
    static IEnumerable<Turn> LastSteps(AgentState state, long most, int mostSteps, ModelCard card)
    {
        int start = state.Turns.Count, steps = 0;
        long tokens = 0;
        for (int i = state.Turns.Count - 1; i > 0 && steps < mostSteps; i--)
        {
            Turn turn = state.Turns[i];
            // The user's own words stand in front already, and steps from before them are over.
            if (turn is Turn.User && state.Requests.Any(request => request == turn.Blocks)) break;
            tokens += TokenEstimate.Of(new ChatRequest { Model = "", Turns = [turn] });
            if (tokens > most) break;
            if (turn is not Turn.Assistant) continue;
            start = i;
            steps++;
        }
        for (int i = start; i < state.Turns.Count; i++)
        {
            Turn turn = state.Turns[i];
            // Claude's thinking is bound to the history in front of it, which is gone.
            if (turn is not Turn.Assistant assistant || card.Dialect != Dialect.Claude) yield return turn;
            else if (assistant.Blocks.Where(block => block is not (Block.Thinking or Block.RedactedThinking)).ToSequence() is { IsEmpty: false } rest)
                yield return assistant with { Blocks = rest };
        }
    }

    static string Shorten(string text, int most) => text.Length <= most ? text : $"{text[..(most / 2)]}\n[… {text.Length - most} characters left out …]\n{text[^(most / 2)..]}";
}
