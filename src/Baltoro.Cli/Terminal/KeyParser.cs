// The bytes of a terminal as keys; it refuses to know what the keys are for.

using System.Runtime.InteropServices;
using System.Text;

namespace Baltoro.Cli.Terminal;

/// <summary>
/// Reads UTF-8, the control sequences of ECMA-48 as xterm and its kin send them for keys, and bracketed paste. What is decided never depends on where
/// the bytes were cut, but for one case that the protocol leaves open: an escape byte that nothing follows is the key of that name, and
/// only time tells (<see cref="Pause"/>). Not thread-safe.
/// </summary>
sealed class KeyParser
{
    const byte Esc = 0x1b;
    static readonly byte[] PasteEnd = [Esc, .. "[201~"u8];

    readonly List<byte> _held = [];
    bool _isPasting;

    /// <summary>True when an escape byte waits for what follows it.</summary>
    public bool IsWaiting => _held.Count > 0;

    public void Read(ReadOnlySpan<byte> bytes, List<Key> into)
    {
        _held.AddRange(bytes);
        int at = 0;
        while (at < _held.Count)
        {
            int taken = _isPasting ? Paste(at, into) : One(at, into, isLast: false);
            if (taken == 0) break;
            at += taken;
        }
        _held.RemoveRange(0, at);
    }

    /// <summary>Nothing came for a moment: what is held is all that comes.</summary>
    public void Pause(List<Key> into)
    {
        if (_isPasting) return;
        int at = 0;
        while (at < _held.Count && One(at, into, isLast: true) is > 0 and var taken) at += taken;
        _held.Clear();
    }

    /// <returns>How many bytes were a key; 0 while that is open.</returns>
    int One(int at, List<Key> into, bool isLast)
    {
        byte first = _held[at];
        switch (first)
        {
            case Esc: return Escape(at, into, isLast);
            case 0x7f or 0x08: return Press(Stroke.Backspace, 1, into);
            case < 0x20: return Control(first) is { } stroke ? Press(stroke, 1, into) : 1;
            case < 0x80:
                int end = at + 1;
                while (end < _held.Count && _held[end] is >= 0x20 and < 0x7f) end++;
                into.Add(new Key.Typed(Encoding.ASCII.GetString([.. _held[at..end]])));
                return end - at;
            default:
                int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
                if (at + length > _held.Count) return isLast ? _held.Count - at : 0;
                string text = Encoding.UTF8.GetString([.. _held[at..(at + length)]]);
                if (!text.Contains('\uFFFD')) into.Add(new Key.Typed(text));
                return length;
        }
    }

    static Stroke? Control(byte code) => code switch
    {
        0x01 => Stroke.Home,
        0x03 => Stroke.Interrupt,
        0x04 => Stroke.EndOfInput,
        0x05 => Stroke.End,
        0x09 => Stroke.Tab,
        0x0a => Stroke.NewLine,
        0x0b => Stroke.DeleteToEnd,
        0x0c => Stroke.Redraw,
        0x0d => Stroke.Enter,
        0x0e => Stroke.Down,
        0x0f => Stroke.Unfold,
        0x10 => Stroke.Up,
        0x12 => Stroke.Search,
        0x15 => Stroke.DeleteToStart,
        0x17 => Stroke.DeleteWord,
        _ => null,
    };

    int Escape(int at, List<Key> into, bool isLast)
    {
        if (at + 1 >= _held.Count) return isLast ? Press(Stroke.Escape, 1, into) : 0;
        byte next = _held[at + 1];
        switch (next)
        {
            case (byte)'[' or (byte)'O': return Sequence(at, into, isLast);
            case 0x0d or 0x0a: return Press(Stroke.NewLine, 2, into);
            case (byte)'b': return Press(Stroke.WordLeft, 2, into);
            case (byte)'f': return Press(Stroke.WordRight, 2, into);
            case 0x7f or 0x08: return Press(Stroke.DeleteWord, 2, into);
            case Esc: return Press(Stroke.Escape, 1, into);
            // Alt with another key means nothing here; the key itself is not to be typed.
            default: return next < 0x80 ? 2 : Press(Stroke.Escape, 1, into);
        }
    }

    /// <summary>CSI or SS3: parameters, then one final byte.</summary>
    int Sequence(int at, List<Key> into, bool isLast)
    {
        int end = at + 2;
        while (end < _held.Count && _held[end] is >= 0x20 and < 0x40) end++;
        if (end >= _held.Count) return isLast ? _held.Count - at : 0;
        string parameters = Encoding.ASCII.GetString([.. _held[(at + 2)..end]]);
        int length = end + 1 - at;
        if (_held[end] == '~' && parameters == "200")
        {
            _isPasting = true;
            return length;
        }
        bool withModifier = parameters.Contains(';', StringComparison.Ordinal);
        Stroke? stroke = ((char)_held[end], parameters) switch
        {
            ('A', _) => Stroke.Up,
            ('B', _) => Stroke.Down,
            ('C', _) => withModifier ? Stroke.WordRight : Stroke.Right,
            ('D', _) => withModifier ? Stroke.WordLeft : Stroke.Left,
            ('H', _) or ('~', "1" or "7") => Stroke.Home,
            ('F', _) or ('~', "4" or "8") => Stroke.End,
            ('~', "3") => Stroke.Delete,
            // Enter with Shift or Alt, in the two encodings for keys that have none of their own.
            ('u', "13;2" or "13;3") or ('~', "27;2;13" or "27;3;13") => Stroke.NewLine,
            _ => null,
        };
        return stroke is { } known ? Press(known, length, into) : length;
    }

    int Paste(int at, List<Key> into)
    {
        ReadOnlySpan<byte> held = CollectionsMarshal.AsSpan(_held);
        int end = held[at..].IndexOf(PasteEnd);
        if (end < 0) return 0;
        end += at;
        _isPasting = false;
        // Terminals send the line ends of a paste as Enter.
        string text = Encoding.UTF8.GetString(held[at..end]).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        into.Add(new Key.Pasted(Shown.Safe(text)));
        return end - at + PasteEnd.Length;
    }

    static int Press(Stroke stroke, int length, List<Key> into)
    {
        into.Add(new Key.Press(stroke));
        return length;
    }
}
