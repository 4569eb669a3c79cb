// The box that bubblewrap builds around a program: a read-only machine with a writable project. It refuses to know what runs inside.

using Baltoro.Agent.Permissions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Sandbox;

public abstract partial record Confinement
{
    /// <summary>
    /// Linux namespaces, by the program <c>bwrap</c>. Inside, everything can be read except secrets and written only in the project and in
    /// <c>/tmp</c>; there is no network, no capability, no other process and no socket of the machine's services.
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

        /// <summary>
        /// What programs see as <c>/tmp</c>. Absolute, links followed; it exists. Give <see cref="ToolSetOptions.PrivateTmp"/> the same. Null for an empty
        /// folder of each program's own.
        /// </summary>
        public string? PrivateTmp { get; init; }

        /// <summary>Whether programs reach the network, and then also services that listen on this machine.</summary>
        public bool Network { get; init; }

        /// <summary>Other folders that may be written. Absolute, links followed; they exist.</summary>
        public Sequence<string> Writable { get; init; }

        /// <summary>Bytes of memory of its own that one process may have (RLIMIT_DATA); null for no limit.</summary>
        public long? Memory { get; init; }

        /// <summary>Processes inside (RLIMIT_NPROC); the kernel does not hold root to it.</summary>
        public const int MaxProcesses = 2048;

        /// <summary>Bytes of one file that a program writes (RLIMIT_FSIZE).</summary>
        public long LargestFile { get; init; } = 8L << 30;

        /// <summary>In the project, what makes programs outside of the box run something: only people change it.</summary>
        static readonly string[] Protected = [".baltoro", ".mcp.json", ".claude"];

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
                .. PrivateTmp is { } tmp ? (string[])["--bind", tmp, "/tmp"] : ["--tmpfs", "/tmp"],
            ];
            if (!Network) all.Add("--unshare-net");
            else all.AddRange("--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve");
            if (Directory.Exists("/var/run") && new DirectoryInfo("/var/run").LinkTarget is null) all.AddRange("--tmpfs", "/var/run");
            if (Directory.Exists("/var/tmp")) all.AddRange("--tmpfs", "/var/tmp");
            foreach (string open in (string[])[.. Writable, Project]) all.AddRange("--bind", open, open);
            all.AddRange(Repository());
            foreach (string kept in Protected.Select(name => Path.Join(Project, name)).Where(IsPlain)) all.AddRange("--ro-bind", kept, kept);
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            foreach (string secret in Place.Secret.Select(name => Path.Join(home, name)).Where(IsPlain))
            {
                if (Workspace.IsWithin(Project, secret)) continue;
                if (Directory.Exists(secret)) all.AddRange("--tmpfs", secret);
                else all.AddRange("--ro-bind", "/dev/null", secret);
            }
            // Not to be written: the agent itself writes there, and would follow a link that lies in wait for it.
            all.AddRange("--ro-bind", Scratch, Scratch, "--chdir", folder);
            // Programs that insist on writing below the home folder.
            foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("TMPDIR", "/tmp"), ("XDG_CACHE_HOME", "/tmp/.cache"), ("DOTNET_CLI_HOME", "/tmp"), ("npm_config_cache", "/tmp/.npm")])
                all.AddRange("--setenv", name, value);
            all.Add("--");
            if (ChildProcesses.Find("prlimit") is { } limit)
            {
                all.AddRange(limit, "--core=0", $"--nproc={MaxProcesses}", $"--fsize={LargestFile}");
                if (Memory is { } memory) all.Add($"--data={memory}");
                all.Add("--");
            }
            return [.. all, .. command];
        }

        /// <summary>
        /// Nothing can be mounted over what is not there, and an empty file in its place would keep git from working. So a program can make a repository,
        /// or say in a <c>commondir</c> that the configuration of the one that is there lies elsewhere; what would have git run something is taken away again.
        /// </summary>
        internal override Action Aftermath()
        {
            string git = Path.Join(Project, ".git"), elsewhere = Path.Join(git, "commondir");
            if (!Path.Exists(git)) return () => NewRepository.Tame(git);
            return Path.Exists(elsewhere) ? base.Aftermath() : () => NewRepository.Remove(elsewhere);
        }

        /// <summary>
        /// What git has run, or reads to know what to run, is kept as it is, and kept from being moved away: what is mounted cannot be renamed. Of a
        /// worktree, the file that leads to its repository.
        /// </summary>
        IEnumerable<string> Repository()
        {
            string git = Path.Join(Project, ".git");
            if (!IsPlain(git)) return [];
            if (!Directory.Exists(git)) return ["--ro-bind", git, git];
            return ["--bind", git, git, .. Kept(git), .. Submodules(Path.Join(git, "modules"), 3)];
        }

        /// <summary>In one of git's folders: hooks, attributes that choose filters, and what says which hooks, filters and commands there are.</summary>
        static IEnumerable<string> Kept(string git) =>
        [
            .. ((string[])["hooks", "info"]).Select(name => Path.Join(git, name)).SelectMany(folder =>
                IsPlain(folder) ? (string[])["--ro-bind", folder, folder] : Path.Exists(folder) ? [] : ["--tmpfs", folder, "--remount-ro", folder]),
            .. ((string[])["config", "config.worktree"]).Select(name => Path.Join(git, name)).SelectMany(file =>
                IsPlain(file) ? (string[])["--ro-bind", file, file] : Path.Exists(file) ? [] : ["--ro-bind", "/dev/null", file]),
        ];

        /// <summary>The repositories of submodules, whose names may be paths. Each folder on the way is mounted too, or it could be moved away with what is mounted in it.</summary>
        static IEnumerable<string> Submodules(string folder, int depth)
        {
            if (depth < 0 || !IsPlain(folder) || !Directory.Exists(folder)) return [];
            // A command can take away its HEAD, but not its configuration.
            bool isRepository = File.Exists(Path.Join(folder, "HEAD")) || File.Exists(Path.Join(folder, "config"));
            return ["--bind", folder, folder, .. isRepository ? Kept(folder) : Directory.GetDirectories(folder).SelectMany(inner => Submodules(inner, depth - 1)),
                .. isRepository ? Submodules(Path.Join(folder, "modules"), depth) : []];
        }

        /// <summary>Whether something is there that can be mounted over. Behind a link it is protected where it really is, or not ours.</summary>
        static bool IsPlain(string path) => Path.Exists(path) && new FileInfo(path).LinkTarget is null && RealPath.Of(path) == path;
    }
}

