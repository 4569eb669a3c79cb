// What keys make of a text.

using Baltoro.Cli.Terminal;

namespace Baltoro.Cli.Tests.Terminal;

public class EditorTests
{
    static Editor After(string text, params Stroke[] strokes) => strokes.Aggregate(Editor.Empty.With(text), (editor, stroke) => editor.Apply(stroke));

    static string Shown(Editor editor) => editor.Text.Insert(editor.Cursor, "|");

    [Theory]
    [InlineData("abc|", "abc")]
    [InlineData("ab|c", "abc", "Left")]
    [InlineData("ab|", "abc", "Backspace")]
    [InlineData("a|c", "abc", "Left", "Backspace")]
    [InlineData("|abc", "abc", "Home")]
    [InlineData("abc|", "abc", "Home", "End")]
    [InlineData("one |two", "one two", "WordLeft")]
    [InlineData("one| two", "one two", "Home", "WordRight")]
    [InlineData("one |", "one two", "DeleteWord")]
    [InlineData("|", "one two", "DeleteToStart")]
    [InlineData("|", "one two", "Home", "DeleteToEnd")]
    [InlineData("a\n|", "a", "NewLine")]
    [InlineData("a|b", "a\nb", "Home", "Backspace")]
    [InlineData("on|e\ntwo", "one\ntwo", "Left", "Up")]
    [InlineData("one\nt|wo", "one\ntwo", "Left", "Left", "Up", "Down")]
    [InlineData("o|\nlonger", "o\nlonger", "Up")]
    public void A_stroke_does_what_it_says(string expected, string text, params string[] strokes) =>
        Assert.Equal(expected, Shown(After(text, [.. strokes.Select(Enum.Parse<Stroke>)])));

    [Theory]
    [InlineData("👩‍👩‍👧"), InlineData("é"), InlineData("冰"), InlineData("🇨🇭")]
    public void A_letter_is_one_letter_however_many_characters_it_has(string letter)
    {
        Assert.Equal("a|", Shown(After("a" + letter, Stroke.Backspace)));
        Assert.Equal("a|" + letter, Shown(After("a" + letter, Stroke.Left)));
        Assert.Equal(letter + "|", Shown(After(letter, Stroke.Home, Stroke.Right)));
    }

    [Fact]
    public void The_history_goes_back_and_forth_and_what_was_being_written_is_still_there()
    {
        Editor editor = Editor.Empty.With("first").Sent().With("second").Sent().With("draft");
        Assert.Equal("second", (editor = editor.Apply(Stroke.Up)).Text);
        Assert.Equal("first", (editor = editor.Apply(Stroke.Up)).Text);
        Assert.Equal("first", (editor = editor.Apply(Stroke.Up)).Text);
        Assert.Equal("second", (editor = editor.Apply(Stroke.Down)).Text);
        Assert.Equal("draft", editor.Apply(Stroke.Down).Text);
    }

    [Fact]
    public void What_is_sent_twice_is_remembered_once() => Assert.Equal(["a", "b"], Editor.Empty.With("a").Sent().With("a").Sent().With("b").Sent().History);
}
