// Everything about the text that a person is writing: the editor, what it can be completed to, pastes, and what was written before. It refuses to know what is done with it.

using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>Not thread-safe.</summary>
/// <param name="values">What may follow a command's name.</param>
sealed class InputBox(InputHistory history, ProjectFiles files, Func<SlashCommand, IEnumerable<string>> values)
{
    readonly Pastes _pastes = new();
    Editor _editor = Editor.Remembering(history.Read());
    Menu? _menu;
    bool _isSearching;

    public bool IsEmpty => _editor.Text.Length == 0;

    /// <summary>Takes a key that is about the text.</summary>
    /// <returns>What was sent with it; null when nothing was.</returns>
    public Order? Take(Key key)
    {
        switch (key)
        {
            case Key.Typed typed: Edit(_editor.Insert(Pastes.WithoutSigns(typed.Content))); break;
            case Key.Pasted pasted: Edit(_editor.Insert(_pastes.Fold(pasted.Content))); break;
            case Key.Press { Stroke: Stroke.Tab }: Accept(); break;
            case Key.Press { Stroke: Stroke.Enter } when _menu is { } menu && (menu.IsMoved || _isSearching): Accept(); break;
            case Key.Press { Stroke: Stroke.Enter } when _editor.IsBehindBackslash: Edit(_editor.Apply(Stroke.Backspace).Apply(Stroke.NewLine)); break;
            case Key.Press { Stroke: Stroke.Enter }: return Send();
            case Key.Press { Stroke: Stroke.Search }: Search(); break;
            case Key.Press { Stroke: Stroke.Up or Stroke.Down } press when _menu is { } menu: _menu = menu.Move(press.Stroke == Stroke.Up ? -1 : 1); break;
            case Key.Press { Stroke: Stroke.Up or Stroke.Down } press: _editor = _editor.Apply(press.Stroke); break;
            case Key.Press press: Edit(_editor.Apply(press.Stroke)); break;
        }
        return null;
    }

    /// <summary>Puts a text in front of what is being written.</summary>
    public void PutBack(string text)
    {
        string folded = _pastes.Fold(text);
        _editor = _editor.With(IsEmpty ? folded : $"{folded}\n{_editor.Text}");
    }

    public void Clear()
    {
        _editor = _editor.With("");
        Close();
    }

    /// <returns>False when there was no list to be closed.</returns>
    public bool Close()
    {
        bool was = _menu is not null || _isSearching;
        (_menu, _isSearching) = (null, false);
        return was;
    }

    /// <summary>More files may be known than when the list was made.</summary>
    public void Refresh()
    {
        if (_menu is null or { IsMoved: false } && !_isSearching && FileMention.At(_editor) is not null) Complete();
    }

    /// <param name="most">Rows for the text.</param>
    public LiveRegion View(int columns, int most, string hint, bool isMarked)
    {
        LiveRegion text = InputView.Of(_editor, _pastes, columns, most, hint, isMarked);
        IEnumerable<Styled> menu = _menu?.Lines() ?? (_isSearching ? [Styled.Of("    nothing written before holds that", Style.Dim)] : []);
        return text with { Lines = [.. text.Lines, .. menu] };
    }

    Order? Send()
    {
        if (string.IsNullOrWhiteSpace(_editor.Text)) return null;
        // Decided by what is seen: a paste is never a command.
        Order order = Order.Of(_editor.Text);
        history.Add(_pastes.Unfold(_editor.Text));
        _editor = _editor.Sent();
        Close();
        return order switch
        {
            Order.Task task => new Order.Task(_pastes.Unfold(task.Text)) { Seen = _pastes.Labelled(task.Text) },
            Order.Shell shell => new Order.Shell(_pastes.Unfold(shell.Command)),
            _ => order,
        };
    }

    void Edit(Editor editor)
    {
        _editor = editor;
        Complete();
    }

    void Complete()
    {
        if (_isSearching) _menu = Menu.Of(0, Found());
        else if (FileMention.At(_editor) is { } at) _menu = Menu.Of(at, FileMention.Completions(files.Known, _editor.Text[(at + 1).._editor.Cursor]));
        else if (_editor.Text.StartsWith('/') && _editor.Cursor == _editor.Text.Length && !_editor.Text.Contains('\n')) _menu = OfCommand();
        else _menu = null;
    }

    Menu? OfCommand()
    {
        if (_editor.Text.IndexOf(' ') is var space && space < 0) return Menu.Of(0, SlashCommand.Completions(_editor.Text));
        string beginning = _editor.Text[(space + 1)..];
        return SlashCommand.All.FirstOrDefault(command => command.Name == _editor.Text[..space]) is { } named
            ? Menu.Of(space + 1, values(named).Where(value => value.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) && value != beginning)) : null;
    }

    /// <summary>Ctrl-R: what was written before and holds what is written now, newest first; once more for the next.</summary>
    void Search()
    {
        if (_isSearching && _menu is { } menu)
        {
            _menu = menu.Move(1);
            return;
        }
        _isSearching = true;
        Complete();
    }

    IEnumerable<string> Found() => _editor.History.Reverse().Distinct().Where(text => text.Contains(_editor.Text, StringComparison.OrdinalIgnoreCase));

    void Accept()
    {
        if (_menu is not { } menu) return;
        string chosen = _isSearching ? _pastes.Fold(menu.Entry) : _editor.Text[menu.Start..].StartsWith('@') ? $"{FileMention.Of(menu.Entry)} " : $"{menu.Entry} ";
        int end = _isSearching ? _editor.Text.Length : _editor.Cursor;
        _editor = _editor with { Text = _editor.Text[..menu.Start] + chosen + _editor.Text[end..], Cursor = menu.Start + chosen.Length };
        Close();
    }
}
