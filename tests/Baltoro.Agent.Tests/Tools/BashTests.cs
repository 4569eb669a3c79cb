// What Bash runs, keeps, cuts and ends.

using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Baltoro.Agent.Tests.Tools;

public class BashTests
{
    static JsonObject Command(string command, int? timeout = null, bool background = false)
    {
        JsonObject arguments = new() { ["command"] = command };
        if (timeout is not null) arguments["timeout"] = timeout;
        if (background) arguments["run_in_background"] = true;
        return arguments;
    }

    [Fact]
    public async Task What_a_command_says_comes_back_errors_included()
    {
        await using Desk desk = new();
        Assert.Equal("out\nerr", await desk.Ok("Bash", Command("echo out; echo err >&2")));
        Assert.Equal("[No output.]", await desk.Ok("Bash", Command("true")));
    }

    [Fact]
    public async Task A_failure_is_an_error_with_the_exit_code()
    {
        await using Desk desk = new();
        Assert.Equal("no\n[Exit code 3]", await desk.Error("Bash", Command("echo no; exit 3")));
        Assert.Equal("[Exit code 137]", await desk.Error("Bash", Command("kill -9 $$")));
    }

    [Fact]
    public async Task The_working_directory_is_kept_between_calls_and_variables_are_not()
    {
        await using Desk desk = new();
        Directory.CreateDirectory(desk.Path("sub"));
        Assert.Equal($"[No output.]\n[The working directory is now {desk.Path("sub")}]", await desk.Ok("Bash", Command("cd sub; x=1")));
        Assert.Equal($"{desk.Path("sub")} -", await desk.Ok("Bash", Command("echo $PWD $x-")));
        Directory.Delete(desk.Path("sub"));
        Assert.Equal(desk.Project, await desk.Ok("Bash", Command("pwd")));
    }

    [Fact]
    public async Task A_timeout_ends_the_command_and_all_that_it_started()
    {
        await using Desk desk = new();
        string said = await desk.Error("Bash", Command("sleep 600 & echo $!; sleep 600", timeout: 300));
        Assert.EndsWith("[Ended after 0.3 s, with all that it had started. Give a longer timeout, or run it in the background.]", said);
        await Dies(int.Parse(said.Split('\n')[0]));
    }

    [Fact]
    public async Task An_interruption_ends_the_command_and_all_that_it_started()
    {
        await using Desk desk = new();
        using CancellationTokenSource interrupt = new();
        Task running = desk.Call("Bash", Command("echo $$ > pid; sleep 600"), interrupt.Token);
        int pid = await Written(desk.Path("pid"));
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Dies(pid);
    }

    [Fact]
    public async Task What_a_command_leaves_behind_neither_holds_it_nor_outlives_it()
    {
        await using Desk desk = new();
        string said = await desk.Ok("Bash", Command("sleep 600 & echo $!"));
        await Dies(int.Parse(said));
    }

    [Fact]
    public async Task Long_output_is_cut_in_the_middle_and_whole_in_a_file()
    {
        await using Desk desk = new();
        string said = await desk.Ok("Bash", Command("seq 1 100000"));
        Assert.InRange(said.Length, 30_000, 31_000);
        Assert.StartsWith("1\n2\n3\n", said);
        Assert.EndsWith("\n99999\n100000", said);
        string file = said.Split("all of it is in ")[1].Split(" …]")[0];
        Assert.Equal(100_000, File.ReadLines(file).Count());
    }

    [Fact]
    public async Task Nothing_can_be_typed_and_no_colours_come_back()
    {
        await using Desk desk = new();
        Assert.Equal("red\n100%", await desk.Ok("Bash", Command("""cat; printf '\033[31mred\033[0m\n10%%\r100%%\n'""")));
    }

