// What is left of escapes and marks in text that a model or a person gets to see.

using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Tests.Tools;

public class TerminalTextTests
{
    [Theory]
    [InlineData("plain\ntext\t", "plain\ntext\t")]
    [InlineData("\u001b[1;31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007after", "after")]
    [InlineData("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001bPq data\u001b\\x", "x")]
    [InlineData("\u009b31mred", "red")]
    [InlineData("\u001b(Bx", "x")]
    [InlineData("10%\r20%\r100%\n", "100%\n")]
    [InlineData("one\r\ntwo\r\n", "one\ntwo\n")]
    [InlineData("ab\bc", "ac")]
    [InlineData("cut \u001b[3", "cut ")]
    [InlineData("\u001b]never ends\nnext", "\nnext")]
    public void A_model_reads_words_without_escapes(string text, string plain) => Assert.Equal(plain, TerminalText.Plain(text));

    [Theory]
    [InlineData("Grüße 日本 👩‍💻\n", "Grüße 日本 👩‍💻\n")]
    [InlineData("\u001b[2J", "␛[2J")]
    [InlineData("a\rb", "a␍b")]
    [InlineData("\u009b2J", "<009B>2J")]
    [InlineData("user\u202etxt.exe", "user<202E>txt.exe")]
    [InlineData("zero\u200bwidth", "zero<200B>width")]
    [InlineData("\u007f", "␡")]
    public void A_person_sees_what_would_have_acted_on_the_terminal(string text, string safe) => Assert.Equal(safe, TerminalText.Safe(text));

    [Fact]
    public void A_name_stays_in_its_line() => Assert.Equal("a␊b␉c", TerminalText.SafeLine("a\nb\tc"));
}
