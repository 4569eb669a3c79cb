// The bytes that terminals send, as keys.

using System.Text;
using Baltoro.Cli.Terminal;
using CsCheck;

namespace Baltoro.Cli.Tests.Terminal;

public class KeyParserTests
{
    static List<Key> Keys(params string[] pieces)
    {
        KeyParser parser = new();
        List<Key> keys = [];
        foreach (string piece in pieces) parser.Read(Encoding.UTF8.GetBytes(piece), keys);
        parser.Pause(keys);
        return keys;
    }

    static Key.Press Press(Stroke stroke) => new Key.Press(stroke);

    [Theory]
    [InlineData("\r", "Enter"), InlineData("\n", "NewLine"), InlineData("\e\r", "NewLine"), InlineData("\e[13;2u", "NewLine"), InlineData("\x7f", "Backspace")]
    [InlineData("\e[A", "Up"), InlineData("\eOB", "Down"), InlineData("\e[1;5C", "WordRight"), InlineData("\eb", "WordLeft"), InlineData("\e[3~", "Delete")]
    [InlineData("\e[H", "Home"), InlineData("\e[4~", "End"), InlineData("\x03", "Interrupt"), InlineData("\x04", "EndOfInput"), InlineData("\x0f", "Unfold"), InlineData("\e", "Escape")]
    [InlineData("\x17", "DeleteWord"), InlineData("\x15", "DeleteToStart"), InlineData("\t", "Tab")]
    public void A_stroke_is_known_by_its_bytes(string bytes, string stroke) => Assert.Equal([Press(Enum.Parse<Stroke>(stroke))], Keys(bytes));

    [Fact]
    public void A_paste_is_one_text_and_sends_nothing() =>
        Assert.Equal([new Key.Pasted("one\ntwo\n[31mred"), Press(Stroke.Enter)], Keys("\e[200~one\rtwo\r\n\e[31mred\e[201~\r"));

    [Fact]
    public void Sequences_that_mean_nothing_here_write_nothing() => Assert.Empty(Keys("\e[1;2P\e[24~\e[<0;12;4M\eOQ"));

    static readonly string[] Parts = ["hello", "é冰👩‍👧", "\r", "\e[A", "\e[1;5D", "\e[200~a\rb\e[201~", "\x7f", "\e[3~"];

    static readonly Gen<string> Inputs = Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[0, 8].Select(string.Concat);

    [Fact]
    public void Where_the_bytes_are_cut_changes_nothing() => Gen.Select(Inputs, Gen.Int[1, 5]).Sample((input, step) =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        KeyParser parser = new();
        List<Key> keys = [];
        for (int i = 0; i < bytes.Length; i += step) parser.Read(bytes.AsSpan(i, Math.Min(step, bytes.Length - i)), keys);
        return Joined(keys) == Joined(Keys(input));
    });

    // A text may come in pieces.
    static string Joined(List<Key> keys) => string.Concat(keys.Select(key => key switch { Key.Typed typed => typed.Content, Key.Pasted pasted => $"«{pasted.Content}»", var other => $"{other}" }));
}
