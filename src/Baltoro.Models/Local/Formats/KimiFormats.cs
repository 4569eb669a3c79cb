// The formats of Kimi K2, K2 Thinking and K2.5. Knows no vocabulary.

using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// What the three have in common: <c>&lt;|im_ROLE|&gt;NAME&lt;|im_middle|&gt;CONTENT&lt;|im_end|&gt;</c> for each message and nothing between them; tools are declared in front of all
/// (chat_template.jinja of moonshotai/Kimi-K2-Thinking).
/// </summary>
public abstract class KimiFormat : ChatFormat
{
    const string System = "<|im_system|>", User = "<|im_user|>", Assistant = "<|im_assistant|>", Middle = "<|im_middle|>", End = "<|im_end|>";

    private protected const string Think = "<think>", Thought = "</think>";

    internal const string SectionBegin = "<|tool_calls_section_begin|>", SectionEnd = "<|tool_calls_section_end|>", CallBegin = "<|tool_call_begin|>",
        ArgumentsBegin = "<|tool_call_argument_begin|>", CallEnd = "<|tool_call_end|>";

    static readonly CallMarks Marks = new(SectionBegin, CallBegin, ArgumentsBegin, CallEnd, SectionEnd, ArgumentForm.Json, "functions.", Numbered: true);

    private protected KimiFormat() { }

    public override Dialect Dialect => Dialect.Kimi;

    public override IdDialect Ids => IdDialect.Kimi;

    public override bool SystemTurns => true;

    public override CallMarks Calls => Marks;

    public override IReadOnlyCollection<string> ReplyMarks { get; } = [Think, Thought, SectionBegin, SectionEnd, CallBegin, ArgumentsBegin, CallEnd];

    public override IReadOnlyCollection<string> Needed { get; } = [System, User, Assistant, Middle, End];

    public override ReplyReading Read(ChatRequest request, Seal? seal = null) => new KimiReading(request, BeginsThinking(request)) { Seal = seal };

    /// <summary>What the system says when nobody does; null for nothing.</summary>
    private protected virtual string? Creed => "You are Kimi, an AI assistant created by Moonshot AI.";

    /// <summary>False where the model knows its tools by heart.</summary>
    private protected virtual bool DeclaresTools => true;

    private protected virtual string Tools(ChatRequest request) => ToolDeclarations.All(request);

    /// <summary>Whether the prompt itself opens the thinking of the reply.</summary>
    private protected virtual bool BeginsThinking(ChatRequest request) => Message.ThinksAtEnd(request) ?? false;

    /// <summary>What the prompt says of thinking behind the last header.</summary>
    private protected virtual void Open(ChatRequest request, PromptBuilder prompt) { }

    /// <summary>An assistant's thinking in front of its words.</summary>
    /// <param name="isKept">Whether it is of the task that is being worked on.</param>
    private protected abstract void Thoughts(ChatRequest request, Message.Assistant message, bool isKept, PromptBuilder prompt);

    protected override void Write(ChatRequest request, IReadOnlyList<Message> messages, PromptBuilder prompt)
    {
        if (DeclaresTools && ToolDeclarations.Functions(request).Any()) Header(System, "tool_declare").Text(Tools(request)).Control(End);
        if (Creed is { } creed && messages is not [Message.System, ..]) Header(System, "system").Text(creed).Control(End);
        int answer = LastAnswer(messages);
        bool open = false;
        for (int i = 0; i < messages.Count; i++)
        {
            switch (messages[i])
            {
                case Message.System system: Header(System, "system").Text(system.Text).Control(End); break;
                case Message.User user: Header(User, "user").Text(user.Text).Control(End); break;
                case Message.Result result: Header(System, "tool").Text($"## Return of {result.CallId}\n{result.Text}").Control(End); break;
                case Message.Assistant assistant:
                    Header(Assistant, "assistant");
                    open = assistant.IsOpen;
                    Thoughts(request, assistant, i > answer, prompt);
                    prompt.Text(assistant.Text);
                    WriteCalls(assistant.Calls, prompt);
                    if (!open) prompt.Control(End);
                    break;
                case var unknown: throw new InvalidOperationException($"Unknown message {unknown.GetType().Name}.");
            }
        }
        if (open) return;
        Header(Assistant, "assistant");
        Open(request, prompt);

        PromptBuilder Header(string role, string name) => prompt.Control(role).Text(name).Control(Middle);
    }

