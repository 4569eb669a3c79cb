// Which places of a machine are more than a part of the project: what would be run later, what holds secrets, what lies outside. It knows no rule.

using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Permissions;

/// <summary>Where a path leads, as far as it matters for permission.</summary>
/// <param name="Warning">Why a person is asked whatever the posture, as a sentence; null for an ordinary place.</param>
/// <param name="Guard">A rule that allows opens the place only when it names this folder or something in it; <c>/</c> for any that covers it.</param>
readonly record struct Place(string? Warning, string Guard)
{
    const string Anywhere = "/";

    /// <summary>In the project, what makes programs run something later: only with a person's yes.</summary>
    static readonly string[] Planted = [".git", ".baltoro", ".mcp.json", ".claude"];

    /// <summary>In the home folder: not even read.</summary>
    internal static readonly string[] Secret =
    [
        ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".netrc", ".git-credentials", ".npmrc", ".pypirc", ".bash_history", ".zsh_history",
        ".config/gcloud", ".config/gh", ".config/git/credentials", ".config/baltoro", ".local/state/baltoro", ".local/share/keyrings", ".mozilla", ".claude", ".claude.json",
    ];

    public static readonly Place Ordinary = new(null, Anywhere);

    public static Place ToWrite(string path, Workspace workspace)
    {
        if (Real(path) is not { } real) return Circle(path);
        if (Planted.Select(name => Path.Join(workspace.Folder, name)).FirstOrDefault(planted => Workspace.IsWithin(real, planted)) is { } guard)
            return new($"{workspace.Shown(path)} decides what other programs run.", guard);
        if (IsOwn(real, workspace) || Workspace.IsWithin(real, workspace.Folder)) return Ordinary;
        return new($"{path} is outside of the project{(real == path ? "" : $" (it leads to {real})")}.", Anywhere);
    }

    public static Place ToRead(string path, Workspace workspace)
    {
        if (Real(path) is not { } real) return Circle(path);
        if (IsOwn(real, workspace)) return Ordinary;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (Secret.Select(name => Path.Join(home, name)).FirstOrDefault(secret => Workspace.IsWithin(real, secret)) is { } guard) return new($"{real} holds secrets.", guard);
        // A process's environment is among what the system tells of it, with our keys in it.
        if (Workspace.IsWithin(real, "/proc") && real.Length > "/proc/".Length && char.IsAsciiDigit(real["/proc/".Length]))
            return new($"{real} holds what a process knows.", real);
        return Workspace.IsWithin(path, workspace.Folder) && !Workspace.IsWithin(real, workspace.Folder)
            ? new($"{workspace.Shown(path)} looks like a part of the project and leads to {real}.", Anywhere) : Ordinary;
    }

    /// <summary>Whether secrets lie somewhere in this folder, which is then the home folder or one above it.</summary>
    public static bool HoldsSecrets(string path) => Workspace.IsWithin(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Path.TrimEndingDirectorySeparator(path));

    /// <summary>Whether it is the session's, to be written without a word.</summary>
    public static bool IsOwn(string real, Workspace workspace) =>
        Workspace.IsWithin(real, workspace.Scratch) || workspace.PrivateTmp is { } tmp && Workspace.IsWithin(real, tmp);

    /// <summary>With links followed; null where they lead in a circle.</summary>
    public static string? Real(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    static Place Circle(string path) => new($"{path} leads in a circle.", Anywhere);
}
