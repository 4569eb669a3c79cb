// One kept-alive HTTP/1.1 connection that sends prepared bytes and looks for a reply's end; it refuses to know what the reply says.

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baltoro.Load;

/// <summary>A client that costs almost nothing, so that its own work is no part of what is measured. One request at a time.</summary>
sealed class Line : IDisposable
{
    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] _buffer = new byte[16 * 1024];

    public static async Task<Line> To(Uri url)
    {
        Line line = new();
        await line._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port));
        return line;
    }

    public static byte[] Request(Uri url, string path, string body) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{url.Port}\r\ncontent-type: application/json\r\ncontent-length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Sends a request and reads its reply to the end.</summary>
    /// <returns>False when the status is no 200, or the reply breaks off.</returns>
    public async ValueTask<bool> Ask(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        int filled = 0;
        while (true)
        {
            int count = await _socket.ReceiveAsync(_buffer.AsMemory(filled));
            if (count == 0) return false;
            filled += count;
            if (IsWhole(_buffer.AsSpan(0, filled))) return _buffer.AsSpan().StartsWith("HTTP/1.1 200 "u8);
            if (filled == _buffer.Length) throw new InvalidDataException("the reply is larger than any that this program asks for");
        }
    }

    /// <summary>Sends a request and reads until <paramref name="sign"/> has come; the rest of the reply is left to come.</summary>
    public async Task<bool> Begin(ReadOnlyMemory<byte> request, string sign, CancellationToken cancellationToken)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(sign);
        await _socket.SendAsync(request, cancellationToken);
        for (int filled = 0; filled < _buffer.Length;)
        {
            int count = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancellationToken);
            if (count == 0) return false;
            filled += count;
            if (_buffer.AsSpan(0, filled).IndexOf(wanted) >= 0) return true;
        }
        return false;
    }

    static bool IsWhole(ReadOnlySpan<byte> reply)
    {
        int head = reply.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        ReadOnlySpan<byte> length = "Content-Length: "u8;
        int at = reply[..head].IndexOf(length);
        if (at < 0) return reply.EndsWith("\r\n0\r\n\r\n"u8);
        return System.Buffers.Text.Utf8Parser.TryParse(reply[(at + length.Length)..], out int expected, out _) && reply.Length >= head + 4 + expected;
    }

    public void Dispose() => _socket.Dispose();
}
