// Sittings in a real terminal: what streams, what is resized, stopped, asked, taken back, pasted, and how the terminal is left.

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Baltoro.Cli.Tests.Agents;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Terminal;

public partial class SittingTests
{
    static readonly Script Echo = (_, conversation) => Reply.Of(new Part.Say($"heard {Asked(conversation)}"));

    static string Asked(Conversation conversation) => conversation.Turns.OfType<Turn.User>().Last().Text;

    static string[] Numbered(int count) => [.. Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"line {number} of the answer"))];

    /// <summary>What stands in the scrollback behind what was asked, up to the prompt.</summary>
    static string[] After(string asked, string everything, bool dropsSession = true)
    {
        string[] lines = everything.Split('\n');
        int start = Array.FindLastIndex(lines, line => line == $"> {asked}") + 1, end = Array.FindLastIndex(lines, line => line.StartsWith('─'));
        return [.. lines[start..end].Where(line => line.Length > 0 && !(dropsSession && line.StartsWith("session ", StringComparison.Ordinal)))];
    }

    static readonly (int Columns, int Rows)[] Sizes = [(200, 50), (80, 15), (64, 24), (150, 12), (100, 30)];

    [Fact]
    public async Task A_window_that_changes_its_size_while_text_streams_loses_no_line_and_shows_none_twice()
    {
        string[] said = Numbered(1_500);
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Sitting sitting = await Sitting.Open(120, 40, (_, _) => Reply.Of(new Part.Say(string.Join('\n', said))), (_, _) => new Fault.StallAfter(300, goOn.Task));
        await sitting.Say("go", until: "of the answer");
        await sitting.Terminal.Resize(60, 20);
        goOn.SetResult();
        foreach ((int columns, int rows) in Sizes) await sitting.Terminal.Resize(columns, rows);
        await sitting.Terminal.Until(screen => screen.Contains(said[^1], StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Equal(said, After("go", await sitting.Terminal.Everything()));

        // And while it waits, as when somebody draws at a corner of the window.
        for (int i = 0; i < 10; i++)
            foreach ((int columns, int rows) in Sizes) await sitting.Terminal.Resize(columns, rows);
        await sitting.Terminal.Until(screen => screen.Split('\n').Any(line => line.EndsWith(" project", StringComparison.Ordinal)) && Sitting.IsIdle(screen));
        Assert.Equal(said, After("go", await sitting.Terminal.Everything()));
    }

    [Fact]
    public async Task Ten_thousand_lines_of_text_and_of_a_command_stand_in_the_scrollback_once_each()
    {
        string[] said = Numbered(10_000);
        await using Sitting sitting = await Sitting.Open(80, 24, (_, _) => Reply.Of(new Part.Say(string.Join('\n', said))));
        await sitting.Say("go", until: "> go");
        await sitting.Terminal.Until(screen => screen.Contains(said[^1], StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Equal(said, After("go", await sitting.Terminal.Everything()));

        await sitting.Terminal.Type("!seq 1 10000");
        await sitting.Terminal.Press("Enter");
        await sitting.Terminal.Until(screen => screen.Split('\n').Contains("10000") && Sitting.IsIdle(screen));
        string[] lines = (await sitting.Terminal.Everything()).Split('\n');
        int start = Array.IndexOf(lines, "! seq 1 10000") + 1;
        Assert.Equal(Enumerable.Range(1, 10_000).Select(number => number.ToString(CultureInfo.InvariantCulture)), lines[start..(start + 10_000)]);

        // Neither the lines nor what is drawn of them is kept: an idle runtime has some 100 MB.
        string peak = File.ReadLines($"/proc/{await sitting.Process()}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture), 1, 400_000);
    }

    [Fact]
    public async Task Esc_stops_in_the_middle_of_a_reply_and_a_word_in_between_is_heard_after_it()
    {
        TaskCompletionSource never = new(), goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Sitting sitting = await Sitting.Open(80, 24, Echo, (_, conversation) => Asked(conversation) switch
        {
            "one" => new Fault.StallAfter(2, never.Task),
            "two" => new Fault.StallAfter(2, goOn.Task),
            _ => new Fault.None(),
        });
        await sitting.Say("one", until: "heard one");
        await sitting.Terminal.Press("Escape");
        await sitting.Terminal.Until(screen => screen.Contains("stopped; say what to do instead, or /undo", StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Equal(["heard one", "stopped; say what to do instead, or /undo"], After("one", await sitting.Terminal.Everything()));

        await sitting.Say("two", until: "heard two");
        await sitting.Say("rather three", until: "  then: rather three");
        goOn.SetResult();
        await sitting.Terminal.Until(screen => screen.Contains("heard rather three", StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Equal(["heard two", "> rather three", "heard rather three"], After("two", await sitting.Terminal.Everything()));
        Assert.Equal(["one", "two", "rather three"], sitting.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.User>().Select(turn => turn.Text));
        never.SetResult();
    }

    [Fact]
    public async Task Esc_takes_back_the_words_that_were_not_heard_yet()
    {
        TaskCompletionSource never = new();
        await using Sitting sitting = await Sitting.Open(80, 24, Echo, (_, _) => new Fault.StallAfter(2, never.Task));
        await sitting.Say("one", until: "heard one");
        await sitting.Say("and this", until: "  then: and this");
        await sitting.Terminal.Press("Escape");
        string screen = await sitting.Terminal.Until("stopped; say");
        Assert.Contains("\n> and this\n", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("then:", screen, StringComparison.Ordinal);
        never.SetResult();
    }

    [Fact]
    public async Task A_question_is_answered_with_a_no_with_other_words_and_with_always()
    {
        await using Sitting sitting = await Sitting.Open(80, 24, CallScript.Of(CallScript.Write("a.txt", "a"), CallScript.Write("b.txt", "b"), CallScript.Write("c.txt", "c"), CallScript.Write("d.txt", "d")));
        await sitting.Say("go", until: "It writes a.txt.");
        await sitting.Terminal.Type("n");
        await sitting.Terminal.Until("It writes b.txt.");
        await sitting.Say("only the others", until: "It writes c.txt.");
        await sitting.Terminal.Type("a");
        await sitting.Terminal.Until(screen => screen.Contains(CallScript.Finished, StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Equal((false, false, true, true), (Exists("a.txt"), Exists("b.txt"), Exists("c.txt"), Exists("d.txt")));
        Assert.Equal(["go", "only the others"], sitting.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.User>().Select(turn => turn.Text));
        Assert.Contains("allowed in this sitting: Edit", await sitting.Say("/permissions", until: "config.json"), StringComparison.Ordinal);

        bool Exists(string name) => File.Exists(Path.Combine(sitting.Project, name));
    }

    [Fact]
    public async Task Ctrl_C_at_a_question_is_a_no_and_stops_the_work()
    {
        await using Sitting sitting = await Sitting.Open(80, 24, CallScript.Of(CallScript.Write("a.txt", "a"), CallScript.Write("b.txt", "b")));
        await sitting.Say("go", until: "It writes a.txt.");
        await sitting.Terminal.Press("C-c");
        await sitting.Terminal.Until(screen => screen.Contains("stopped; say", StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Single(sitting.Upstream.Asked);
        Assert.False(File.Exists(Path.Combine(sitting.Project, "a.txt")));
        await sitting.Say("go on", until: "It writes b.txt.");
    }

    [Fact]
    public async Task A_file_that_is_written_anew_is_shown_as_what_changes_in_it()
    {
        await using Sitting sitting = await Sitting.Open(80, 30, CallScript.Of(CallScript.Read("a.txt"), CallScript.Write("a.txt", string.Join('\n', Numbered(40)).Replace("line 20 of", "row 20 of", StringComparison.Ordinal))));
        await File.WriteAllTextAsync(Path.Combine(sitting.Project, "a.txt"), string.Join('\n', Numbered(40)), TestContext.Current.CancellationToken);
        string record = Path.Combine(sitting.Project, "..", "record");
        await sitting.Terminal.Record(record);
        string[] difference =
        [
            "  └ 1 added, 1 removed", "    ⋮", "      line 18 of the answer", "      line 19 of the answer", "    - line 20 of the answer", "    + row 20 of the answer",
            "      line 21 of the answer", "      line 22 of the answer",
        ];
        string asked = await sitting.Say("go", until: "It writes a.txt.");
        Assert.Contains(string.Join('\n', ["● Write a.txt", .. difference, "  It writes a.txt."]), asked, StringComparison.Ordinal);
        Assert.Contains("  a always, in this sitting: Edit (all files of this project)\n", asked, StringComparison.Ordinal);
        await sitting.Terminal.Type("y");
        await sitting.Terminal.Until(screen => screen.Contains(CallScript.Finished, StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Contains(string.Join('\n', ["● Write a.txt", .. difference, "", CallScript.Finished]), await sitting.Terminal.Everything(), StringComparison.Ordinal);
        // Nothing but attributes and the four colours that every theme, light or dark, has readable.
        string[] looks = [.. Looks().Matches(await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken)).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];
        Assert.Empty(looks.Except(["0", "1", "1;4", "2", "3", "7", "31", "32", "35", "36"]));
        Assert.Contains("32", looks);
    }

    [GeneratedRegex("\e\\[([0-9;]*)m")]
    private static partial Regex Looks();

    [Fact]
    public async Task A_long_result_is_folded_shown_in_full_with_Ctrl_O_and_folded_again_with_another()
    {
        await using Sitting sitting = await Sitting.Open(80, 24, CallScript.Of(CallScript.Bash("seq 1 100"), CallScript.Bash("seq 101 200")), permissions: """{ "allow": ["Bash"] }""");
        string[] folded = ["● Bash seq 1 100", "  └ 1", "    2", "    3", "    4", "    … 96 more lines (Ctrl-O shows all)"];
        string[] last = ["● Bash seq 101 200", "  └ 101", "    102", "    103", "    104", "    … 96 more lines (Ctrl-O shows all)"];
        string[] full = ["● Bash seq 101 200", "  └ 101", .. Enumerable.Range(102, 99).Select(number => $"    {number}")];
        await sitting.Say("go");
        string[] seen = After("go", await sitting.Terminal.Everything());
        Assert.Equal(["✻ thought 2 words", .. folded, "✻ thought 2 words", .. last, CallScript.Finished], seen);

        await sitting.Terminal.Press("C-o");
        await sitting.Terminal.Until("Ctrl-O folds them");
        seen = After("go", await sitting.Terminal.Everything());
        Assert.Equal(["Call 2.", .. full, "thinking and results are shown in full from here on; Ctrl-O folds them"], seen[^103..]);
        await sitting.Terminal.Press("C-o");
        await sitting.Terminal.Until("folded again");
        Assert.Equal("thinking and results are folded again", After("go", await sitting.Terminal.Everything())[^1]);
    }

    [Fact]
    public async Task A_models_file_is_loaded_in_front_of_the_person_who_can_stop_the_wait()
    {
        await using Sitting sitting = await Sitting.Open(150, 30, Echo);
        string file = Path.GetFullPath(Path.Combine(sitting.Project, "..", "tiny.gguf")), half = Path.GetFullPath(Path.Combine(sitting.Project, "..", "half.gguf"));
        Engine.RandomModel.Write(file, Engine.KnownShapes.Find("tiny", 1) with { Heads = 1, Context = 200_000 }, Engine.Gguf.TensorType.Q8_0);
        byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        string record = Path.Combine(sitting.Project, "..", "record");
        await sitting.Terminal.Record(record);

        // Both keys at once, before anything can have been loaded.
        await sitting.Terminal.Type($"/model local:{file}");
        await sitting.Terminal.Press("Enter", "C-c");
        await sitting.Terminal.Until("It stays moonshotai/kimi-k2-thinking.");
        Assert.Contains("heard hello", await sitting.Say("hello"), StringComparison.Ordinal);

        await sitting.Terminal.Type($"/model local:{file}");
        await sitting.Terminal.Press("Enter");
        await sitting.Terminal.Until(screen => screen.Contains("tiny.gguf at local, window 200,000 tokens", StringComparison.Ordinal) && Sitting.IsIdle(screen));
        Assert.Contains($"loading local:{file}", await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await File.WriteAllBytesAsync(half, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        Assert.Contains($"! local:{half}: ", await sitting.Say($"/model local:{half}", until: "! local:"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_puts_back_what_was_written_and_names_what_commands_changed()
    {
        await using Sitting sitting = await Sitting.Open(100, 30, CallScript.Of(CallScript.Read("kept.txt"), CallScript.Write("kept.txt", "new"), CallScript.Write("made.txt", "x"), CallScript.Bash("touch by-command.txt")), permissions: """{ "allow": ["Bash", "Edit"] }""");
        await File.WriteAllTextAsync(Path.Combine(sitting.Project, "kept.txt"), "old", TestContext.Current.CancellationToken);
        Assert.Contains(CallScript.Finished, await sitting.Say("change it"), StringComparison.Ordinal);
        await sitting.Terminal.Type("/undo");
        await sitting.Terminal.Press("Enter");
        string screen = await sitting.Terminal.Until("The last task is taken back");
        Assert.Equal(
            ["kept.txt: as before", "made.txt: taken away again", "Changed by commands, or by somebody else meanwhile, and not put back: by-command.txt"],
            After("/undo", screen).Take(3));
        Assert.Contains("\n> change it\n", screen[screen.LastIndexOf("───", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Equal(("old", false, true), (await File.ReadAllTextAsync(Path.Combine(sitting.Project, "kept.txt"), TestContext.Current.CancellationToken),
            File.Exists(Path.Combine(sitting.Project, "made.txt")), File.Exists(Path.Combine(sitting.Project, "by-command.txt"))));
    }

    [Fact]
    public async Task A_persons_own_command_streams_can_be_stopped_and_is_told_to_the_model()
    {
        await using Sitting sitting = await Sitting.Open(80, 24, Echo);
        await sitting.Terminal.Type("!echo begun; while :; do sleep 1; done");
        await sitting.Terminal.Press("Enter");
        await sitting.Terminal.Until(screen => screen.Split('\n').Contains("begun"));
        // The screen is not blocked meanwhile.
        await sitting.Terminal.Type("meanwhile");
        await sitting.Terminal.Until("> meanwhile");
        await sitting.Terminal.Press("Escape");
        await sitting.Terminal.Until("stopped");
        await sitting.Terminal.Press("Enter");
        await sitting.Terminal.Until("heard");
        Assert.Contains("The user ran `echo begun; while :; do sleep 1; done` and stopped it:\n\nbegun", sitting.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.User>().Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_paste_stands_as_one_sign_and_is_sent_whole()
    {
        await using Sitting sitting = await Sitting.Open(80, 24, (_, _) => Reply.Of(new Part.Say("read")));
        string log = string.Concat(Enumerable.Range(1, 200).Select(number => $"!error {number}\n"));
        await sitting.Terminal.Type("look: ");
        await sitting.Terminal.Paste(log);
        Assert.Contains("> look: [pasted: 200 lines]", await sitting.Terminal.Until("lines]"), StringComparison.Ordinal);
        await sitting.Terminal.Press("BSpace");
        await sitting.Terminal.Until(screen => !screen.Contains("[pasted", StringComparison.Ordinal));
        await sitting.Terminal.Paste(log);
        await sitting.Terminal.Until("> look: [pasted: 200 lines]");
        await sitting.Terminal.Press("Enter");
        await sitting.Terminal.Until(screen => screen.Split('\n').Contains("read") && Sitting.IsIdle(screen));
        Assert.Equal("look: " + log, sitting.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.User>().Last().Text);
    }

    [Fact]
    public async Task Two_Ctrl_C_leave_and_leave_the_terminal_as_it_was()
    {
        await using Sitting sitting = await Sitting.Open(80, 24, Echo);
        await sitting.Say("hello");
        await sitting.Terminal.Press("C-c");
        await sitting.Terminal.Until("Ctrl-C again leaves.");
        await sitting.Terminal.Press("C-c");
        Assert.Contains("goes on from here\nexit code 0", await sitting.Terminal.Until("exit code"), StringComparison.Ordinal);
        Assert.Equal("", await sitting.LeftBehind());
    }

    [Fact]
    public async Task A_process_that_is_told_to_end_in_the_middle_of_its_work_leaves_the_terminal_as_it_was()
    {
        TaskCompletionSource never = new();
        await using Sitting sitting = await Sitting.Open(80, 24, Echo, (_, _) => new Fault.StallAfter(2, never.Task));
        await sitting.Say("hello", until: "heard hello");
        Assert.Equal("0", await sitting.Terminal.Value("cursor_flag"));
        using (Process kill = Process.Start("/bin/kill", ["-TERM", $"{await sitting.Process()}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("goes on from here\nexit code 130", await sitting.Terminal.Until("exit code"), StringComparison.Ordinal);
        Assert.Equal("", await sitting.LeftBehind());
        never.SetResult();
    }

    [Fact]
    public async Task A_process_that_was_stopped_and_goes_on_takes_the_keyboard_again()
    {
        await using Sitting sitting = await Sitting.Open(80, 24, Echo);
        foreach (string signal in (string[])["-STOP", "-CONT"])
        {
            using Process kill = Process.Start("/bin/kill", [signal, $"{await sitting.Process()}"]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        // The runtime sets the terminal back when it goes on, and the sitting takes it again with its next tick: a person's hand is slower than that.
        string tty = await sitting.Terminal.Value("pane_tty");
        for (int raw = 0, all = 0; raw < 40; all++)
        {
            Assert.True(all < 4000, "The sitting did not take its terminal again.");
            raw = await IsRaw() ? raw + 1 : 0;
        }
        Assert.Contains("heard hello", await sitting.Say("hello"), StringComparison.Ordinal);

        async Task<bool> IsRaw()
        {
            using Process stty = Process.Start(new ProcessStartInfo("stty", ["-F", tty, "-a"]) { RedirectStandardOutput = true })!;
            return (await stty.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Contains("-icrnl", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_session_is_resumed_with_what_was_said_and_what_was_written_at_the_prompt()
    {
        await using Sitting sitting = await Sitting.Open(100, 30, Echo);
        await sitting.Say("remember this");
        await sitting.Terminal.Press("C-d");
        await sitting.Terminal.Until("exit code 0");
        await sitting.Terminal.Type($"clear; {EndToEnd.GatewayProcess.Executable()} --resume");
        await sitting.Terminal.Press("Enter");
        string screen = await sitting.Terminal.Until(Sitting.Idle);
        Assert.Contains("> remember this\n", screen, StringComparison.Ordinal);
        Assert.Contains("heard remember this\n", screen, StringComparison.Ordinal);
        await sitting.Terminal.Press("Up");
        await sitting.Terminal.Until(shown => shown.Split('\n')[^2] == "> remember this");
    }

    [Fact]
    public async Task Each_command_does_what_help_says_of_it_or_says_what_is_wrong()
    {
        await using Sitting sitting = await Sitting.Open(110, 40, Echo);
        Assert.Equal(["Nothing has been asked yet."], await Told("/cost"));
        Assert.Equal(["There is nothing to compact yet."], await Told("/compact"));
        Assert.Equal(["There is nothing to copy yet."], await Told("/fork"));
        Assert.Equal(["There is nothing to take back in this sitting."], await Told("/undo"));
        Assert.Equal(["This folder has no sessions yet."], await Told("/sessions"));
        Assert.Equal(["There is no other session in this folder."], await Told("/resume"));

        await sitting.Say("hello");
        Assert.Matches(@"^1 step, [\d,]+ tokens in \([\d,]+ from a cache\), [\d,]+ out, price unknown$", Assert.Single(await Told("/cost")));
        string[] context = await Told("/context");
        Assert.Equal(new string('░', 50), context[0]);
        Assert.Matches(@"^[\d,]+ of 1,000,000 tokens with the last reply; room is made before the window is full$", context[1]);
        Assert.Matches(@"^  about [\d,]+  instructions and tools$", context[^1]);
        Assert.StartsWith("! no room was made: ", Assert.Single(await Told("/compact")), StringComparison.Ordinal);
        Assert.Matches(@"^[-\w]+  \d+ \w+ \d\d:\d\d, 1 steps, this one  hello$", Assert.Single(await Told("/sessions")));

        string copied = Assert.Single(await Told("/fork", dropsSession: false));
        Assert.Matches("^session [-\\w]+, a copy of [-\\w]+, which stays as it is$", copied);
        string first = copied.Split(' ', ',')[6];
        Assert.Equal(["There is no session \"nope\" in this folder: /sessions lists them."], await Told("/resume nope"));
        Assert.Contains("heard hello", await Told($"/resume {first}"));

        Assert.Equal(["moonshotai/kimi-k2-thinking at kimi-upstream, window 1,000,000 tokens"], await Told("/model m"));
        Assert.Contains("m moonshotai/kimi-k2-thinking at kimi-upstream", (await Told("/model")).Select(line => line.Trim()));
        Assert.Contains("nope", Assert.Single(await Told("/model nope")), StringComparison.Ordinal);
        Assert.Equal(["/cost takes nothing behind it; found \"all\"."], await Told("/cost all"));
        await sitting.Say("/nope", until: "/nope is no command; /help lists them");
        Assert.Equal(
            ["/model", "/cost", "/context", "/compact", "/resume", "/fork", "/undo", "/sessions", "/permissions", "/help", "/quit"],
            (await Told("/help")).Where(line => line.StartsWith('/')).Select(line => line.Split(' ')[0]));
        await sitting.Terminal.Type("/quit");
        await sitting.Terminal.Press("Enter");
        await sitting.Terminal.Until("exit code 0");

        async Task<string[]> Told(string command, bool dropsSession = true) => After(command, await sitting.Say(command), dropsSession);
    }
}
