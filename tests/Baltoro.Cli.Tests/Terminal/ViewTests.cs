// Views: text in, lines out.

using Baltoro.Cli.Terminal;

namespace Baltoro.Cli.Tests.Terminal;

public class ViewTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\tb", "a   b")]
    [InlineData("\e[31mred\e[0m", "[31mred[0m")]
    [InlineData("evil\u202ename\u200b\a\b", "evilname")]
    [InlineData("one\ntwo", "one\ntwo")]
    public void Nothing_that_a_terminal_obeys_is_shown(string text, string shown) => Assert.Equal(shown, Shown.Safe(text));

    [Theory]
    [InlineData("abc", 3), InlineData("冰川", 4), InlineData("é", 1), InlineData("🧭", 2), InlineData("👩‍👧", 2), InlineData("", 0)]
    public void A_text_is_as_wide_as_a_terminal_makes_it(string text, int width) => Assert.Equal(width, Shown.Width(text));

    [Fact]
    public void A_long_line_is_broken_between_words_and_moved_in() => Assert.Equal(
        ["- one two ", "  three ", "  fourfive ", "  six"],
        Styled.Of("- one two three fourfive six").Rows(10, hang: 2).Select(row => row.ToString()));

    [Fact]
    public void A_word_wider_than_the_window_is_broken_anywhere() =>
        Assert.Equal(["冰川冰", "川冰"], Styled.Of("冰川冰川冰").Rows(7).Select(row => row.ToString()));

    [Theory]
    [InlineData("# Title", "Title:Heading")]
    [InlineData("- a **b** `c*d`", "• :Plain|a :Plain|b:Strong| :Plain|c*d:Code")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4:Plain")]
    [InlineData("snake_case_name", "snake_case_name:Plain")]
    [InlineData("see [docs](http://x)", "see :Plain|docs:Plain| (http://x):Dim")]
    [InlineData("> said", "│ :Dim|said:Slanted")]
    public void Markdown_is_styled_line_by_line(string line, string styled) =>
        Assert.Equal(styled, string.Join('|', new Markdown().Line(line).Pieces.Select(piece => $"{piece.Text}:{piece.Style}")));

    [Fact]
    public void In_a_fence_everything_is_code()
    {
        Markdown markdown = new();
        Assert.Equal(
            [Style.Dim, Style.Code, Style.Code, Style.Dim, Style.Heading],
            ((string[])["```sh", "# no title", "``", "```", "# title"]).Select(line => markdown.Line(line).Pieces[0].Style));
    }

    /// <summary>Attributes, and the four of the eight colours that themes have readable on white and on black: no yellow, no white, nothing bright, no background.</summary>
    [Fact]
    public void Each_style_is_an_attribute_or_a_colour_that_can_be_read_on_any_ground()
    {
        Dictionary<Style, string> codes = Enum.GetValues<Style>().ToDictionary(style => style, style =>
        {
            System.Text.StringBuilder text = new();
            Ansi.Write(Styled.Of("x", style), colours: true, text);
            return text.ToString().Replace("x\e[0m", "", StringComparison.Ordinal).Replace("\e[", "", StringComparison.Ordinal).TrimEnd('m');
        });
        Assert.Equal(
            new Dictionary<Style, string>
            {
                [Style.Plain] = "x", [Style.Dim] = "2", [Style.Strong] = "1", [Style.Slanted] = "3", [Style.Code] = "36", [Style.Heading] = "1;4", [Style.Accent] = "35",
                [Style.Good] = "32", [Style.Bad] = "31", [Style.Added] = "32", [Style.Removed] = "31", [Style.Marked] = "7",
            }, codes);
    }

    [Fact]
    public void A_difference_keeps_what_is_common() => Assert.Equal(
        [new DiffLine.Kept("a"), new DiffLine.Taken("b"), new DiffLine.Added("B"), new DiffLine.Kept("c"), new DiffLine.Added("d")],
        Diff.Of("a\nb\nc", "a\nB\nc\nd"));

    [Fact]
    public void The_input_is_wrapped_and_the_cursor_stands_where_the_text_does()
    {
        LiveRegion view = InputView.Of(Editor.Empty.With("one two three\nfour").Apply(Stroke.Left), new Pastes(), 12, 10, "", isMarked: false);
        Assert.Equal(["> one two t", "  hree", "  four"], view.Lines.Select(line => line.ToString()));
        Assert.Equal((2, 5), view.Cursor);
    }

    [Fact]
    public void While_the_agent_works_the_place_of_the_cursor_is_marked_instead()
    {
        LiveRegion view = InputView.Of(Editor.Empty.With("one").Apply(Stroke.Left), new Pastes(), 12, 10, "", isMarked: true);
        Assert.Equal(([new Piece("> ", Style.Accent), new Piece("on"), new Piece("e", Style.Marked)], null), (view.Lines[0].Pieces, view.Cursor));
    }

    [Theory]
    [InlineData(100, "  kimi · 87 % left · $0.0123 · ~/project")]
    [InlineData(40, "  kimi · 87 % left · $0.0123")]
    [InlineData(20, "  kimi · 87 % left")]
    public void The_status_line_fits(int columns, string line) => Assert.Equal(line, new Status("kimi", 0.87, 0.0123m, "~/project").Line(columns).ToString());

    [Theory]
    [InlineData("fix /etc/hosts", "Task"), InlineData("/etc/hosts is wrong", "Task"), InlineData("!ls -l", "Shell"), InlineData("/cost", "Slash"), InlineData("/mod", "Slash"), InlineData("/model zai/glm-5.2", "Slash"), InlineData("/model local:/a/b.gguf", "Slash"), InlineData("/cost\nmore", "Task"), InlineData("/nope", "Unknown")]
    public void A_line_is_a_task_a_command_or_for_the_shell(string line, string order) => Assert.Equal(order, Order.Of(line).GetType().Name);
}
