// A model that knows the right next turn, and keeps every prompt that the agent put in front of it.

using System.Runtime.CompilerServices;
using Baltoro.Chat;
using Baltoro.Models.Local;
using Baltoro.Transcripts;
using Turn = Baltoro.Transcripts.Turn;

namespace Baltoro.Cli.Tests.Demo;

/// <summary>Counts five characters as two tokens, about as the small vocabulary has them, so that its window fills up as the small model's does.</summary>
sealed class OracleModel(Oracle oracle, int window) : IChatModel
{
    static readonly KimiThinkingFormat Format = new(ModelScope.Narrow);

    bool _hasAnswered;

    public ModelCard Card { get; } = new()
    {
        Id = "oracle", Origin = new("here", "here", "oracle"), Dialect = Dialect.Kimi, Ids = IdDialect.Kimi, Scope = ModelScope.Narrow, Thinking = ThinkingSupport.Always, Window = window, OutputLimit = 192,
    };

    /// <summary>Prompts with the turns that followed on them, as the model reads and writes them.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Requests with the replies to them, as the model writes them.</summary>
    public List<(ChatRequest Request, string Reply)> Asked { get; } = [];

    /// <summary>How many of the model's turns stood in each prompt.</summary>
    public List<int> Visible { get; } = [];

    /// <summary>How each turn was to be drawn.</summary>
    public List<Sampling> Drawn { get; } = [];

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (_hasAnswered) oracle.Observe(((Block.Text)((Block.ToolResult)request.Turns[^1].Blocks[0]).Content[0]).Content);
        _hasAnswered = true;
        Turn turn = oracle.Next();
        int visible = request.Turns.Count(each => each is Chat.Turn.Assistant);
        string prompt = string.Concat(Format.Render(request).Select(part => part switch { PromptPart.Text text => text.Content, _ => ((PromptPart.Control)part).Name })), id = turn is Turn.Calls { Call: var call } ? $"functions.{call.Tool}:{visible}" : "";
        string reply = $"<think>{turn.Thought}</think>" + (turn switch
        {
            Turn.Calls made => $"<|tool_calls_section_begin|><|tool_call_begin|>{id}<|tool_call_argument_begin|>{made.Call.Json()}<|tool_call_end|><|tool_calls_section_end|><|im_end|>",
            _ => $"{((Turn.Answers)turn).Text}<|im_end|>",
        });
        Seen.Add(prompt + reply);
        Asked.Add((request, reply));
        Visible.Add(visible);
        Drawn.Add(request.Sampling);

        yield return new ReplyEvent.Started(null, null);
        yield return new ReplyEvent.Opened(BlockHead.Thinking.Plain);
        yield return turn.Thought;
        yield return ReplyEvent.Closed.Plain;
        if (turn is Turn.Calls calls)
        {
            yield return new ReplyEvent.Opened(new BlockHead.ToolCall(id, calls.Call.Tool));
            yield return calls.Call.Json();
        }
        else
        {
            yield return new ReplyEvent.Opened(BlockHead.Text.Plain);
            yield return ((Turn.Answers)turn).Text;
        }
        yield return ReplyEvent.Closed.Plain;
        yield return new ReplyEvent.Counted(new() { Input = prompt.Length * 2 / 5, Output = 30 });
        yield return new ReplyEvent.Finished(turn is Turn.Calls ? StopReason.ToolUse : StopReason.EndTurn);
    }
}
