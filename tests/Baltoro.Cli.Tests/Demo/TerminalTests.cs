// The model in the box in a real terminal: a demo that is stopped, and a sitting on a machine that has no key. It knows nothing of what the model makes of it.

using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.Cli.Tests.Terminal;

namespace Baltoro.Cli.Tests.Demo;

public class TerminalTests
{
    [Fact]
    public async Task Ctrl_C_ends_the_demo_with_what_was_done_and_leaves_no_folder_behind()
    {
        using Scratch scratch = new();
        string temporary = scratch.Folder("temporary");
        Dictionary<string, string> environment = new(Tmux.Bare(scratch.Folder("home"))) { ["TMPDIR"] = temporary };
        // A task at which it is for a while, whether it ends it or not. The shell around it hears the key, too, and is to go on.
        await using Tmux terminal = await Tmux.Start(scratch, $"trap : INT; {GatewayProcess.Executable()} demo --steps 300 --seed 4; echo \"exit code $?\"; exec sh", scratch.Folder("project"), 60, 20, environment);
        await terminal.Until(" Read ");
        await terminal.Press("C-c");
        string screen = await terminal.Until("exit code");
        Assert.Contains("exit code 130", screen, StringComparison.Ordinal);
        Assert.Contains(" calls in ", screen, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateDirectories(temporary), folder => Path.GetFileName(folder).StartsWith("baltoro-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sitting_without_a_key_says_which_model_works_and_it_begins()
    {
        using Scratch scratch = new();
        string project = scratch.Folder("project");
        await File.WriteAllTextAsync(Path.Combine(project, "fern.md"), "next: moss.txt", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(project, "moss.txt"), "the code word is amber", TestContext.Current.CancellationToken);
        await using Tmux terminal = await Tmux.Start(scratch, $"{GatewayProcess.Executable()}; exec sh", project, 80, 30, Tmux.Bare(scratch.Folder("home")));
        Assert.Contains("There is no key, so the model in the box works: baltoro/piolet.", await terminal.Until(Sitting.Idle), StringComparison.Ordinal);
        await terminal.Type("Start at fern.md and follow the trail. Write the code word at its end to answer.txt");
        await terminal.Press("Enter");
        string screen = await terminal.Until(seen => seen.Contains("Read fern.md", StringComparison.Ordinal) && (Sitting.IsIdle(seen) || seen.Contains(Sitting.Question, StringComparison.Ordinal)));
        if (!Sitting.IsIdle(screen)) await terminal.Press("C-c");
        await terminal.Until(Sitting.IsIdle);
        await terminal.Press("C-d");
        await terminal.Until(seen => seen.Split('\n').Contains("$"));
    }
}
