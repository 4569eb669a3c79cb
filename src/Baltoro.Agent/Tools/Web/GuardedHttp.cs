// HTTP to the internet and not to the network around this machine. It does not know what is fetched.

using System.Net;
using System.Net.Sockets;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools.Web;

/// <summary>A name that leads to this machine or its network, which was not allowed.</summary>
sealed class PrivateAddressException(string host) : IOException($"{host} is this machine or in its network, and that is not allowed. The user can allow it in the configuration, by a rule that names it: WebFetch(domain:{host})");

static class GuardedHttp
{
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A client that looks at each address as it connects to it, so that neither a redirect nor a name that resolves differently the second
    /// time leads inside. It follows no redirects, sends no cookies and uses no proxy: behind one nobody could look.
    /// </summary>
    /// <param name="allowed">Names or addresses of hosts that may be private.</param>
    public static HttpClient Create(Sequence<string> allowed)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectLimit,
            ConnectCallback = (context, cancellation) => Connect(context.DnsEndPoint, allowed, cancellation),
        };
        HttpClient http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("User-Agent", "baltoro");
        http.DefaultRequestHeaders.Add("Accept", "text/markdown, text/html;q=0.9, text/plain;q=0.8, */*;q=0.5");
        return http;
    }

    static async ValueTask<Stream> Connect(DnsEndPoint wanted, Sequence<string> allowed, CancellationToken cancellation)
    {
        IPAddress[] found = await Dns.GetHostAddressesAsync(wanted.Host, cancellation);
        IPAddress[] open = allowed.Contains(wanted.Host, StringComparer.OrdinalIgnoreCase) ? found : [.. found.Where(PublicAddress.Is)];
        if (open.Length == 0) throw found.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new PrivateAddressException(wanted.Host);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, wanted.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
