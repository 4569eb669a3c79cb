// A prompt as a model's template makes it: plain text and control tokens, which no text can imitate. Knows no vocabulary.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>A piece of a prompt, or of a reply.</summary>
public abstract record PromptPart
{
    private PromptPart() { }

    /// <summary>Whatever it says, it is encoded as text.</summary>
    public sealed record Text(string Content) : PromptPart;

    /// <param name="Name">As the vocabulary calls it.</param>
    public sealed record Control(string Name) : PromptPart;
}

/// <summary>Puts a prompt together; texts that follow each other without a break become one, as they are to the model's own tokenizer. Not thread-safe.</summary>
public sealed class PromptBuilder
{
    readonly List<PromptPart> _parts = [];
    readonly StringBuilder _text = new();

    public PromptBuilder Text(string content)
    {
        _text.Append(content);
        return this;
    }

    public PromptBuilder Control(string name)
    {
        EndText();
        _parts.Add(new PromptPart.Control(name));
        return this;
    }

    /// <summary>What follows is encoded apart from what stands here.</summary>
    public PromptBuilder Break()
    {
        EndText();
        return this;
    }

    public Sequence<PromptPart> Build()
    {
        EndText();
        return _parts.ToSequence();
    }

    void EndText()
    {
        if (_text.Length == 0) return;
        _parts.Add(new PromptPart.Text(_text.ToString()));
        _text.Clear();
    }
}
