// The formats of DeepSeek V3 and R1, without their tools. Knows no vocabulary.

using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// Before V3.1 (tokenizer_config.json of deepseek-ai/DeepSeek-V3 and DeepSeek-R1): the same marks of roles, and nothing behind <c>&lt;｜Assistant｜&gt;</c> but the words; R1 opens its
/// thinking there, always. Their way of calling tools in Markdown is not written here.
/// </summary>
/// <param name="thinks">True for R1.</param>
public sealed class EarlierDeepSeekFormat(bool thinks) : ChatFormat
{
    const string Begin = "<｜begin▁of▁sentence｜>", End = "<｜end▁of▁sentence｜>", User = "<｜User｜>", Assistant = "<｜Assistant｜>", Think = "<think>", Thought = "</think>";

    public override string Name => thinks ? "deepseek-r1" : "deepseek-v3";

    public override Dialect Dialect => Dialect.DeepSeek;

    public override ThinkingSupport Thinking => thinks ? ThinkingSupport.Always : ThinkingSupport.None;

    public override CallMarks? Calls => null;

    public override IReadOnlyCollection<string> ReplyMarks { get; } = thinks ? [Think, Thought] : [];

    public override IReadOnlyCollection<string> Needed { get; } = [Begin, End, User, Assistant];

    public override ReplyReading Read(ChatRequest request, Seal? seal = null) => new DeepSeekReading(request, Message.ThinksAtEnd(request) ?? thinks) { Seal = seal };

    protected override void Write(ChatRequest request, IReadOnlyList<Message> messages, PromptBuilder prompt)
    {
        prompt.Control(Begin).Text(string.Join("\n\n", messages.OfType<Message.System>().Select(system => system.Text)));
        bool open = false;
        foreach (Message message in messages)
        {
            switch (message)
            {
                case Message.System: break;
                case Message.User user: prompt.Control(User).Text(user.Text); break;
                case Message.Result result: prompt.Control(User).Text(result.Text); break;
                case Message.Assistant assistant:
                    open = assistant.IsOpen;
                    prompt.Control(Assistant);
                    if (open && thinks && assistant.Thinking.Length > 0)
                    {
                        prompt.Control(Think).Text("\n").Text(assistant.Thinking);
                        if (assistant.Text.Length > 0) prompt.Control(Thought);
                    }
                    prompt.Text(assistant.Text);
                    if (!open) prompt.Control(End);
                    break;
                default: throw new InvalidOperationException($"Unknown message {message.GetType().Name}.");
            }
        }
        if (open) return;
        prompt.Control(Assistant);
        if (thinks) prompt.Control(Think).Text("\n");
    }
}
