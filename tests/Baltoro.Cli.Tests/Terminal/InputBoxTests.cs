// The text at the prompt: pastes, completions, and what was written before.

using Baltoro.Cli.Terminal;
using Baltoro.Cli.Tests.EndToEnd;

namespace Baltoro.Cli.Tests.Terminal;

public sealed class InputBoxTests : IDisposable
{
    readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    string File => Path.Combine(_scratch.Path, "state", "input.jsonl");

    InputBox Box(string project = "/a") =>
        new(new InputHistory(File, project), new ProjectFiles(_scratch.Path, TimeProvider.System, () => { }), command => command == SlashCommand.Model ? ["kimi", "kimi-fast", "glm"] : []);

    static Key.Press Press(Stroke stroke) => new Key.Press(stroke);

    static string Shown(InputBox box, int rows = 10) => string.Join('\n', box.View(60, rows, "", isMarked: false).Lines.Select(line => line.ToString()));

    static Order? Send(InputBox box, string text)
    {
        box.Take(new Key.Typed(text));
        return box.Take(Press(Stroke.Enter));
    }

    [Fact]
    public void What_was_written_is_there_in_the_next_sitting_of_the_same_folder()
    {
        Send(Box(), "first");
        Send(Box("/b"), "elsewhere");
        InputBox box = Box();
        Send(box, "!ls\\");
        box.Take(new Key.Typed("draft"));
        box.Take(Press(Stroke.Enter));
        InputBox next = Box();
        next.Take(Press(Stroke.Up));
        Assert.Equal("> !ls\n  draft", Shown(next));
        next.Take(Press(Stroke.Home));
        next.Take(Press(Stroke.Up));
        next.Take(Press(Stroke.Up));
        Assert.Equal("> first", Shown(next));
    }

    [Fact]
    public void A_history_that_is_no_history_is_none_and_is_written_on()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "{\n[1]\n[\"/a\",\"good\"]\n");
        InputBox box = Box();
        box.Take(Press(Stroke.Up));
        Assert.Equal("> good", Shown(box));
    }

    [Fact]
    public void Ctrl_R_finds_what_was_written_before_and_Enter_takes_it()
    {
        InputBox box = Box();
        foreach (string text in (string[])["fix the parser", "run the tests", "fix the lexer"]) Send(box, text);
        box.Take(new Key.Typed("fix"));
        box.Take(Press(Stroke.Search));
        Assert.Equal("> fix\n  › fix the lexer\n    fix the parser", Shown(box));
        box.Take(Press(Stroke.Search));
        Assert.Null(box.Take(Press(Stroke.Enter)));
        Assert.Equal(new Order.Task("fix the parser"), box.Take(Press(Stroke.Enter)));
    }

    [Fact]
    public void A_command_and_what_may_stand_behind_it_are_completed()
    {
        InputBox box = Box();
        box.Take(new Key.Typed("/mo"));
        box.Take(Press(Stroke.Tab));
        box.Take(new Key.Typed("k"));
        Assert.Equal("> /model k\n  › kimi\n    kimi-fast", Shown(box));
        box.Take(Press(Stroke.Down));
        Assert.Null(box.Take(Press(Stroke.Enter)));
        Assert.Equal(new Order.Slash(SlashCommand.Model, "kimi-fast"), box.Take(Press(Stroke.Enter)));
    }

    [Fact]
    public void A_paste_is_no_command_whatever_it_begins_with()
    {
        InputBox box = Box();
        string text = string.Concat(Enumerable.Repeat("!rm -rf x\n", 20));
        box.Take(new Key.Pasted(text));
        Assert.Equal("> [pasted: 20 lines]", Shown(box));
        Assert.Equal(new Order.Task(text) { Seen = "[pasted: 20 lines]" }, box.Take(Press(Stroke.Enter)));
    }

    [Fact]
    public void A_short_paste_is_text_and_signs_in_it_are_no_pastes()
    {
        InputBox box = Box();
        box.Take(new Key.Pasted(string.Concat(Enumerable.Repeat("x\n", 20))));
        box.Take(Press(Stroke.DeleteToStart));
        box.Take(new Key.Pasted($"a{char.ConvertFromUtf32(0x10f000)}b"));
        Assert.Equal(new Order.Task("ab"), box.Take(Press(Stroke.Enter)));
    }

    [Fact]
    public void Of_a_long_text_the_rows_around_the_cursor_are_shown()
    {
        InputBox box = Box();
        box.Take(new Key.Pasted("1\n2\n3\n4\n5\n6\n7"));
        Assert.Equal("⋮ 5\n  6\n  7", Shown(box, rows: 3));
        for (int i = 0; i < 3; i++) box.Take(Press(Stroke.Up));
        Assert.Equal("⋮ 3\n  4\n⋮ 5", Shown(box, rows: 3));
    }

    [Fact]
    public async Task A_file_is_found_by_its_beginning_and_a_name_with_spaces_is_quoted()
    {
        foreach (string name in (string[])["src/parser.cs", "src/par ty.md", "other/spar.txt", ".git/part"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_scratch.Path, name))!);
            await System.IO.File.WriteAllTextAsync(Path.Combine(_scratch.Path, name), "", TestContext.Current.CancellationToken);
        }
        TaskCompletionSource found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ProjectFiles files = new(_scratch.Path, TimeProvider.System, () => found.TrySetResult());
        InputBox box = new(new InputHistory(null, "/a"), files, _ => []);
        box.Take(new Key.Typed("see @par"));
        await found.Task;
        while (files.Known.Count == 0) await Task.Yield();
        box.Refresh();
        Assert.Equal("> see @par\n  › src/par ty.md\n    src/parser.cs\n    other/spar.txt", Shown(box));
        box.Take(Press(Stroke.Tab));
        Assert.Equal("> see @\"src/par ty.md\" ", Shown(box));
    }
}
