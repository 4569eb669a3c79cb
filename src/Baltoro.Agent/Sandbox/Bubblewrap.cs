// The box that bubblewrap builds around a program: a read-only machine with a writable project. It refuses to know what runs inside.

using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Sandbox;

public abstract partial record Confinement
{
    /// <summary>
    /// Linux namespaces, by the program <c>bwrap</c>. Inside, everything can be read except secrets and written only in the project, the
    /// session's folders and <c>/tmp</c>; there is no network, no capability, no other process and no socket of the machine's services.
    /// When the agent dies, so does everything inside. Made by <see cref="SandboxSearch.Find"/>.
    /// </summary>
    public sealed record Bubblewrap : Confinement
    {
        /// <summary>Where <c>bwrap</c> is installed.</summary>
        public required string Program { get; init; }

        /// <summary>The project's folder. Absolute, links followed.</summary>
        public required string Project { get; init; }

        /// <summary>The session's folder for long outputs. Absolute, links followed; it exists.</summary>
        public required string Scratch { get; init; }

        /// <summary>What programs see as <c>/tmp</c>. Absolute, links followed; it exists. Give <see cref="ToolSetOptions.PrivateTmp"/> the same.</summary>
        public required string PrivateTmp { get; init; }

        /// <summary>Whether programs reach the network, and then also services that listen on this machine.</summary>
        public bool Network { get; init; }

        /// <summary>Other folders that may be written. Absolute, links followed; they exist.</summary>
        public Sequence<string> Writable { get; init; }

        /// <summary>Bytes of memory of its own that one process may have (RLIMIT_DATA); null for no limit.</summary>
        public long? Memory { get; init; }

        /// <summary>Processes inside (RLIMIT_NPROC); the kernel does not hold root to it.</summary>
        public const int MaxProcesses = 2048;

        /// <summary>In the project, what makes programs outside of the box run something: only people change it.</summary>
        static readonly string[] Protected = [".git/hooks", ".git/config", ".baltoro", ".mcp.json", ".claude"];

        /// <summary>In the home folder, what would be worth stealing.</summary>
        static readonly string[] Secret =
        [
            ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".netrc", ".git-credentials", ".npmrc", ".pypirc", ".bash_history",
            ".config/gcloud", ".config/gh", ".config/git/credentials", ".config/baltoro", ".local/state/baltoro", ".local/share/keyrings", ".mozilla", ".claude", ".claude.json",
        ];

        internal override Sequence<string> Around(Sequence<string> command, string folder)
        {
            List<string> all =
            [
                Program,
                "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL", "--die-with-parent", "--new-session",
                "--ro-bind", "/", "/",
                "--dev", "/dev",
                // Read-only, because root of the machine, which has no power in here otherwise, may write /proc/sys.
                "--proc", "/proc", "--remount-ro", "/proc",
                // A socket can be connected to on a read-only file system too; services have theirs here.
                "--tmpfs", "/run",
                "--bind", PrivateTmp, "/tmp",
            ];
            if (!Network) all.Add("--unshare-net");
            else all.AddRange("--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve");
            if (Directory.Exists("/var/run") && new DirectoryInfo("/var/run").LinkTarget is null) all.AddRange("--tmpfs", "/var/run");
            if (Directory.Exists("/var/tmp")) all.AddRange("--tmpfs", "/var/tmp");
            foreach (string open in (string[])[.. Writable, Project]) all.AddRange("--bind", open, open);
            foreach (string kept in Protected.Select(name => Path.Join(Project, name)).Where(IsPlain)) all.AddRange("--ro-bind", kept, kept);
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            foreach (string secret in Secret.Select(name => Path.Join(home, name)).Where(IsPlain))
            {
                if (Workspace.IsWithin(Project, secret)) continue;
                if (Directory.Exists(secret)) all.AddRange("--tmpfs", secret);
                else all.AddRange("--ro-bind", "/dev/null", secret);
            }
            all.AddRange("--bind", Scratch, Scratch, "--chdir", folder);
            // Programs that insist on writing below the home folder.
            foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("TMPDIR", "/tmp"), ("XDG_CACHE_HOME", "/tmp/.cache"), ("DOTNET_CLI_HOME", "/tmp"), ("npm_config_cache", "/tmp/.npm")])
                all.AddRange("--setenv", name, value);
            all.Add("--");
            if (ChildProcesses.Find("prlimit") is { } limit)
            {
                all.AddRange(limit, "--core=0", $"--nproc={MaxProcesses}");
                if (Memory is { } memory) all.Add($"--data={memory}");
                all.Add("--");
            }
            return [.. all, .. command];
        }

        /// <summary>Whether something is there that can be mounted over. Behind a link it is protected where it really is, or not ours.</summary>
        static bool IsPlain(string path) => Path.Exists(path) && new FileInfo(path).LinkTarget is null && RealPath.Of(path) == path;
    }
}

