// Starts the MCP servers of one process, all at once and beside whatever else begins. It decides nothing about trust.

using Baltoro.Agent.Mcp;
using Baltoro.Chat;

namespace Baltoro.Cli.Mcp;

/// <summary>Begins when it is made. Ends the servers when it is disposed.</summary>
sealed class ServerStart : IAsyncDisposable
{
    readonly CancellationTokenSource _over = new();
    readonly Task<McpServers> _started;

    public ServerStart(Sequence<McpServer> servers, string folder, TimeProvider clock)
    {
        Servers = servers;
        // Starting a program takes a moment of the caller's thread, which has a session to open.
        _started = Task.Run(() => McpServers.Start(servers, folder, clock, _over.Token));
    }

    public Sequence<McpServer> Servers { get; }

    /// <summary>What came of it: after each server's own limit at the latest.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any longer; the start goes on.</exception>
    public Task<McpServers> Done(CancellationToken cancellation) => _started.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        try
        {
            await (await _started).DisposeAsync();
        }
        catch (OperationCanceledException)
        {
            // It had not come to its end, and has ended what it had started.
        }
        _over.Dispose();
    }
}
