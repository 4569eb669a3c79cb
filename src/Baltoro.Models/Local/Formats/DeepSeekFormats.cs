// The formats of DeepSeek V3.1 and of V2, which stands in where a file says nothing of its own. Knows no vocabulary.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// DeepSeek V3.1 (chat_template.jinja and model card of deepseek-ai/DeepSeek-V3.1): all system text in front, then <c>&lt;｜User｜&gt;</c> and <c>&lt;｜Assistant｜&gt;</c> in turns. Earlier thinking is
/// dropped. Tools are called without thinking, and the model goes on behind their results without a header.
/// </summary>
public sealed class DeepSeekFormat : ChatFormat
{
    const string Begin = "<｜begin▁of▁sentence｜>", End = "<｜end▁of▁sentence｜>", User = "<｜User｜>", Assistant = "<｜Assistant｜>", Think = "<think>", Thought = "</think>",
        OutputBegin = "<｜tool▁output▁begin｜>", OutputEnd = "<｜tool▁output▁end｜>";

    internal const string SectionBegin = "<｜tool▁calls▁begin｜>", SectionEnd = "<｜tool▁calls▁end｜>", CallBegin = "<｜tool▁call▁begin｜>", CallEnd = "<｜tool▁call▁end｜>", Separator = "<｜tool▁sep｜>";

    public override string Name => "deepseek-v3.1";

    public override Dialect Dialect => Dialect.DeepSeek;

    public override ThinkingSupport Thinking => ThinkingSupport.Switchable;

    public override CallMarks Calls { get; } = new(SectionBegin, CallBegin, Separator, CallEnd, SectionEnd, ArgumentForm.Json);

    public override IReadOnlyCollection<string> ReplyMarks { get; } = [Think, Thought, SectionBegin, SectionEnd, CallBegin, CallEnd, Separator];

    public override IReadOnlyCollection<string> Needed { get; } = [Begin, End, User, Assistant];

    public override ReplyReading Read(ChatRequest request, Seal? seal = null) => new DeepSeekReading(request, Message.ThinksAtEnd(request) ?? Thinks(request)) { Seal = seal };

    protected override void Write(ChatRequest request, IReadOnlyList<Message> messages, PromptBuilder prompt)
    {
        prompt.Control(Begin).Text(string.Join("\n\n", messages.OfType<Message.System>().Select(system => system.Text)));
        if (ToolDeclarations.Functions(request).Any()) Tools(request, prompt);
        bool asked = false;
        foreach (Message message in messages)
        {
            switch (message)
            {
                case Message.System: break;
                case Message.User user:
                    prompt.Control(User).Text(user.Text);
                    asked = true;
                    break;
                case Message.Result result:
                    prompt.Control(OutputBegin).Text(result.Text).Control(OutputEnd);
                    asked = false;
                    break;
                case Message.Assistant assistant:
                    Words(assistant, asked, prompt);
                    asked = false;
                    break;
                default: throw new InvalidOperationException($"Unknown message {message.GetType().Name}.");
            }
        }
        if (asked) prompt.Control(Assistant).Control(Thinks(request) ? Think : Thought);
    }

    static void Words(Message.Assistant message, bool asked, PromptBuilder prompt)
    {
        bool opensThinking = message is { IsOpen: true, Text.Length: 0, Thinking.Length: > 0 };
        if (asked) prompt.Control(Assistant).Control(opensThinking ? Think : Thought);
        if (opensThinking) prompt.Text(message.Thinking);
        prompt.Text(message.Text);
        if (!message.Calls.IsEmpty)
        {
            prompt.Control(SectionBegin);
            foreach (Block.ToolCall call in message.Calls) prompt.Control(CallBegin).Text(call.Name).Control(Separator).Text(call.Arguments).Control(CallEnd);
            prompt.Control(SectionEnd);
        }
        if (!message.IsOpen) prompt.Control(End);
    }

    static void Tools(ChatRequest request, PromptBuilder prompt)
    {
        prompt.Text("\n\n## Tools\nYou have access to the following tools:\n");
        foreach (ToolSpec.Function tool in ToolDeclarations.Functions(request))
        {
            StringBuilder schema = new();
            ToolDeclarations.Schema(tool, schema);
            prompt.Text($"\n### {tool.Name}\nDescription: {tool.Description}\n\nParameters: {schema}\n");
        }
        prompt.Text("\nIMPORTANT: ALWAYS adhere to this exact format for tool use:\n").Control(SectionBegin).Control(CallBegin).Text("tool_call_name").Control(Separator).Text("tool_call_arguments")
            .Control(CallEnd).Text("{{additional_tool_calls}}").Control(SectionEnd)
            .Text("\n\nWhere:\n- `tool_call_name` must be an exact match to one of the available tools\n- `tool_call_arguments` must be valid JSON that strictly follows the tool's Parameters Schema\n"
                + "- For multiple tool calls, chain them directly without separators or spaces\n");
    }

