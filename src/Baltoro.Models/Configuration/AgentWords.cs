// What a configuration says about the agent, as it is written there; it refuses to know tools, rules and servers.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <summary>A text of a configuration and where it stands, for whoever understands it and has to complain.</summary>
public sealed record Written(Spot At, string Text);

/// <summary>Permission rules, the user's and then the project's; a project's file has none that allow.</summary>
public sealed record PermissionWords(Sequence<Written> Allow, Sequence<Written> Ask, Sequence<Written> Deny)
{
    public static readonly PermissionWords None = new([], [], []);
}

/// <summary>An MCP server that the user's own file names.</summary>
/// <param name="Json">What stands behind the name, comments left out and variables not yet replaced.</param>
public sealed record ServerWords(Spot At, string Name, string Json);

/// <summary>Reads both from the files as they are written: a later file adds to the rules of an earlier one and takes none away.</summary>
static class AgentReader
{
    /// <summary>Members of the root that are read here and not merged.</summary>
    public static readonly Sequence<string> Members = ["permissions", "mcpServers"];

    /// <summary>A project's <c>allow</c> is complained of by <see cref="ProjectRules"/> and left out.</summary>
    public static PermissionWords Permissions(Node.Object user, Node.Object project, List<Problem> problems)
    {
        PermissionWords own = Permissions(user, problems), theirs = Permissions(project, problems);
        return new(own.Allow, [.. own.Ask, .. theirs.Ask], [.. own.Deny, .. theirs.Deny]);
    }

    static PermissionWords Permissions(Node.Object file, List<Problem> problems)
    {
        if (new Fields(file, problems).Object("permissions") is not { } said) return PermissionWords.None;
        PermissionWords words = new(Rules(said, "allow"), Rules(said, "ask"), Rules(said, "deny"));
        said.Close();
        return words;
    }

    static Sequence<Written> Rules(Fields said, string name) => (said.Texts(name) ?? []).Select(text => new Written(text.At, text.Value)).ToSequence();

    public static Sequence<ServerWords> Servers(Node.Object user, List<Problem> problems) =>
        (new Fields(user, problems).Object("mcpServers")?.Members ?? []).Where(member => member.Value is not Node.Null)
            .Select(member => new ServerWords(member.Value.At, member.Name, member.Value.Json())).ToSequence();
}