    [Fact]
    public async Task Secrets_of_the_environment_do_not_reach_the_command()
    {
        Environment.SetEnvironmentVariable("BALTORO_TEST_API_KEY", "secret");
        await using Desk desk = new();
        Assert.Equal("-", await desk.Ok("Bash", Command("echo $BALTORO_TEST_API_KEY-")));
    }

    [Fact]
    public async Task A_command_in_the_background_is_read_and_ended()
    {
        await using Desk desk = new();
        Assert.Equal("Runs in the background as shell_1.", await desk.Ok("Bash", Command("echo one; echo two; echo $$ > pid; sleep 600", background: true)));
        int pid = await Written(desk.Path("pid"));
        // What a command has written is on its way for a moment yet when its own file is there.
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        string seen;
        while ((seen = await desk.Ok("BashOutput", new() { ["bash_id"] = "shell_1", ["filter"] = "^t" })) == "[shell_1 is running.]") await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        Assert.Equal("two\n[shell_1 is running.]", seen);
        Assert.Equal("[shell_1 is running.]", await desk.Ok("BashOutput", new() { ["bash_id"] = "shell_1" }));
        Assert.Equal("[shell_1 was ended, with all that it had started.]", await desk.Ok("KillShell", new() { ["shell_id"] = "shell_1" }));
        Assert.Equal("[shell_1 had ended before.]", await desk.Ok("KillShell", new() { ["shell_id"] = "shell_1" }));
        Assert.Equal("[shell_1 was ended.]", await desk.Ok("BashOutput", new() { ["bash_id"] = "shell_1" }));
        Assert.Equal("shell_9: there is no such command (shell_1).", await desk.Error("BashOutput", new() { ["bash_id"] = "shell_9" }));
        await Dies(pid);
    }

    [Fact]
    public async Task The_end_of_the_session_ends_what_runs_in_the_background()
    {
        int pid;
        await using (Desk desk = new())
        {
            await desk.Ok("Bash", Command("echo $$ > pid; sleep 600", background: true));
            pid = await Written(desk.Path("pid"));
        }
        await Dies(pid);
    }

    [Fact]
    public async Task Variables_that_are_hidden_by_name_do_not_reach_a_command_nor_python()
    {
        // A name of this test's own, so that no other notices.
        const string Odd = "BALTORO_TEST_ODDLY_NAMED";
        Environment.SetEnvironmentVariable(Odd, "s3cret-value");
        try
        {
            await using (Desk open = new()) Assert.Equal("s3cret-value", await open.Ok("Bash", new() { ["command"] = $"echo ${Odd}" }));
            await using Desk desk = new((_, options) => options with { Confinement = options.Confinement with { Hidden = [Odd] } });
            Assert.DoesNotContain("s3cret-value", await desk.Ok("Bash", new() { ["command"] = "env" }), StringComparison.Ordinal);
            if (Baltoro.Agent.Tools.Python.IsHere) Assert.DoesNotContain("s3cret-value", await desk.Ok("Python", new() { ["code"] = "import os; dict(os.environ)" }), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Odd, null);
        }
    }

    [Fact]
    public async Task A_command_that_replaces_its_shell_ends_like_any_other()
    {
        await using Desk desk = new();
        Assert.Equal("x", await desk.Ok("Bash", Command("exec echo x")));
        Assert.Equal("[Exit code 1]", await desk.Error("Bash", Command("exec false")));
    }

    /// <summary>The system takes a moment to carry out a kill. A process that is dead and not yet reaped does not live.</summary>
    static async Task Dies(int pid)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (Lives(pid)) await look.WaitForNextTickAsync(limit.Token);
    }

    static bool Lives(int pid)
    {
        try
        {
            string state = File.ReadAllText($"/proc/{pid}/stat");
            return state[state.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The number in a file, once a whole line is there.</summary>
    static async Task<int> Written(string path)
    {
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            if (File.Exists(path) && await File.ReadAllTextAsync(path) is [.., '\n'] line) return int.Parse(line);
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
