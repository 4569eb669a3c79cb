// The gateway as a web server: which path leads where. It refuses to know which wire format an upstream speaks.

using System.Net;
using Baltoro.Chat;
using Baltoro.Gateway.Clients;
using Baltoro.Gateway.Endpoints;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Gateway.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway;

/// <summary>Builds the gateway. The caller starts, stops and disposes the application.</summary>
public static class GatewayServer
{
    /// <param name="clock">Measures pings and durations.</param>
    /// <param name="logging">Where log lines go.</param>
    /// <param name="books">Null for a gateway that keeps no accounts and knows no keys.</param>
    public static WebApplication Create(
        GatewaySettings settings, GatewayModels models, TimeProvider clock, Action<ILoggingBuilder> logging, Books? books = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(logging);

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "baltoro" });
        logging(builder.Logging);
        builder.Services.AddRoutingCore();
        builder.Services.AddMeasures(settings, models);
        if (books is not null) builder.Services.AddBooks(books, clock);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The body's size is checked where the answer can be given in the client's own format.
            kestrel.Limits.MaxRequestBodySize = null;
            if (IPAddress.TryParse(settings.Host, out IPAddress? address)) kestrel.Listen(address, settings.Port);
            else if (settings.Port != 0) kestrel.ListenLocalhost(settings.Port);
            else kestrel.Listen(IPAddress.Loopback, 0);
        });

        WebApplication app = builder.Build();
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("baltoro");
        Instruments instruments = app.Services.GetRequiredService<Instruments>();
        LedgerWriter? writer = app.Services.GetService<LedgerWriter>();
        if (writer is not null) instruments.Watch(writer);
        Guard? guard = app.Services.GetService<Keyring>() is { } keyring ? new(keyring, app.Services.GetRequiredService<Turnstile>(), models, clock) : null;
        bool loopbackOnly = IsLoopback(settings.Host);
        app.Use((context, next) => !loopbackOnly || IsLoopback(context.Request.Host.Host) ? next(context) : Stranger(context));
        if (guard is not null) app.Use(guard.Pass);

        Replies messages = new(AnthropicClient.Instance, models, settings, clock, instruments, log, writer, guard);
        Replies completions = new(OpenAIClient.Instance, models, settings, clock, instruments, log, writer, guard);
        Listings listings = new(models, settings, guard);
        foreach (string prefix in (string[])["", "/anthropic", "/openai"])
        {
            IEndpointRouteBuilder routes = app;
            routes.MapPost($"{prefix}/v1/messages", (RequestDelegate)messages.Answer);
            routes.MapPost($"{prefix}/v1/messages/count_tokens", (RequestDelegate)listings.CountTokens);
            routes.MapPost($"{prefix}/v1/chat/completions", (RequestDelegate)completions.Answer);
            routes.MapMethods($"{prefix}/v1/models", ["GET", "HEAD"], (RequestDelegate)listings.Models);
            routes.MapMethods($"{prefix}/v1/models/{{**model}}", ["GET", "HEAD"], (RequestDelegate)listings.OneModel);
        }
        app.MapMethods("/health", ["GET", "HEAD"], (RequestDelegate)listings.Health);
        app.MapMeasures();
        app.MapMethods("/", ["GET", "HEAD"], (RequestDelegate)Listings.Hello);
        app.MapMethods("/api/hello", ["GET", "HEAD"], (RequestDelegate)Listings.Hello);
        app.MapFallback((RequestDelegate)Listings.Nowhere);
        return app;
    }

    /// <summary>What is disposed with the application, when no request is under way any more.</summary>
    static void AddBooks(this IServiceCollection services, Books books, TimeProvider clock)
    {
        services.AddSingleton(services => new LedgerWriter(books.Ledger, clock, Log(services)));
        services.AddSingleton(services => new Keyring(books.Ledger, books.Keys, clock, Log(services)));
        services.AddSingleton(_ => books.Counters(clock));
        services.AddSingleton(services => new Turnstile(services.GetRequiredService<ICounters>(), books.Ledger, clock, Log(services)));

        static ILogger Log(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("baltoro");
    }

    /// <summary>
    /// A page on the web can point a name of its own at 127.0.0.1; its requests then carry that name. A gateway that listens on
    /// loopback only answers to loopback's own names.
    /// </summary>
    static Task Stranger(HttpContext context) => Replies.Refuse(context, OpenAIClient.Instance.Error(
        new Failure.Forbidden($"host: {context.Request.Host.Host} is not a name of this machine; use 127.0.0.1 or localhost"), context.TraceIdentifier));

    /// <summary>True when only this machine can reach what listens on <paramref name="host"/>.</summary>
    public static bool IsLoopback(string host) =>
        host is "localhost" or "" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
