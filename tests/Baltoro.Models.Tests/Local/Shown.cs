// Prompts and replies of chat formats as tests write them. Knows no format.

using System.Text;
using Baltoro.Chat;
using Baltoro.Models.Local;

namespace Baltoro.Models.Tests.Local;

static class Shown
{
    public static readonly ToolSpec.Function Weather = new("get_weather", "Looks out of the window.",
        RawJson.Of("""{"type":"object","properties":{"city":{"type":"string","description":"Where"},"days":{"type":"integer","minimum":1,"maximum":10,"default":3}},"required":["city"]}"""));

    /// <summary>The parts one behind the other, control tokens by their names.</summary>
    public static string Prompt(this ChatFormat format, ChatRequest request) =>
        string.Concat(format.Render(request).Select(part => part switch { PromptPart.Text text => text.Content, PromptPart.Control control => control.Name, _ => "" }));

    public static ChatRequest Asked(params ReadOnlySpan<Turn> turns) => new() { Model = "m", Turns = Sequence.Create(turns) };

    public static Turn.User User(string text) => new([new Block.Text(text)]);

    /// <summary>What a format reads when the model writes this: control tokens of the format where their names stand.</summary>
    /// <param name="cut">How the reply was ended; null when the model ended it.</param>
    public static (Reply? Reply, Failure? Failure) Read(this ChatFormat format, ChatRequest request, string written, StopReason? cut = null) =>
        format.Read(request, Parts(format, written), cut);

    public static (Reply? Reply, Failure? Failure) Read(this ChatFormat format, ChatRequest request, IEnumerable<PromptPart> parts, StopReason? cut = null)
    {
        ReplyReading reading = format.Read(request);
        List<ReplyEvent> events = [];
        foreach (PromptPart part in parts)
        {
            switch (part)
            {
                case PromptPart.Control control: reading.Mark(control.Name, events); break;
                // Text comes in pieces.
                case PromptPart.Text text:
                    foreach (char[] piece in text.Content.Chunk(3)) reading.Text(new(piece), events);
                    break;
            }
        }
        reading.End(cut, events);
        ReplyFold fold = new();
        foreach (ReplyEvent step in events) fold.Add(step);
        return (fold.Result, fold.Failure);
    }

    /// <summary>Blocks in a line: thinking in parentheses, calls as ID=NAME(ARGUMENTS).</summary>
    public static string Line(this Reply reply) => string.Join(' ', reply.Blocks.Select(block => block switch
    {
        Block.Thinking thinking => $"({thinking.Content})",
        Block.Text text => text.Content,
        Block.ToolCall call => $"{call.Id}={call.Name}({call.Arguments})",
        _ => $"{block}",
    })) + $" [{reply.Reason}]";

    static IEnumerable<PromptPart> Parts(ChatFormat format, string written)
    {
        StringBuilder text = new();
        for (int at = 0; at < written.Length;)
        {
            string? mark = format.ReplyMarks.FirstOrDefault(name => written.AsSpan(at).StartsWith(name, StringComparison.Ordinal));
            if (mark is null)
            {
                text.Append(written[at++]);
                continue;
            }
            if (text.Length > 0) yield return new PromptPart.Text(text.ToString());
            text.Clear();
            yield return new PromptPart.Control(mark);
            at += mark.Length;
        }
        if (text.Length > 0) yield return new PromptPart.Text(text.ToString());
    }
}
