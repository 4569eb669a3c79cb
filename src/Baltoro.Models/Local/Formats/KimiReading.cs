// Reads what a Kimi model writes. Knows no prompt.

using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// Thinking ends with its mark or with the section of calls, whichever comes first; calls count with or without the section's marks; a call that begins before the
/// one in front of it ended takes its place.
/// </summary>
sealed class KimiReading : ReplyReading
{
    readonly System.Text.StringBuilder _id = new(), _arguments = new();
    readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    At _at = At.Words;
    string? _problem;
    int _next;

    enum At
    {
        Words,
        Between,
        Id,
        Arguments,
    }

    public KimiReading(ChatRequest request, bool thinks)
    {
        IsThinking = thinks;
        _next = CallsIn(request);
        foreach (Turn turn in request.Turns)
            foreach (Block.ToolCall call in turn.Blocks.OfType<Block.ToolCall>()) _ids.Add(call.Id);
    }

    public override bool IsInCall => _at != At.Words;

    protected override string? Unfinished => _problem;

    public override void Mark(string name, List<ReplyEvent> into)
    {
        switch (name)
        {
            case "<think>" when _at == At.Words: IsThinking = true; break;
            case "</think>" when _at == At.Words: IsThinking = false; break;
            case KimiFormat.SectionBegin:
                (IsThinking, _at) = (false, At.Between);
                break;
            case KimiFormat.CallBegin:
                (IsThinking, _at) = (false, At.Id);
                _id.Clear();
                _arguments.Clear();
                break;
            case KimiFormat.ArgumentsBegin when _at == At.Id: _at = At.Arguments; break;
            case KimiFormat.CallEnd when _at == At.Arguments: Leave(into); break;
            case KimiFormat.SectionEnd:
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
            case At.Id: _id.Append(text); break;
            case At.Arguments: _arguments.Append(text); break;
            // Between calls models write line ends, and nothing that anybody should see.
            default: break;
        }
    }

    protected override void Complete(List<ReplyEvent> into)
    {
        if (_at == At.Arguments && IsObject(_arguments.ToString())) Leave(into);
        else if (_at is At.Id or At.Arguments) _problem = $"The call \"{_id}\" was not finished.";
        _at = At.Words;
    }

    void Leave(List<ReplyEvent> into)
    {
        _at = At.Between;
        string id = _id.ToString().Trim(), name = NameIn(id);
        if (name.Length == 0)
        {
            _problem = $"The call \"{id}\" names no tool.";
            return;
        }
        _problem = null;
        while (!_ids.Add(id)) id = $"functions.{name}:{_next++}";
        Call(id, name, _arguments.ToString().Trim(), into);
    }

    /// <summary><c>functions.NAME:N</c>, of which models forget the beginning or the end.</summary>
    static string NameIn(string id)
    {
        string name = id.StartsWith("functions.", StringComparison.Ordinal) ? id["functions.".Length..] : id;
        int cut = name.LastIndexOf(':');
        if (cut >= 0) name = name[..cut];
        return name.All(char.IsAsciiDigit) ? "" : name;
    }
}
