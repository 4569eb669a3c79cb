// `baltoro mcp`: which MCP servers this folder has and which of them may be started; allows and forbids those that the project brings. It starts none.

using System.CommandLine;
using Baltoro.Agent.Mcp;
using Baltoro.Agent.Tools;
using Baltoro.Cli.Mcp;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class McpCommand
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Command command = new("mcp", "List the MCP servers of this folder, and say which of the project's own may be started.")
        {
            Saying("allow", "Let servers of this project's .mcp.json be started, as they are described now.", isGiven: true, look),
            Saying("forbid", "Leave servers of this project's .mcp.json out, and do not ask about them again.", isGiven: false, look),
            ConfigurationLoading.Option,
        };
        command.SetAction(parsed => Guarded(parsed, () => List(Open(look(), parsed.GetValue(ConfigurationLoading.Option)).Servers, parsed.InvocationConfiguration.Output)));
        return command;
    }

    static Command Saying(string word, string description, bool isGiven, Func<Surroundings> look)
    {
        Argument<string[]> names = new("NAME") { Description = "A server's name.", Arity = ArgumentArity.OneOrMore };
        Command command = new(word, description) { names };
        command.SetAction(parsed => Guarded(parsed, () =>
        {
            Surroundings around = look();
            (StandingServers servers, ServerApprovals approvals) = Open(around, parsed.GetValue(ConfigurationLoading.Option));
            ProjectServer[] found = [.. parsed.GetValue(names)!.Select(name => servers.Projects.FirstOrDefault(each => each.Server.Name == name)
                ?? throw new UserException($"This project's {StandingServers.FileName} has no server \"{name}\"{(servers.Projects.IsEmpty ? "." : $": it has {string.Join(", ", servers.Projects.Select(each => each.Server.Name))}.")}"))];
            foreach (ProjectServer server in found)
            {
                approvals.Remember(server.Mark, isGiven, $"{server.Server.Name} in {around.Folder}");
                parsed.InvocationConfiguration.Output.WriteLine($"{server.Server.Name} {(isGiven ? "may be started here" : "is left out here")}: {server.Text}");
            }
            return ExitCodes.Ok;
        }));
        return command;
    }

    static (StandingServers Servers, ServerApprovals Approvals) Open(Surroundings around, string? configuration)
    {
        Settings settings = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, configuration));
        ServerApprovals approvals = new(ConfigurationPaths.State(around.Environment, around.Platform));
        return (StandingServers.In(around.Folder, settings.McpServers, around.Environment, approvals), approvals);
    }

    static int List(StandingServers servers, TextWriter output)
    {
        foreach (McpServer own in servers.Own) output.WriteLine($"{own.Name,-20} yours      {What(own)}");
        foreach (ProjectServer each in servers.Projects)
            output.WriteLine($"{each.Server.Name,-20} {each.Approval switch { Approval.Given => "allowed", Approval.Refused => "forbidden", _ => "not asked" },-10} {each.Text}");
        foreach (string problem in servers.Problems) output.WriteLine(problem);
        if (servers.Own.IsEmpty && servers.Projects.IsEmpty && servers.Problems.IsEmpty) output.WriteLine($"There is none: neither \"mcpServers\" in your configuration nor {StandingServers.FileName} here names one.");
        if (!servers.Unknown.IsEmpty) output.WriteLine("`baltoro mcp allow NAME` lets one be started, `baltoro mcp forbid NAME` leaves it out.");
        return ExitCodes.Ok;
    }

    /// <summary>Without what may be a secret: arguments, variables and headers.</summary>
    static string What(McpServer server) => TerminalText.SafeLine(server switch
    {
        McpServer.Local local => local.Command,
        McpServer.Remote remote => remote.Url.GetLeftPart(UriPartial.Path),
        _ => "",
    });

    static int Guarded(ParseResult parsed, Func<int> act)
    {
        try
        {
            return act();
        }
        catch (UserException e)
        {
            parsed.InvocationConfiguration.Error.WriteLine(e.Message);
            return ExitCodes.BadInput;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(e.Message);
            return ExitCodes.Error;
        }
    }
}
