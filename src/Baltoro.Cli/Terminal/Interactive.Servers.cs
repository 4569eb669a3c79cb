// The sitting's MCP servers: asks about those that the project brings, and has them started beside whatever the person does. It refuses to know what a server is.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Chat;
using Baltoro.Cli.Mcp;

namespace Baltoro.Cli.Terminal;

sealed partial class Interactive
{
    /// <summary>Completes when every question has its answer and the servers are on their way.</summary>
    Task _servers = Task.CompletedTask;
    bool _isToldOfServers;

    /// <summary>Asks once about each description; the answer is remembered.</summary>
    async Task BeginServers()
    {
        foreach (ProjectServer server in _house.Servers.Unknown)
        {
            Question question = new(
                [
                    Styled.Of(new Piece("MCP ", Style.Accent), new(server.Server.Name, Style.Strong), new($"   this project's {StandingServers.FileName} has it started, with your rights and outside of any sandbox:")),
                    Styled.Of($"  {server.Text}"),
                ], "Your answer is remembered until this changes; `baltoro mcp` shows and changes it.", null);
            Send(new Happening.Asked(question));
            Answer answer = await question.Answered;
            try
            {
                _house.Approve(server, answer == Answer.Yes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Send(new Happening.Told($"The answer cannot be remembered: {e.Message}"));
            }
        }
        _house.StartServers();
    }

    /// <summary>What an agent works with, once the servers are there.</summary>
    async Task<AgentSetup> SetUp(Interruption interruption)
    {
        await _servers.WaitAsync(interruption.Politely);
        Sequence<string> told = await _house.ServersReady(interruption.Politely);
        if (!_isToldOfServers)
            foreach (string sentence in told) Send(new Happening.Told(sentence));
        _isToldOfServers = true;
        return _house.Setup(_session!, _model, new(), null, reach: new(real => _gate!.MayRead(real), real => _gate!.MayWrite(real)))
            with { Live = notice => Send(new Happening.Noticed(notice)), Gate = Permit };
    }
}
