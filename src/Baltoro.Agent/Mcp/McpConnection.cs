// The connection to one MCP server, made anew when the server has died. It does not know what the server's tools are for.

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Baltoro.Agent.Mcp;

/// <summary>Safe from any thread. Owns the server's process, where there is one.</summary>
sealed class McpConnection(McpServer server, string folder, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Bytes of one message.</summary>
    const int LongestMessage = 16 << 20;

    readonly SemaphoreSlim _gate = new(1, 1);
    Live? _live;

    public McpServer Server => server;

    /// <summary>The tools that the server says it has.</summary>
    /// <exception cref="Exception">Any that the library throws: the server did not start, answer or keep to the protocol.</exception>
    public async Task<IList<McpClientTool>> Tools(CancellationToken cancellation)
    {
        using CancellationTokenSource time = new(server.StartLimit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        Live live = await Connect(either.Token);
        return await live.Client.ListToolsAsync(cancellationToken: either.Token).AsTask().WaitAsync(either.Token);
    }

    public async Task<ToolOutcome> Call(string tool, JsonElement arguments, CancellationToken cancellation)
    {
        using CancellationTokenSource time = new(server.CallLimit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        try
        {
            Live live = await Connect(either.Token);
            Dictionary<string, JsonElement> given = arguments.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone());
            return McpResult.Read(await live.Client.CallToolAsync(new CallToolRequestParams { Name = tool, Arguments = given }, either.Token).AsTask().WaitAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && time.IsCancellationRequested)
        {
            return ToolOutcome.Error($"The MCP server {server.Name} did not answer within {server.CallLimit.TotalSeconds:0.###} s.");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // A server may fail in any way that the library has an exception for; none may end a long task.
            return ToolOutcome.Error($"The MCP server {server.Name} failed: {e.Message}{(_live?.Program is { } program ? await program.LastWords(clock) : "")}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _gate.Dispose();
    }

    async Task<Live> Connect(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_live is { Client.Completion.IsCompleted: false }) return _live;
            await End();
            return _live = await Start(cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    async Task End()
    {
        if (_live is not { } live) return;
        _live = null;
        live.Program?.Kill();
        await live.Client.DisposeAsync();
        live.Program?.Dispose();
    }

    async Task<Live> Start(CancellationToken cancellation)
    {
        McpClientOptions options = new() { ClientInfo = new Implementation { Name = "baltoro", Version = "1" }, InitializationTimeout = server.StartLimit, TimeProvider = clock };
        switch (server)
        {
            case McpServer.Remote remote:
                HttpClientTransport http = new(new HttpClientTransportOptions
                {
                    Endpoint = remote.Url, Name = remote.Name, ConnectionTimeout = server.StartLimit,
                    AdditionalHeaders = remote.Headers.ToDictionary(header => header.Name, header => header.Value),
                }, new HttpClient(new BoundedHandler(LongestMessage)) { Timeout = Timeout.InfiniteTimeSpan }, ownsHttpClient: true);
                return new Live(await McpClient.CreateAsync(http, options, cancellationToken: cancellation), null);
            case McpServer.Local local:
                ServerProgram program = ServerProgram.Start(local, folder);
                try
                {
                    StreamClientTransport streams = new(program.Input, new BoundedLines(program.Output, LongestMessage));
                    return new Live(await McpClient.CreateAsync(streams, options, cancellationToken: cancellation).WaitAsync(cancellation), program);
                }
                catch (Exception e)
                {
                    program.Kill();
                    string words = await program.LastWords(clock);
                    program.Dispose();
                    if (e is OperationCanceledException || words.Length == 0) throw;
                    throw new IOException(e.Message + words, e);
                }
            default: throw new InvalidOperationException("An unknown kind of server.");
        }
    }

    sealed record Live(McpClient Client, ServerProgram? Program);
}

/// <summary>A server's process. What it writes as errors is read, so that it never waits, and its end is kept.</summary>
sealed class ServerProgram : IDisposable
{
    const int Kept = 1000;

    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    readonly Process _process;
    readonly Task _drained;
    readonly Lock _lock = new();
    string _errors = "";

    ServerProgram(Process process)
    {
        _process = process;
        _drained = Drain();
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>For the end of an error; empty when it said nothing. Waits a moment for the words of one that is dying.</summary>
    public async Task<string> LastWords(TimeProvider clock)
    {
        await Task.WhenAny(_drained, Task.Delay(Moment, clock));
        lock (_lock) return _errors.Trim().Length == 0 ? "" : $"\nIts last words: {TerminalText.Plain(_errors).Trim()}";
    }

    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static ServerProgram Start(McpServer.Local server, string folder) =>
        new(ChildProcesses.StartApart([server.Command, .. server.Arguments], folder, server.Environment));

    public void Kill() => ChildProcesses.Kill(_process);

    public void Dispose() => _process.Dispose();

    async Task Drain()
    {
        byte[] block = new byte[4096];
        Stream errors = _process.StandardError.BaseStream;
        try
        {
            while (await errors.ReadAsync(block) is > 0 and var read)
            {
                lock (_lock)
                {
                    _errors += Encoding.UTF8.GetString(block, 0, read);
                    if (_errors.Length > Kept) _errors = _errors[^Kept..];
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe went away with the process.
        }
    }
}
