// What is shown of work: a question in full, what programs say, and what becomes of files that are taken back.

using Baltoro.Agent.Permissions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.Cli.Terminal;
using Baltoro.Cli.Tests.EndToEnd;

namespace Baltoro.Cli.Tests.Terminal;

public sealed class WorkViewTests : IDisposable
{
    readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    static string[] Lines(Question question, int columns, int rows) => [.. question.Lines(columns, rows).Select(line => line.ToString().TrimEnd())];

    static Question Asking(string command) => new([.. new ToolLines("/p").Asked(new("", "Bash", $$"""{"command":{{System.Text.Json.JsonSerializer.Serialize(command)}}}"""))], "It runs something.", null);

    [Fact]
    public void A_question_hides_nothing_of_what_it_asks_about() => Assert.Equal(
        ["● Bash echo one", "    ␛]0;quiet␇ && rm -rf", "    everything", "  It runs something.", "  y yes    n no (Esc)    or write what to do instead"],
        Lines(Asking("echo one\n\e]0;quiet\a && rm -rf everything"), 30, 20));

    [Fact]
    public void A_question_that_is_too_long_for_the_window_says_so() => Assert.Equal(
        ["● Bash 1", "  … 18 more rows (Ctrl-O shows all)", "    20", "  It runs something.", "  y yes    n no (Esc)    or write what to do instead"],
        Lines(Asking(string.Join('\n', Enumerable.Range(1, 20))), 80, 5));

    [Fact]
    public void A_question_names_all_that_needs_a_yes_and_what_always_would_allow() => Assert.Equal(
        ["● Bash a", "  It runs: make", "  It runs: npm test", "  y yes    n no (Esc)    or write what to do instead", "  a always, in this sitting: Bash(make:*), Bash(npm", "    test:*)"],
        Lines(new([.. new ToolLines("/p").Asked(new("", "Bash", """{"command":"a"}"""))], "It runs: make\nIt runs: npm test", "Bash(make:*), Bash(npm test:*)"), 54, 20));

    [Fact]
    public void Reasons_that_would_fill_the_window_are_counted() => Assert.Equal(
        ["● Bash a", "  It runs: 1", "  It runs: 2", "  It runs: 3", "  It runs: 4", "  It runs: 5", "  And 4 more like these.", "  y yes    n no (Esc)    or write what to do instead"],
        Lines(new([.. new ToolLines("/p").Asked(new("", "Bash", """{"command":"a"}"""))], string.Join('\n', Enumerable.Range(1, 9).Select(number => $"It runs: {number}")), null), 80, 20));

    [Fact]
    public void Of_a_file_that_nobody_has_looked_at_before_it_was_written_nothing_is_said_to_be_new() => Assert.Equal(
        ["  └ 2 lines", "      a", "      b"],
        ToolLines.Result(new("", "Write", """{"file_path":"x","content":"a\nb\n"}"""), new("", [new Block.Text("Overwrote x: 2 lines.")], Agent.Sessions.CallEnding.Done), inFull: false).Select(line => line.ToString()));

    [Fact]
    public void A_key_that_came_before_a_question_was_seen_is_no_answer()
    {
        Question question = Asking("ls");
        Assert.Null(question.Of(new Key.Typed("y")));
        question.IsShown = true;
        Assert.Equal(Answer.Yes, question.Of(new Key.Typed("y")));
        Assert.Null(question.Of(new Key.Press(Stroke.Enter)));
        Assert.Null(question.Of(new Key.Typed("a")));
    }

    [Fact]
    public void What_a_program_says_in_pieces_becomes_lines_without_its_escapes()
    {
        OutputLines output = new();
        Assert.Equal(["one"], output.Add("one\n10%\r20").ToArray());
        Assert.Equal("20", output.Open);
        Assert.Equal(["30% red"], output.Add("%\r30% \e[31mred\e[0m\n").ToArray());
        Assert.Null(output.Rest());
        Assert.Equal([new string('x', 20_000)], output.Add(new string('x', 20_000)).ToArray());
    }

    [Fact]
    public void What_somebody_changed_since_stays_as_it_is()
    {
        string mine = Path.Combine(_scratch.Path, "mine.txt"), theirs = Path.Combine(_scratch.Path, "theirs.txt");
        File.WriteAllText(mine, "before");
        Undo undo = new(_scratch.Path);
        undo.Begin("task");
        undo.Asked(7);
        undo.Remember(new Footprint.Writes([mine, theirs]));
        File.WriteAllText(mine, "by the agent");
        File.WriteAllText(theirs, "by the agent");
        undo.Ended();
        File.WriteAllText(theirs, "by a person, later");
        TakenBack taken = undo.TakeBack();
        Assert.Equal((6L, "task"), (taken.Before, taken.Text));
        Assert.Equal(["mine.txt: as before", "theirs.txt: stays as it is: somebody has changed it since"], taken.Told);
        Assert.Equal(("before", "by a person, later"), (File.ReadAllText(mine), File.ReadAllText(theirs)));
    }

    [Fact]
    public void A_mention_hands_over_what_is_there_and_says_what_is_not()
    {
        File.WriteAllText(Path.Combine(_scratch.Path, "a b.txt"), "text");
        File.WriteAllBytes(Path.Combine(_scratch.Path, "c.bin"), [1, 0, 2]);
        List<string> told = [];
        string task = "look at @\"a b.txt\", @c.bin. and @gone/d.txt, not @someone";
        Assert.Equal(
            [
                task,
                $"The user mentions the file {_scratch.Path}/a b.txt:\n\ntext",
                $"The user mentions the file {_scratch.Path}/c.bin. It is not text: look at it with Read.",
            ], FileMention.Content(_scratch.Path, task, told.Add).Cast<Block.Text>().Select(block => block.Content));
        Assert.Equal(["@gone/d.txt: there is no such file here; it goes to the model as you wrote it."], told);
    }
}
