// What a person has said about the MCP servers of projects, remembered in the state folder. It refuses to know servers.

using System.Security.Cryptography;
using System.Text;
using Baltoro.Models;

namespace Baltoro.Cli.Mcp;

enum Approval
{
    /// <summary>Nobody has been asked about this description in this folder.</summary>
    Unknown,
    Given,
    Refused,
}

/// <summary>
/// One line for each: <c>yes</c> or <c>no</c>, a mark, and what it is about for whoever reads the file. The last line about a mark holds. Safe to use
/// from several processes: the last one to write wins.
/// </summary>
/// <param name="state">The state folder, which need not exist; null where there is none, and nothing is remembered.</param>
sealed class ServerApprovals(string? state)
{
    const string FileName = "mcp-servers";

    /// <summary>
    /// Of the folder, the name and every byte of the description: a changed one is asked about again, and so is the same one in another folder, where
    /// its relative paths mean other programs.
    /// </summary>
    public static string Mark(string folder, string name, string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{folder}\0{name}\0{text}")));

    public Approval Of(string mark)
    {
        string? last = Lines().LastOrDefault(line => line.Split(' ') is [_, var about, ..] && about == mark);
        return last is null ? Approval.Unknown : last.StartsWith("yes ", StringComparison.Ordinal) ? Approval.Given : Approval.Refused;
    }

    /// <param name="about">The server and its folder, for people.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Remember(string mark, bool isGiven, string about)
    {
        if (state is null) return;
        IEnumerable<string> others = Lines().Where(line => line.Split(' ') is not [_, var said, ..] || said != mark);
        AtomicFile.Write(Path.Combine(state, FileName), string.Concat(others.Append($"{(isGiven ? "yes" : "no")} {mark} {about.ReplaceLineEndings(" ")}").Select(line => line + "\n")));
    }

    string[] Lines()
    {
        if (state is null) return [];
        try
        {
            return File.ReadAllLines(Path.Combine(state, FileName));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
