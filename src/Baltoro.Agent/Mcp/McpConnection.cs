// The connection to one MCP server, made anew when the server has died or hangs. It does not know what the server's tools are for.

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Baltoro.Agent.Mcp;

/// <summary>Safe from any thread. Owns the server's process, where there is one.</summary>
sealed class McpConnection(McpServer server, string folder, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Bytes of one message.</summary>
    const int LongestMessage = 16 << 20;

    /// <summary>How long a server that left a call unanswered has for a ping, and one that is given up for its goodbye.</summary>
    static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5), Goodbye = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim _gate = new(1, 1);
    Live? _live;

    /// <summary>What became of a server that hung, for the next result; null once that was said.</summary>
    string? _fate;

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
        ToolOutcome outcome = await Try(tool, arguments, cancellation);
        return Interlocked.Exchange(ref _fate, null) is { } fate ? outcome with { Content = [new Block.Text(fate), .. outcome.Content] } : outcome;
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _gate.Dispose();
    }

    async Task<ToolOutcome> Try(string tool, JsonElement arguments, CancellationToken cancellation)
    {
        Live? live = null;
        try
        {
            live = await Connect(cancellation);
            using CancellationTokenSource time = new(server.CallLimit, clock);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
            Dictionary<string, JsonElement> given = arguments.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone());
            return McpResult.Read(await live.Client.CallToolAsync(new CallToolRequestParams { Name = tool, Arguments = given }, either.Token).AsTask().WaitAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            if (live is null) return ToolOutcome.Error($"The MCP server {server.Name} did not start within {server.StartLimit.TotalSeconds:0.###} s.");
            live.IsDoubtful = true;
            return ToolOutcome.Error($"The MCP server {server.Name} did not answer within {server.CallLimit.TotalSeconds:0.###} s. Whether the call took effect is unknown.");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // A server may fail in any way that the library has an exception for; none may end a long task.
            return ToolOutcome.Error($"The MCP server {server.Name} failed: {e.Message}{(live?.Program is { } program ? await program.LastWords(clock) : "")}");
        }
    }

    /// <summary>The server that there is; a new one where there is none, it has died, or it left a call unanswered and shows no sign of life.</summary>
    async Task<Live> Connect(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_live is { Client.Completion.IsCompleted: false } live)
            {
                if (!live.IsDoubtful || await ShowsLife(live, cancellation)) return live;
                _fate = $"[The MCP server {server.Name} had not answered a call before and showed no sign of life: it was started again, and what it kept in memory is gone.]";
            }
            await End();
            using CancellationTokenSource time = new(server.StartLimit, clock);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
            return _live = await Start(either.Token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>It may just have been slow with one call.</summary>
    async Task<bool> ShowsLife(Live live, CancellationToken cancellation)
    {
        using CancellationTokenSource time = new(SignOfLife, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        try
        {
            await live.Client.PingAsync(cancellationToken: either.Token).AsTask().WaitAsync(either.Token);
        }
        catch (McpProtocolException)
        {
            // It does not know pings, and says so: it lives.
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        live.IsDoubtful = false;
        return true;
    }

    async Task End()
    {
        if (_live is not { } live) return;
        _live = null;
        live.Program?.Kill();
        try
        {
            // One that hangs does not hear that it is over.
            await live.Client.DisposeAsync().AsTask().WaitAsync(Goodbye);
        }
        catch (TimeoutException)
        {
        }
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

    sealed class Live(McpClient client, ServerProgram? program)
    {
        volatile bool _isDoubtful;

        public McpClient Client => client;

        public ServerProgram? Program => program;

        /// <summary>It left a call unanswered and has shown no sign of life since.</summary>
        public bool IsDoubtful { get => _isDoubtful; set => _isDoubtful = value; }
    }
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
        new(ChildProcesses.StartApart([server.Command, .. server.Arguments], folder, server.Hidden, server.Environment));

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
