// The standing instructions of an agent: who it is, where it is, what the project says. It refuses to know tools and tasks.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Baltoro.Agent.Context;

/// <summary>Made once, when a session begins, and kept in its log: whatever changes later, the prefix in front of the model does not.</summary>
public static class SystemPrompt
{
    /// <param name="project">The folder in which the agent works, absolute.</param>
    /// <param name="today">Where the user is.</param>
    public static string For(string project, DateOnly today)
    {
        string instructions = Instructions.Of(project);
        return string.Create(CultureInfo.InvariantCulture,
            $"""
            {Resource.Text("Context.System.md")}

            Working folder: {project}
            Git repository: {(IsInGit(project) ? "yes" : "no")}
            System: {RuntimeInformation.OSDescription}
            Date at the start of the session: {today:yyyy-MM-dd}
            """) + (instructions.Length == 0 ? "" : $"\n\n{instructions}");
    }

    /// <summary>For a model of narrow scope, which was trained under these words and no others.</summary>
    public static string Narrow { get; } = Resource.Text("Context.NarrowPrompt.md");

    static bool IsInGit(string project)
    {
        for (string? folder = project; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Exists(Path.Combine(folder, ".git"))) return true;
        return false;
    }
}