    void WriteCalls(Sequence<Block.ToolCall> calls, PromptBuilder prompt)
    {
        if (calls.IsEmpty) return;
        prompt.Control(SectionBegin);
        foreach (Block.ToolCall call in calls)
        {
            prompt.Control(CallBegin).Text(call.Id).Control(ArgumentsBegin);
            WriteArguments(call.Arguments, prompt);
            prompt.Control(CallEnd);
        }
        prompt.Control(SectionEnd);
    }

    private protected virtual void WriteArguments(string arguments, PromptBuilder prompt) => prompt.Text(arguments);

    /// <summary>The last message in which the assistant answered without a call: with it a task was done. One that is to be gone on with is none.</summary>
    static int LastAnswer(IReadOnlyList<Message> messages)
    {
        for (int i = messages.Count - 1; i >= 0; i--)
            if (messages[i] is Message.Assistant { Calls.IsEmpty: true, IsOpen: false }) return i;
        return -1;
    }

    private protected static void Enclose(string thinking, PromptBuilder prompt) => prompt.Control(Think).Text(thinking).Control(Thought);

    /// <summary>Open when nothing has been said behind it.</summary>
    private protected static void EncloseOpen(Message.Assistant message, PromptBuilder prompt)
    {
        prompt.Control(Think).Text(message.Thinking);
        if (message.Text.Length > 0 || message.Thinking.Length == 0) prompt.Control(Thought);
    }
}

/// <summary>Kimi K2 Instruct, and Moonlight: no thinking.</summary>
public sealed class KimiInstructFormat : KimiFormat
{
    public override string Name => "kimi-k2";

    public override ThinkingSupport Thinking => ThinkingSupport.None;

    private protected override void Thoughts(ChatRequest request, Message.Assistant message, bool isKept, PromptBuilder prompt) { }
}

/// <summary>Kimi K2 Thinking. The model opens its thinking by itself; that of tasks which are done is dropped.</summary>
/// <param name="scope">Of the model: a narrow one is not told of its tools.</param>
public sealed class KimiThinkingFormat(ModelScope scope = ModelScope.General) : KimiFormat
{
    private protected override bool DeclaresTools => scope == ModelScope.General;

    /// <summary>To a narrow model, which learnt it so, a break that is written as two signs is no beginning of a word: <c>\nexport</c> would else begin with the token <c>ne</c>.</summary>
    private protected override void WriteArguments(string arguments, PromptBuilder prompt)
    {
        int at = 0;
        while (scope == ModelScope.Narrow && arguments.IndexOf("\\n", at, StringComparison.Ordinal) is >= 0 and var found)
        {
            prompt.Text(arguments[at..(found + 2)]).Break();
            at = found + 2;
        }
        prompt.Text(arguments[at..]);
    }

    public override string Name => "kimi-k2-thinking";

    public override ThinkingSupport Thinking => ThinkingSupport.Always;

    private protected override void Thoughts(ChatRequest request, Message.Assistant message, bool isKept, PromptBuilder prompt)
    {
        if (message.IsOpen) EncloseOpen(message, prompt);
        else Enclose(isKept ? message.Thinking : "", prompt);
    }
}

/// <summary>Kimi K2.5 and K2.6: thinking can be off, and kept from task to task; tools are declared in TypeScript; nothing is said to a system that says nothing.</summary>
public sealed class KimiK25Format : KimiFormat
{
    public override string Name => "kimi-k2.5";

    public override ThinkingSupport Thinking => ThinkingSupport.Switchable;

    private protected override string? Creed => null;

    private protected override string Tools(ChatRequest request) => TypeScriptTools.Declare(request) ?? ToolDeclarations.All(request);

    private protected override bool BeginsThinking(ChatRequest request) =>
        Message.ThinksAtEnd(request) ?? IsOn(request);

    private protected override void Open(ChatRequest request, PromptBuilder prompt)
    {
        if (IsOn(request)) prompt.Control(Think);
        else Enclose("", prompt);
    }

    private protected override void Thoughts(ChatRequest request, Message.Assistant message, bool isKept, PromptBuilder prompt)
    {
        if (message.IsOpen) EncloseOpen(message, prompt);
        else Enclose(isKept || request.Thinking.KeepAll ? message.Thinking : "", prompt);
    }

    static bool IsOn(ChatRequest request) => request.Thinking.Mode != ThinkingMode.Off;
}
