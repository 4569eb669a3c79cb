// A server that answers each request with whatever bytes it is given, be they HTTP or not. It knows no format at all.

using System.Net;
using System.Net.Sockets;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class NoiseServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly Func<int, byte[]> _answer;
    readonly Task _listening;
    int _answered = -1;

    /// <param name="answer">All that is sent for the request of that number, before the connection closes.</param>
    public NoiseServer(Func<int, byte[]> answer)
    {
        _answer = answer;
        _listener.Start(512);
        _listening = Listen();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Answered => _answered + 1;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _listening;
        _end.Dispose();
    }

    async Task Listen()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ReadRequest(client.GetStream());
                await client.GetStream().WriteAsync(_answer(Interlocked.Increment(ref _answered)), _end.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                // Whoever was answered closes too; a close with unread bytes would be a reset.
                var rest = new byte[1024];
                while (await client.GetStream().ReadAsync(rest, _end.Token) > 0) { }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException) { }
        }
    }

    async Task ReadRequest(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[16 * 1024];
        for (var wanted = int.MaxValue; bytes.Count < wanted;)
        {
            var count = await stream.ReadAsync(buffer, _end.Token);
            if (count == 0) return;
            bytes.AddRange(buffer.AsSpan(0, count));
            var head = System.Text.Encoding.ASCII.GetString([.. bytes.Take(8192)]);
            var end = head.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var length = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
            wanted = end + 4 + (length is null ? 0 : int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
