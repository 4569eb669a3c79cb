// An upstream that plays a model which reads one file after the other: each request is answered at once with the next call, the last one with a word. It looks at no request's
// contents, and takes them off its socket as fast as a bare reader can: what a web server would do with a long body is not the agent's time.

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baltoro.Load;

/// <summary>For one run of one agent, on one connection after the other.</summary>
sealed class StepUpstream : IAsyncDisposable
{
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly int _steps;
    readonly string _folder;
    readonly Action _atTheEnd;
    readonly byte[] _buffer = new byte[4 * 1024 * 1024];
    readonly Task _serving;

    /// <summary>When the last byte of each reply was handed to the system, as timestamps.</summary>
    readonly List<long> _answered = [];
    readonly List<int> _sizes = [];

    /// <param name="steps">Replies, the last one included.</param>
    /// <param name="folder">Where the files lie that are read.</param>
    /// <param name="atTheEnd">Called before the last reply is sent, while the agent's process still lives.</param>
    public StepUpstream(int steps, string folder, Action atTheEnd)
    {
        (_steps, _folder, _atTheEnd) = (steps, folder, atTheEnd);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = Task.Factory.StartNew(Serve, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Milliseconds from the end of one reply to the end of the next.</summary>
    public IReadOnlyList<double> Steps => [.. _answered.Zip(_answered.Skip(1)).Select(pair => Stopwatch.GetElapsedTime(pair.First, pair.Second).TotalMilliseconds)];

    /// <summary>Bytes of each request's body.</summary>
    public IReadOnlyList<int> Sizes => _sizes;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    void Serve()
    {
        try
        {
            while (true)
            {
                using Socket client = _listener.Accept();
                client.NoDelay = true;
                while (Read(client) is { } size)
                {
                    _sizes.Add(size);
                    int step = _sizes.Count;
                    if (step == _steps) _atTheEnd();
                    byte[] body = step < _steps ? Call(step) : Last();
                    client.Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {body.Length}\r\n\r\n")).Concat(body).ToArray());
                    _answered.Add(Stopwatch.GetTimestamp());
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    /// <summary>Takes one request off the socket; the size of its body, null when there is no more.</summary>
    int? Read(Socket client)
    {
        int read = 0, head = -1;
        try
        {
            while (head < 0)
            {
                int count = client.Receive(_buffer.AsSpan(read));
                if (count == 0) return null;
                read += count;
                head = _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            }
            const string Length = "content-length:";
            string line = Encoding.ASCII.GetString(_buffer, 0, head).Split("\r\n").Single(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase));
            int size = int.Parse(line.AsSpan(Length.Length), CultureInfo.InvariantCulture);
            for (int left = head + 4 + size - read; left > 0;)
            {
                int count = client.Receive(_buffer.AsSpan(0, Math.Min(left, _buffer.Length)));
                if (count == 0) return null;
                left -= count;
            }
            return size;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    byte[] Call(int step) => Events(
    [
        Chunk("""{"role":"assistant","content":""}"""),
        .. Enumerable.Repeat(Chunk("""{"reasoning_content":" so the next file it is, and"}"""), 8),
        Chunk($$$"""{"tool_calls":[{"index":0,"id":"functions.Read:{{{step - 1}}}","type":"function","function":{"name":"Read","arguments":""}}]}"""),
        Chunk($$$"""{"tool_calls":[{"index":0,"function":{"arguments":"{\"file_path\":\"{{{_folder}}}/{{{step}}}.txt\"}"}}]}"""),
        Chunk("{}", "\"tool_calls\""), Count(step), "[DONE]",
    ]);

    byte[] Last() => Events([Chunk("""{"role":"assistant","content":"Hi."}"""), Chunk("{}", "\"stop\""), Count(_steps), "[DONE]"]);

    static string Count(int step) => $$$"""{"id":"c","object":"chat.completion.chunk","created":1763900000,"model":"m","choices":[],"usage":{"prompt_tokens":{{{3000 + 250 * step}}},"completion_tokens":60,"total_tokens":{{{3060 + 250 * step}}}}}""";

    static string Chunk(string delta, string reason = "null") =>
        $$"""{"id":"c","object":"chat.completion.chunk","created":1763900000,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{reason}}}]}""";

    static byte[] Events(IEnumerable<string> events) => Encoding.UTF8.GetBytes(string.Concat(events.Select(data => $"data: {data}\n\n")));
}
