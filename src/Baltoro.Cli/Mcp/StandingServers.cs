// The MCP servers that a folder has: those that may be started, and those that somebody has to be asked about first. It starts none.

using System.Text;
using Baltoro.Agent.Mcp;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Mcp;

/// <summary>A server of the project's own .mcp.json. Whoever cloned the project has not chosen it.</summary>
/// <param name="Text">Its description as it is written, variables not replaced, fit for a line on a terminal.</param>
/// <param name="Mark">What an approval is remembered by.</param>
sealed record ProjectServer(McpServer Server, string Text, string Mark, Approval Approval);

/// <param name="Own">From the user's configuration.</param>
/// <param name="Projects">From the project, approved or not, without those that the user has under the same name.</param>
/// <param name="Problems">What is wrong with the project's file, as sentences: no reason not to work in it.</param>
/// <param name="Named">The variables that the project's file names, whether its servers are allowed or not.</param>
sealed record StandingServers(Sequence<McpServer> Own, Sequence<ProjectServer> Projects, Sequence<string> Problems, Sequence<string> Named)
{
    public const string FileName = ".mcp.json";

    /// <summary>Bytes of it; nobody describes servers at such length.</summary>
    const int LargestFile = 1 << 20;

    /// <summary>Those that may be started, the user's first.</summary>
    public Sequence<McpServer> Allowed => [.. Own, .. Projects.Where(each => each.Approval == Approval.Given).Select(each => each.Server)];

    /// <summary>Those that nobody has said anything about.</summary>
    public Sequence<ProjectServer> Unknown => Projects.Where(each => each.Approval == Approval.Unknown).ToSequence();

    /// <exception cref="UserException">A server of the user's own configuration is not well described.</exception>
    public static StandingServers In(string folder, Sequence<ServerWords> configured, IReadOnlyDictionary<string, string> environment, ServerApprovals approvals)
    {
        List<McpServer> own = [];
        List<string> wrong = [];
        foreach (ServerWords words in configured)
        {
            try
            {
                own.Add(McpFile.Server(words.Name, words.Json, Variable));
            }
            catch (FormatException e)
            {
                wrong.Add(TerminalText.SafeLine($"{words.At}: {e.Message}"));
            }
        }
        if (wrong.Count > 0) throw new UserException(string.Join(Environment.NewLine, wrong));

        string path = Path.Combine(folder, FileName);
        SmallText file = SmallText.Read(path, LargestFile);
        McpReading read = file switch
        {
            SmallText.Whole whole => McpFile.Read(whole.Content, path, Variable),
            SmallText.Refused refused => new([], [$"{path}: {refused.Why}"]),
            _ => new([], []),
        };
        return new([.. own],
            [
                .. read.Entries.Where(entry => own.All(each => each.Name != entry.Server.Name)).Select(entry =>
                {
                    string mark = ServerApprovals.Mark(folder, entry.Server.Name, entry.Text);
                    return new ProjectServer(entry.Server, TerminalText.SafeLine(OnOneLine(entry.Text)), mark, approvals.Of(mark));
                }),
            ],
            [.. read.Problems.Select(TerminalText.SafeLine)],
            file is SmallText.Whole { Content: var content } ? SecretVariables.NamedIn(content) : []);

        string? Variable(string name) => environment.GetValueOrDefault(name);
    }

    /// <summary>Without the white space between its parts, so that nothing is pushed out of sight.</summary>
    static string OnOneLine(string json)
    {
        StringBuilder line = new();
        bool isText = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (isText && json[i] == '\\') line.Append(json[i++]);
            else if (json[i] == '"') isText = !isText;
            if (isText || !char.IsWhiteSpace(json[i])) line.Append(json[i]);
        }
        return line.ToString();
    }
}
