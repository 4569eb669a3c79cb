// What a person does at the keyboard, by meaning; it refuses to know the bytes that a terminal sends for it.

namespace Baltoro.Cli.Terminal;

abstract record Key
{
    private Key() { }

    /// <param name="Content">One or several characters, without control characters.</param>
    public sealed record Typed(string Content) : Key;

    /// <summary>Text that came at once, line ends and all: never a command.</summary>
    public sealed record Pasted(string Content) : Key;

    public sealed record Press(Stroke Stroke) : Key;
}

/// <summary>Keys that write nothing by themselves.</summary>
enum Stroke
{
    Enter,

    /// <summary>A line end that does not send: Alt-Enter, Ctrl-J, or what a terminal sends for Shift-Enter.</summary>
    NewLine,
    Tab,
    Escape,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    WordLeft,
    WordRight,
    DeleteWord,
    DeleteToStart,
    DeleteToEnd,

    /// <summary>Ctrl-C.</summary>
    Interrupt,

    /// <summary>Ctrl-D.</summary>
    EndOfInput,

    /// <summary>Ctrl-O: show what is folded.</summary>
    Unfold,

    /// <summary>Ctrl-R: look through what was written before.</summary>
    Search,

    /// <summary>Ctrl-L.</summary>
    Redraw,
}
