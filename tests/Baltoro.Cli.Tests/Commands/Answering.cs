// A server on loopback that answers everything with one status. It knows no vendor.

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baltoro.Cli.Tests.Commands;

sealed class Answering : IAsyncDisposable
{
    readonly WebApplication _server;

    Answering(WebApplication server) => _server = server;

    public string Url => _server.Urls.Single();

    public static async Task<Answering> With(HttpStatusCode status)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        server.Run(http =>
        {
            http.Response.StatusCode = (int)status;
            return Task.CompletedTask;
        });
        await server.StartAsync();
        return new(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
