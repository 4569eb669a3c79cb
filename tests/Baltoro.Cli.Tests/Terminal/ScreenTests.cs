// What a person sees in windows of several sizes, compared whole with what is committed beside this file. Written anew with BALTORO_SCREENS=write.

using System.Text.Json.Nodes;
using Baltoro.Cli.Tests.Agents;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Terminal;

public class ScreenTests
{
    const string Answer = """
        # What was done

        The file `notes.md` has a **second** line now. It is *longer* than the window of a small terminal is wide, so that it has to be broken between words.

        1. 冰川 is a glacier, 🧭 a compass, é a letter with a mark, 👩‍👩‍👧 a family.
        2. https://example.com/a/very/long/address/without/any/place/at/which/it/could/be/broken/so/that/it/is/broken/anywhere

        ```sh
        git diff notes.md   # a fence
        ```
        """;

    /// <summary>Escapes, a tab, a line written over, wide letters and a line that never ends: what tools say.</summary>
    const string Noise = """printf '\033[31mred\033[0m \033]0;title\007done\n'; printf 'a\tb\n10%%\r100%%\n'; printf '冰川冰川\n'; printf '%0300d\n' 7; seq 1 40""";

    static readonly Script Script = (_, conversation) => conversation.Turns.OfType<Turn.Result>().Count() switch
    {
        0 => Reply.Of(new Part.Think("A file is to be written. First I look at what is there, then I write it."), new Part.Say("I write the file first."), CallScript.Write("notes.md", "first\nlast\n")),
        1 => Reply.Of(new Part.Think("Now the second line."), CallScript.Tool("Edit", new JsonObject { ["file_path"] = "notes.md", ["old_string"] = "first\nlast", ["new_string"] = "first\nsecond 冰川\nlast" })),
        2 => Reply.Of(new Part.Think("Now something noisy."), CallScript.Bash(Noise)),
        3 => Reply.Of(CallScript.Tool("TodoWrite", new JsonObject
        {
            ["todos"] = new JsonArray(
                new JsonObject { ["content"] = "Write", ["status"] = "completed", ["activeForm"] = "Writing" },
                new JsonObject { ["content"] = "Answer", ["status"] = "completed", ["activeForm"] = "Answering" }),
        })),
        _ => Reply.Of(new Part.Think("Done."), new Part.Say(Answer)),
    };

    [Theory, InlineData(60, 20), InlineData(80, 24), InlineData(120, 40), InlineData(200, 50)]
    public async Task A_first_session_looks_as_it_should(int columns, int rows)
    {
        await using Sitting sitting = await Sitting.Open(columns, rows, Script, permissions: """{ "allow": ["Bash"] }""");
        List<(string Name, string Screen)> seen = [("the first prompt", await sitting.Terminal.Screen())];

        await sitting.Terminal.Type("/co");
        seen.Add(("commands that begin so", await sitting.Terminal.Until("/compact")));
        await sitting.Terminal.Press("C-c");

        seen.Add(("a question", await sitting.Say("Write some notes, please.", until: Sitting.Question)));
        await sitting.Terminal.Type("y");
        await sitting.Terminal.Until(screen => screen.Contains("Edit notes.md", StringComparison.Ordinal) && screen.Contains(Sitting.Question, StringComparison.Ordinal));
        await sitting.Terminal.Type("a");
        await sitting.Terminal.Until(screen => screen.Contains("a fence", StringComparison.Ordinal) && Sitting.IsIdle(screen));
        seen.Add(("all of it, scrolled back", await sitting.Terminal.Everything()));

        Assert.Empty(sitting.Upstream.Violations);
        string now = Sitting.Steady(string.Concat(seen.Select(each => $"==== {each.Name}\n{each.Screen}\n")));
        string file = Path.Combine(Repository.Root, "tests", "Baltoro.Cli.Tests", "Terminal", "Screens", $"{columns}x{rows}.txt");
        if (Environment.GetEnvironmentVariable("BALTORO_SCREENS") == "write") await File.WriteAllTextAsync(file, now, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), now);
    }
}