    static bool Thinks(ChatRequest request) => request.Thinking.Mode is ThinkingMode.On or ThinkingMode.Adaptive && !ToolDeclarations.Functions(request).Any();
}

/// <summary>Name and arguments of a call stand on two sides of a mark; there are no ids.</summary>
sealed class DeepSeekReading : ReplyReading
{
    readonly StringBuilder _name = new(), _arguments = new();
    readonly int _before;
    At _at = At.Words;
    string? _problem;

    enum At
    {
        Words,
        Between,
        Name,
        Arguments,
    }

    public DeepSeekReading(ChatRequest request, bool thinks) => (IsThinking, _before) = (thinks, CallsIn(request));

    public override bool IsInCall => _at != At.Words;

    protected override string? Unfinished => _problem;

    public override void Mark(string name, List<ReplyEvent> into)
    {
        switch (name)
        {
            case "<think>" when _at == At.Words: IsThinking = true; break;
            case "</think>" when _at == At.Words: IsThinking = false; break;
            case DeepSeekFormat.SectionBegin: (IsThinking, _at) = (false, At.Between); break;
            case DeepSeekFormat.CallBegin:
                (IsThinking, _at) = (false, At.Name);
                _name.Clear();
                _arguments.Clear();
                break;
            case DeepSeekFormat.Separator when _at == At.Name: _at = At.Arguments; break;
            case DeepSeekFormat.CallEnd when _at == At.Arguments: Leave(into); break;
            case DeepSeekFormat.SectionEnd:
                Complete(into);
                _at = At.Words;
                break;
        }
    }

    public override void Text(string text, List<ReplyEvent> into)
    {
        switch (_at)
        {
            case At.Words: Say(text, into); break;
            case At.Name: _name.Append(text); break;
            case At.Arguments: _arguments.Append(text); break;
            default: break;
        }
    }

    protected override void Complete(List<ReplyEvent> into)
    {
        if (_at == At.Arguments && IsObject(_arguments.ToString())) Leave(into);
        else if (_at is At.Name or At.Arguments) _problem = $"The call of \"{_name}\" was not finished.";
        _at = At.Words;
    }

    void Leave(List<ReplyEvent> into)
    {
        _at = At.Between;
        string name = _name.ToString().Trim();
        _problem = name.Length == 0 ? "A call names no tool." : null;
        if (name.Length > 0) Call($"call_{_before + Calls}", name, _arguments.ToString().Trim(), into);
    }
}

/// <summary>
/// DeepSeek V2's: words behind "User:" and "Assistant:", no thinking and no tools. What a file without a format of its own is asked in, too.
/// </summary>
/// <param name="begin">The control token that begins a text; null for none.</param>
/// <param name="end">The one that ends a reply; null for none.</param>
public sealed class DialogueFormat(string? begin, string? end) : ChatFormat
{
    public override string Name => "dialogue";

    public override Dialect Dialect => Dialect.Plain;

    public override ThinkingSupport Thinking => ThinkingSupport.None;

    public override CallMarks? Calls => null;

    public override IReadOnlyCollection<string> ReplyMarks => [];

    public override IReadOnlyCollection<string> Needed => [];

    public override ReplyReading Read(ChatRequest request, Seal? seal = null) => new DialogueReading { Seal = seal };

    protected override void Write(ChatRequest request, IReadOnlyList<Message> messages, PromptBuilder prompt)
    {
        if (begin is not null) prompt.Control(begin);
        bool open = false;
        foreach (Message message in messages)
        {
            switch (message)
            {
                case Message.System system: prompt.Text(system.Text).Text("\n\n"); break;
                case Message.User user: prompt.Text("User: ").Text(user.Text).Text("\n\n"); break;
                case Message.Result result: prompt.Text("User: ").Text(result.Text).Text("\n\n"); break;
                case Message.Assistant assistant:
                    open = assistant.IsOpen;
                    prompt.Text("Assistant: ").Text(assistant.Text);
                    if (!open && end is not null) prompt.Control(end);
                    break;
                default: throw new InvalidOperationException($"Unknown message {message.GetType().Name}.");
            }
        }
        if (!open) prompt.Text("Assistant:");
    }
}

sealed class DialogueReading : ReplyReading
{
    public override bool IsInCall => false;

    protected override string? Unfinished => null;

    public override void Mark(string name, List<ReplyEvent> into) { }

    public override void Text(string text, List<ReplyEvent> into) => Say(text, into);

    protected override void Complete(List<ReplyEvent> into) { }
}
