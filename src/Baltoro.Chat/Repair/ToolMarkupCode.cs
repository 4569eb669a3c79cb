// Whether the end of a text stands inside Markdown code; it knows nothing of what the code says.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Follows a text piece by piece, and gives the same answer however it was cut. A fence is three or more backticks or tildes at a line's
/// beginning, closed in the same way; a span opens and closes with runs of backticks of one length, and never outlives its line, so that a forgotten
/// backtick hides nothing for long.
/// </summary>
struct ToolMarkupCode()
{
    int _fence, _span, _run;
    char _fenceSign, _runSign;
    bool _lineIsBlank = true, _runBeginsLine, _fenceBeganOnThisLine;

    public void Read(ReadOnlySpan<char> text)
    {
        while (true)
        {
            if (_run == 0 && !_lineIsBlank)
            {
                int next = text.IndexOfAny('`', '\n');
                if (next < 0) return;
                text = text[next..];
            }
            if (text.IsEmpty) return;
            char c = text[0];
            text = text[1..];
            if (_run > 0 && c != _runSign) EndRun();
            if (c == '\n')
            {
                (_lineIsBlank, _fenceBeganOnThisLine, _span) = (true, false, 0);
            }
            else if (c == '`' || c == '~' && (_lineIsBlank || _run > 0))
            {
                if (_run++ == 0) (_runSign, _runBeginsLine) = (c, _lineIsBlank);
                _lineIsBlank = false;
            }
            else if (c is not (' ' or '\t' or '\r'))
            {
                _lineIsBlank = false;
            }
        }
    }

    /// <summary>True when what follows, which is neither backtick nor tilde, is code.</summary>
    public bool IsOpenHere()
    {
        if (_run > 0) EndRun();
        return _fence > 0 || _span > 0;
    }

    void EndRun()
    {
        int length = _run;
        _run = 0;
        if (_fence > 0)
        {
            // A second run on the fence's own line: it was a span, written with many backticks.
            if ((_runBeginsLine || _fenceBeganOnThisLine) && _runSign == _fenceSign && length >= _fence) _fence = 0;
        }
        else if (_runBeginsLine && length >= 3)
        {
            (_fence, _fenceSign, _fenceBeganOnThisLine, _span) = (length, _runSign, true, 0);
        }
        else if (_runSign == '`')
        {
            _span = _span == 0 ? length : _span == length ? 0 : _span;
        }
    }
}
