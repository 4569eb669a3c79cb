// Real attempts to get out of the sandbox. It does not look at how the sandbox is made.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Baltoro.Agent.Tests.Tools;

namespace Baltoro.Agent.Tests.Sandbox;

public class EscapeTests
{
    [Fact]
    public async Task The_project_can_be_worked_in()
    {
        await using Boxed box = await Boxed.Open();
        Assert.Equal("hello", await box.Desk.Ok("Bash", Boxed.Command("echo hello > a && mkdir -p b && mv a b/c && cat b/c")));
        Assert.Equal("hello\n", box.Desk.Content("b/c"));
    }

    [Fact]
    public async Task What_the_shell_puts_into_tmp_is_there_in_the_next_call_and_for_the_file_tools_and_not_on_the_machine()
    {
        await using Boxed box = await Boxed.Open();
        string name = $"baltoro-{Guid.NewGuid():N}";
        await box.Desk.Ok("Bash", Boxed.Command($"echo kept > /tmp/{name}"));
        Assert.Equal("kept", await box.Desk.Ok("Bash", Boxed.Command($"cat /tmp/{name}")));
        Assert.Equal("1\tkept", await box.Desk.Ok("Read", new() { ["file_path"] = $"/tmp/{name}" }));
        Assert.False(File.Exists($"/tmp/{name}"));
    }

