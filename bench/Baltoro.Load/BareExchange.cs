// What it costs to send so many bytes to an upstream and to get its answer, with a bare socket on both sides: the part of a step that no agent can save.

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baltoro.Load;

static class BareExchange
{
    /// <summary>Milliseconds from one answer to the next, median.</summary>
    /// <param name="bytes">Of the request's body.</param>
    public static async Task<double> Measure(int bytes, string folder)
    {
        const int Times = 60, Settling = 20;
        await using StepUpstream upstream = new(int.MaxValue, folder, () => { });
        using (Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            await socket.ConnectAsync(IPAddress.Loopback, upstream.Port);
            byte[] request = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST / HTTP/1.1\r\nContent-Length: {bytes}\r\n\r\n")), .. new byte[bytes]];
            byte[] answer = new byte[64 * 1024];
            List<double> times = [];
            for (int i = 0; i < Times; i++)
            {
                long began = Stopwatch.GetTimestamp();
                for (int sent = 0; sent < request.Length;) sent += socket.Send(request.AsSpan(sent));
                for (int read = 0; !answer.AsSpan(0, read).EndsWith("[DONE]\n\n"u8);) read += socket.Receive(answer.AsSpan(read));
                // A new connection first has to learn how much it may have on its way.
                if (i >= Settling) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return times.Order().ElementAt(times.Count / 2);
        }
    }
}
