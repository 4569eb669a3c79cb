// What holds for every format: a reply that is written is read as itself, and a prompt grows at its end.

using Baltoro.Chat;
using Baltoro.Models.Local;
using CsCheck;

namespace Baltoro.Models.Tests.Local;

public class FormatProperties
{
    static readonly ChatFormat[] Formats = [new KimiInstructFormat(), new KimiThinkingFormat(), new KimiK25Format(), new GlmFormat(), new DeepSeekFormat()];

    static readonly Gen<string> Words = Gen.String[Gen.Char["ab<|im_end|>\n {}\"\\é漢"], 1, 20].Where(text => text.Trim() == text && text.Length > 0);

    static readonly Gen<string> Arguments = Gen.Select(Words, Gen.Int[0, 99]).Select((text, number) => $"{{\"city\": {Quoted(text)}, \"days\": {number}}}");

    /// <summary>What a model says in one turn: thinking, words, calls; something of it.</summary>
    static readonly Gen<(string Thinking, string Text, string[] Calls)> Said =
        Gen.Select(Words, Gen.OneOf(Gen.Const(""), Words), Arguments.Array[0, 3]).Where((_, text, calls) => text.Length > 0 || calls.Length > 0);

    [Fact]
    public void A_reply_that_is_written_into_the_next_prompt_is_read_back_as_itself_and_extends_the_prompt() =>
        Gen.Select(Gen.Int[0, Formats.Length - 1], Said.Array[1, 4]).Sample((index, replies) =>
        {
            ChatFormat format = Formats[index];
            // A task: the user speaks once, the model calls until it answers.
            ChatRequest request = Shown.Asked(Shown.User("Do it.")) with { Tools = [Shown.Weather] };
            int calls = 0;
            foreach (var (thinking, text, arguments) in replies)
            {
                Sequence<PromptPart> before = format.Render(request);
                bool thinks = format.Thinking != ThinkingSupport.None && format is not DeepSeekFormat;
                Block.ToolCall[] made = [.. arguments.Select((one, i) => new Block.ToolCall(format.Ids == IdDialect.Kimi ? $"functions.get_weather:{calls + i}" : $"call_{calls + i}", "get_weather", one))];
                calls += made.Length;
                Sequence<Block> blocks = [.. thinks ? (Block[])[new Block.Thinking(thinking)] : [], .. text.Length > 0 ? (Block[])[new Block.Text(text)] : [], .. made];
                ChatRequest next = request with { Turns = [.. request.Turns, new Turn.Assistant(blocks), new Turn.User([.. made.Select(call => new Block.ToolResult(call.Id, [new Block.Text("r")]))])] };
                if (made.Length == 0) next = next with { Turns = [.. next.Turns.Take(next.Turns.Count - 1), Shown.User("Go on.")] };
                Sequence<PromptPart> after = format.Render(next);
                // Behind an answer templates drop its thinking; all else only grows.
                if (made.Length > 0)
                {
                    Assert.Equal(before, after.Take(before.Count).ToSequence());
                    (Reply? read, _) = format.Read(request, OwnWords(format, after.Skip(before.Count)));
                    Assert.Equal(blocks, read!.Blocks);
                    Assert.Equal(StopReason.ToolUse, read.Reason);
                }
                request = next;
            }
        });

    static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";

    /// <summary>The parts of a prompt up to the mark that ends the model's turn.</summary>
    static IEnumerable<PromptPart> OwnWords(ChatFormat format, IEnumerable<PromptPart> parts) =>
        parts.TakeWhile(part => part is not PromptPart.Control control || format.ReplyMarks.Contains(control.Name));
}
