// How one family of models writes a conversation, in both directions. Knows no vocabulary and no sampling.

using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// A chat template in code. Stateless; safe from any thread. The prompt of a conversation that grows extends the prompt before, wherever the model's own template lets it.
/// </summary>
public abstract class ChatFormat
{
    public abstract string Name { get; }

    /// <summary>The dialect of the remote models of this family: by it the history rules know what of a history means something here.</summary>
    public abstract Dialect Dialect { get; }

    public abstract ThinkingSupport Thinking { get; }

    public virtual IdDialect Ids => IdDialect.Any;

    /// <summary>Whether an instruction may stand between turns.</summary>
    public virtual bool SystemTurns => false;

    /// <summary>How a call is written; null where the format has none.</summary>
    public abstract CallMarks? Calls { get; }

    /// <summary>The control tokens that may stand in a reply. Any other one ends it.</summary>
    public abstract IReadOnlyCollection<string> ReplyMarks { get; }

    /// <summary>The control tokens without which the format cannot be written.</summary>
    public abstract IReadOnlyCollection<string> Needed { get; }

    /// <summary>The prompt, up to where the model's words begin. A last turn of the assistant's without calls is left open, to be gone on with.</summary>
    public Sequence<PromptPart> Render(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        PromptBuilder prompt = new();
        Write(request, Message.Of(request), prompt);
        return prompt.Build();
    }

    protected abstract void Write(ChatRequest request, IReadOnlyList<Message> messages, PromptBuilder prompt);

    /// <summary>A reader for one reply to this request. Not thread-safe.</summary>
    /// <param name="seal">What closed thinking is to carry, so that its issuer knows it again.</param>
    public abstract ReplyReading Read(ChatRequest request, Seal? seal = null);
}

/// <summary>What stands around the parts of a tool call; for whoever holds a model to them while it writes. Names of control tokens; null where there is none.</summary>
/// <param name="SectionBegin">Before the first call.</param>
/// <param name="CallBegin">Before a call's name or id.</param>
/// <param name="ArgumentsBegin">Between that and the arguments.</param>
/// <param name="CallEnd">Behind the arguments.</param>
/// <param name="SectionEnd">Behind the last call.</param>
/// <param name="Arguments">How arguments are written.</param>
/// <param name="NamePrefix">Text before the tool's name.</param>
/// <param name="Numbered">Whether a colon and the call's number in the conversation, from 0 on, follow the name.</param>
public sealed record CallMarks(string? SectionBegin, string CallBegin, string? ArgumentsBegin, string CallEnd, string? SectionEnd, ArgumentForm Arguments, string NamePrefix = "", bool Numbered = false);

/// <summary>How the arguments of a call are written.</summary>
public enum ArgumentForm
{
    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>A key and a value after another, each between <c>&lt;arg_key&gt;</c>, <c>&lt;arg_value&gt;</c> and their ends; texts bare, all else as JSON.</summary>
    Pairs,
}