    [Theory]
    [InlineData("echo x > {outside}/new")]
    [InlineData("rm -r {outside}/kept")]
    [InlineData("ln -s {outside} way && echo x > way/new")]
    [InlineData("mv {outside}/kept .")]
    [InlineData("ln {outside}/kept mine && echo x > mine")]
    [InlineData("chmod 777 {outside}/kept")]
    [InlineData("mount -o remount,rw /")]
    [InlineData("mount -o remount,rw,bind / && echo x > {outside}/new")]
    [InlineData("umount /tmp")]
    [InlineData("unshare -Urm sh -c 'mount -o remount,rw / && echo x > {outside}/new'")]
    [InlineData("nsenter -t 1 -m sh -c 'echo x > {outside}/new'")]
    [InlineData("chroot /proc/1/root sh -c 'echo x > {outside}/new'")]
    [InlineData("echo x > /proc/1/root{outside}/new")]
    [InlineData("echo x > /proc/self/root{outside}/new")]
    [InlineData("mknod disk b 254 0 && cat disk")]
    [InlineData("echo x >> /etc/passwd")]
    [InlineData("touch $HOME/.profile-new")]
    public async Task Nothing_outside_the_project_is_changed(string attempt)
    {
        // Where the repository lies below /tmp, which is another one inside, it is not even seen.
        string outside = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"outside-{Guid.NewGuid():N}")).FullName;
        try
        {
            await using Boxed box = await Boxed.Open();
            string kept = Path.Combine(outside, "kept");
            await File.WriteAllTextAsync(kept, "as it was");
            UnixFileMode mode = Mode(kept);
            await box.Desk.Error("Bash", Boxed.Command(attempt.Replace("{outside}", outside)));
            Assert.Equal([kept], Directory.GetFileSystemEntries(outside));
            Assert.Equal(("as it was", mode), (await File.ReadAllTextAsync(kept), Mode(kept)));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    /// <summary>They are opened for writing, which is what must fail, and nothing is written.</summary>
    [Theory]
    [InlineData("/proc/sys/kernel/core_pattern"), InlineData("/proc/sys/kernel/hostname"), InlineData("/proc/sys/kernel/modprobe"), InlineData("/proc/sysrq-trigger")]
    [InlineData("/sys/kernel/uevent_helper"), InlineData("/sys/fs/cgroup/cgroup.procs"), InlineData("/dev/sda"), InlineData("/dev/vda"), InlineData("/dev/mem"), InlineData("/dev/kmsg")]
    public async Task The_kernels_own_files_cannot_be_written(string file)
    {
        await using Boxed box = await Boxed.Open();
        await box.Desk.Error("Bash", Boxed.Command($"[ -e {file} ] && : >> {file}"));
    }

    [Fact]
    public async Task There_is_no_network_not_even_to_this_machine()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using (Desk open = new()) await open.Ok("Bash", Boxed.Command($"exec 3<>/dev/tcp/127.0.0.1/{port}"));
        await using Boxed box = await Boxed.Open();
        await box.Desk.Error("Bash", Boxed.Command($"exec 3<>/dev/tcp/127.0.0.1/{port}"));
    }

    [Fact]
    public async Task With_the_network_allowed_there_is_one()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        await using Boxed box = await Boxed.Open(network: true);
        await box.Desk.Ok("Bash", Boxed.Command($"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}"));
    }

    [Fact]
    public async Task Sockets_of_services_are_out_of_reach()
    {
        if (!Directory.Exists("/run")) Assert.Skip("This machine has no /run.");
        string path = $"/run/baltoro-{Guid.NewGuid():N}.sock";
        using Socket service = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            service.Bind(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            Assert.Skip("/run is not writable for this user.");
        }
        try
        {
            await using Boxed box = await Boxed.Open();
            await box.Desk.Error("Bash", Boxed.Command($"test -e {path}"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Processes_outside_are_neither_seen_nor_signalled_nor_traced()
    {
        await using Boxed box = await Boxed.Open();
        using Process outside = Process.Start("sleep", "600");
        try
        {
            await box.Desk.Error("Bash", Boxed.Command($"kill -9 {outside.Id}"));
            await box.Desk.Error("Bash", Boxed.Command("kill -9 -1; pgrep -x sleep"));
            await box.Desk.Error("Bash", Boxed.Command($"cat /proc/{outside.Id}/environ"));
            await box.Desk.Error("Bash", Boxed.Command($"strace -p {outside.Id}"));
            Assert.False(outside.HasExited);
        }
        finally
        {
            outside.Kill();
        }
    }

    [Fact]
    public async Task Nothing_inside_has_a_capability_or_can_gain_one()
    {
        await using Boxed box = await Boxed.Open();
        Assert.Equal("CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1",
            await box.Desk.Ok("Bash", Boxed.Command("grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status")));
        await box.Desk.Error("Bash", Boxed.Command("cp /bin/bash own && chmod u+s own && su -c 'mount -t tmpfs x /mnt'"));
    }

    [Theory]
    [InlineData(".git/hooks/post-checkout"), InlineData(".git/config"), InlineData(".baltoro/config.json"), InlineData(".mcp.json"), InlineData(".git/info/attributes"), InlineData(".git/modules/a/b/config")]
    public async Task What_would_run_outside_later_cannot_be_planted(string file)
    {
        await using Boxed box = await Boxed.Open(desk =>
        {
            foreach (string there in (string[])[".git/hooks/sample", ".git/config", ".git/info/exclude", ".git/modules/a/b/HEAD", ".git/modules/a/b/config", ".baltoro/config.json", ".mcp.json"]) desk.File(there, "before");
        });
        await box.Desk.Error("Bash", Boxed.Command($"echo evil > {file}"));
        await box.Desk.Error("Bash", Boxed.Command($"rm -rf {file.Split('/')[0]}"));
        string place = Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : file;
        await box.Desk.Error("Bash", Boxed.Command($"mv {place} away"));
        Assert.All((string[])[".git/config", ".git/info/exclude", ".git/modules/a/b/config", ".baltoro/config.json", ".mcp.json"], there => Assert.Equal("before", box.Desk.Content(there)));
        Assert.False(File.Exists(box.Desk.Path(".git/hooks/post-checkout")));
        Assert.False(File.Exists(box.Desk.Path(".git/info/attributes")));
    }

    [Theory]
    [InlineData("echo ../elsewhere > .git/commondir"), InlineData("ln -s ../elsewhere .git/commondir"), InlineData("mkdir -p .git/commondir/x"), InlineData("setsid sh -c 'echo x > .git/commondir; sleep 600' & while [ ! -e .git/commondir ]; do :; done")]
    [InlineData("mkdir -p .git/info && echo '* filter=evil' > .git/info/attributes"), InlineData("echo '[core] fsmonitor = evil' > .git/config.worktree")]
    public async Task A_repository_without_them_gets_no_files_that_lead_git_elsewhere(string attempt)
    {
        await using Boxed box = await Boxed.Open(desk => desk.File(".git/config", "before"));
        await box.Desk.Call("Bash", Boxed.Command(attempt));
        Assert.False(Path.Exists(box.Desk.Path(".git/commondir")));
        Assert.Null(new FileInfo(box.Desk.Path(".git/commondir")).LinkTarget);
        Assert.False(File.Exists(box.Desk.Path(".git/info/attributes")));
        Assert.Equal("", File.Exists(box.Desk.Path(".git/config.worktree")) ? box.Desk.Content(".git/config.worktree") : "");
    }

    static void NeedGit()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true") Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Join(folder, "git"))), "git is not installed.");
    }

    [Fact]
    public async Task A_repository_that_a_command_makes_keeps_its_history_and_has_the_users_git_run_nothing()
    {
        NeedGit();
        await using Boxed box = await Boxed.Open();
        await box.Desk.Ok("Bash", Boxed.Command("""
            git init -q && git config user.name me && git config user.email a@b && echo x > a && git add a && git commit -qm one && git checkout -qb next
            printf '#!/bin/sh\ntouch "%s/ran"\n' "$PWD" > evil && chmod +x evil && cp evil .git/hooks/post-checkout
            git config core.fsmonitor "$PWD/evil" && git config core.pager ./evil && git config alias.st '!./evil' && git config include.path ../more
            printf '[core]\n\tfsmonitor = %s/evil\n' "$PWD" | tee more .git/config.worktree > .git/commondir-not && mkdir -p .git/commondir && rm -f ran
            """));
        Assert.Equal("one\n", await Git(box.Desk, "log", "--format=%s"));
        Assert.Equal("me\n", await Git(box.Desk, "config", "--get", "user.name"));
        await Git(box.Desk, "status");
        await Git(box.Desk, "checkout", "-qb", "third");
        await Git(box.Desk, "st");
        Assert.False(File.Exists(box.Desk.Path("ran")));
        Assert.All(Directory.GetFiles(box.Desk.Path(".git/hooks")), hook => Assert.EndsWith(".sample", hook, StringComparison.Ordinal));

        // From now on it is one that was there.
        await box.Desk.Error("Bash", Boxed.Command("git config core.fsmonitor ./evil"));
        await box.Desk.Error("Bash", Boxed.Command("cp evil .git/hooks/post-checkout"));
        await box.Desk.Ok("Bash", Boxed.Command("git commit -q --allow-empty -m two"));
    }

    [Theory]
    [InlineData("mkdir elsewhere && git init -q elsewhere && ln -s elsewhere/.git .git")]
    [InlineData("git init -q --separate-git-dir=elsewhere .")]
    [InlineData("mkfifo .git")]
    public async Task What_only_leads_to_a_repository_elsewhere_does_not_stay(string attempt)
    {
        NeedGit();
        await using Boxed box = await Boxed.Open();
        await box.Desk.Ok("Bash", Boxed.Command(attempt));
        Assert.False(Path.Exists(box.Desk.Path(".git")));
    }

    [Theory]
    [InlineData("mkdir .git && ln -s {outside}/kept .git/config"), InlineData("mkdir .git && ln -s {outside} .git/hooks"), InlineData("mkdir -p .git/hooks && ln -s {outside} .git/hooks/x && ln -s {outside} .git/commondir")]
    [InlineData("mkdir .git && mkfifo .git/config")]
    public async Task To_look_after_a_repository_leads_nowhere_else(string attempt)
    {
        using Scratch scratch = new();
        string outside = scratch.Folder("outside"), kept = Path.Combine(outside, "kept");
        await File.WriteAllTextAsync(kept, "as it was");
        await using Boxed box = await Boxed.Open();
        await box.Desk.Ok("Bash", Boxed.Command(attempt.Replace("{outside}", outside)));
        Assert.Equal("as it was", await File.ReadAllTextAsync(kept));
        Assert.Null(new FileInfo(box.Desk.Path(".git/config")).LinkTarget);
        Assert.Null(new FileInfo(box.Desk.Path(".git/hooks")).LinkTarget);
        Assert.Null(new FileInfo(box.Desk.Path(".git/hooks/x")).LinkTarget);
        Assert.Equal("", File.Exists(box.Desk.Path(".git/config")) ? box.Desk.Content(".git/config") : "");
    }

    static async Task<string> Git(Desk desk, params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = desk.Project, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await errors;
        return output;
    }

    [Fact]
    public async Task Git_itself_works_inside()
    {
        NeedGit();
        await using Boxed box = await Boxed.Open(desk => Process.Start(new ProcessStartInfo("git", ["init", "-q"]) { WorkingDirectory = desk.Project })!.WaitForExit());
        await box.Desk.Ok("Bash", Boxed.Command("echo x > a && git add a && git -c user.name=a -c user.email=a@b commit -qm one && git checkout -qb next && git log --oneline"));
        using Process outside = Process.Start(new ProcessStartInfo("git", ["log", "--format=%s", "next"]) { WorkingDirectory = box.Desk.Project, RedirectStandardOutput = true })!;
        Assert.Equal("one\n", await outside.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task All_inside_ends_with_the_call_also_what_left_its_group()
    {
        await using Boxed box = await Boxed.Open();
        string mark = $"6{Random.Shared.Next(100_000, 999_999)}";
        await box.Desk.Ok("Bash", Boxed.Command($"setsid sleep {mark} >/dev/null 2>&1 & disown; echo done"));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (Processes().Any(line => line.Contains(mark))) await look.WaitForNextTickAsync(limit.Token);

        static IEnumerable<string> Processes()
        {
            foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            {
                string line = "";
                try
                {
                    line = File.ReadAllText(Path.Combine(folder, "cmdline"));
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
                yield return line;
            }
        }
    }

    [Fact]
    public async Task Memory_is_limited()
    {
        await using Boxed box = await Boxed.Open(change: box => box with { Memory = 256 << 20 });
        await box.Desk.Error("Bash", Boxed.Command("head -c 600M /dev/zero | tail -c 500M | wc -c; exit ${PIPESTATUS[1]}"));
    }
}
