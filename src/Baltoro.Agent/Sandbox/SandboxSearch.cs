// Whether this machine can build the box, tried and not assumed. It does not decide what to do without one.

using System.ComponentModel;
using System.Diagnostics;
using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Sandbox;

/// <summary>What was found.</summary>
public abstract record SandboxSearch
{
    private SandboxSearch() { }

    /// <param name="Tried">The box that an empty program was started in.</param>
    public sealed record Works(Confinement.Bubblewrap Tried) : SandboxSearch
    {
        /// <summary>The box for a session's programs.</summary>
        /// <param name="scratch">The session's folder; made when it is missing. Programs see its folder <c>tmp</c> as <c>/tmp</c>.</param>
        public Confinement.Bubblewrap For(string scratch)
        {
            string tmp = Path.Join(scratch, "tmp");
            Directory.CreateDirectory(tmp);
            return Tried with { Scratch = RealPath.Of(Path.GetFullPath(scratch)), PrivateTmp = RealPath.Of(Path.GetFullPath(tmp)) };
        }
    }

    /// <param name="Advice">A sentence for the user: what to install.</param>
    public sealed record NotInstalled(string Advice) : SandboxSearch;

    /// <summary>It is installed, but the system does not let it work.</summary>
    /// <param name="Why">What it said, for the user.</param>
    public sealed record Forbidden(string Why) : SandboxSearch;

    /// <summary>Starts an empty program in a box for this project; takes some ten milliseconds.</summary>
    /// <param name="project">It exists.</param>
    /// <param name="network">Whether programs reach the network.</param>
    public static async Task<SandboxSearch> Find(string project, bool network = false, CancellationToken cancellation = default)
    {
        if (!OperatingSystem.IsLinux()) return new NotInstalled("The sandbox needs Linux (bubblewrap).");
        if (ChildProcesses.Find("bwrap") is not { } program) return new NotInstalled("The sandbox needs bubblewrap: apt-get install bubblewrap, dnf install bubblewrap.");
        string real = RealPath.Of(Path.GetFullPath(project));
        Confinement.Bubblewrap box = new()
        {
            Program = program,
            Project = real,
            Scratch = real,
            Network = network,
            // What one process may take and leave the machine usable.
            Memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3,
        };
        try
        {
            using Process process = ChildProcesses.Start(box.Around(["true"], box.Project), box.Project);
            process.StandardInput.Close();
            string said = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? new Works(box) : new Forbidden($"bubblewrap cannot build a sandbox here: {said.Trim()}");
        }
        catch (Win32Exception e)
        {
            return new Forbidden($"{program} cannot be started: {e.Message}");
        }
    }
}
