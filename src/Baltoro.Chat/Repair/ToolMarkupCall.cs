// One call in Kimi's markup as it is written: its id, then its arguments. It refuses to know which tools there are.

using System.Text;
using System.Text.Json;

namespace Baltoro.Chat.Repair;

/// <summary>
/// Collects the text behind a call's first token. Arguments may themselves hold tokens inside a JSON string, as when the model writes a file about
/// them, and a model may start anew in the middle of a string. The first reading is the former; when it does not end in whole JSON, the call is
/// read again from the first such token, which then counts.
/// </summary>
sealed class ToolMarkupCall
{
    const int LongestId = 128;

    static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    readonly StringBuilder _head = new(), _arguments = new();
    int _idLength, _doubt = -1;
    bool _hasArguments, _isInString, _isEscaped, _trustsStrings = true;

    /// <summary>The id as the model wrote it, without the space around it.</summary>
    public string Id => _head.ToString().Trim();

    /// <summary>The arguments as the model wrote them, without the space around them.</summary>
    public string Arguments => _arguments.ToString().Trim();

    /// <summary>True while the id is written, or while what comes may still be one.</summary>
    public bool IsInHead => !_hasArguments;

    /// <summary>What was taken for an id: the text itself, should it be none.</summary>
    public string Head => _head.ToString();

    /// <summary>True where a token is text: inside a string of the arguments.</summary>
    public bool IsInString => _isInString && _trustsStrings;

    public void BeginArguments() => _hasArguments = true;

    /// <summary>False, nothing of it taken, when this is prose and no call.</summary>
    public bool Take(ReadOnlySpan<char> text)
    {
        int taken = 0, before = _head.Length;
        for (; !_hasArguments && taken < text.Length; taken++)
        {
            char c = text[taken];
            // The token between id and arguments was left out.
            if (c == '{' && EndsInNumber(Id))
            {
                _hasArguments = true;
                break;
            }
            bool isSpace = char.IsWhiteSpace(c);
            bool isAfterId = _idLength > 0 && char.IsWhiteSpace(_head[^1]);
            if (!isSpace && (isAfterId || c is '<' or '|' or '`' or '"' or '{' || ++_idLength > LongestId) || _head.Length > 2 * LongestId)
            {
                _head.Length = before;
                return false;
            }
            _head.Append(c);
        }
        Append(text[taken..]);
        return true;
    }

    /// <summary>Takes a token that stands inside a string.</summary>
    public void TakeToken(ReadOnlySpan<char> token, bool mayEndTheCall)
    {
        if (mayEndTheCall && _doubt < 0) _doubt = _arguments.Length;
        Append(token);
    }

    void Append(ReadOnlySpan<char> text)
    {
        _arguments.Append(text);
        foreach (char c in text)
        {
            if (!_isInString) _isInString = c == '"';
            else if (_isEscaped) _isEscaped = false;
            else if (c == '\\') _isEscaped = true;
            else _isInString = c != '"';
        }
    }

    /// <summary>
    /// For a call that would now end: the text to be read again behind it, beginning with the token that was taken for text. Null when nothing
    /// was in doubt, or the arguments are whole.
    /// </summary>
    public string? Reconsider()
    {
        if (_doubt < 0 || IsWhole) return null;
        string again = _arguments.ToString(_doubt, _arguments.Length - _doubt);
        _arguments.Length = _doubt;
        _doubt = -1;
        _trustsStrings = false;
        return again;
    }

    /// <summary>True when the arguments are one JSON object.</summary>
    public bool IsWhole => Keys(Arguments) is not null;

    /// <summary>The names of the object's members; null when the text is no JSON object.</summary>
    public static HashSet<string>? Keys(string json)
    {
        if (json is not ['{', .., '}']) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json), Deep);
            return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
        }
        // A name that is half a character is no better than half a JSON.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True for <c>NAME:N</c> and <c>:N</c>.</summary>
    public static bool EndsInNumber(ReadOnlySpan<char> id)
    {
        int colon = id.LastIndexOf(':');
        return colon >= 0 && colon + 1 < id.Length && !id[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
    }
}
