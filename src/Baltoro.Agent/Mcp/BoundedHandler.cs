// Bounds what an HTTP server may answer in one line, and with it in one message. It does not know what is asked.

namespace Baltoro.Agent.Mcp;

/// <param name="longest">As for <see cref="BoundedLines"/>.</param>
sealed class BoundedHandler(int longest) : DelegatingHandler(
    // A redirect would carry the server's token to another host.
    new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        StreamContent bounded = new(new BoundedLines(await response.Content.ReadAsStreamAsync(cancellationToken), longest));
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
            if (!string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase)) bounded.Headers.TryAddWithoutValidation(name, values);
        response.Content = bounded;
        return response;
    }
}
