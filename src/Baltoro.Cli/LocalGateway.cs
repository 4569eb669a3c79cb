// A gateway inside this process, from its start to its end. It refuses to know for whom it runs.

using System.Net.Sockets;
using Baltoro.Cli.Commands;
using Baltoro.Gateway;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baltoro.Cli;

/// <summary>Listens until it is disposed.</summary>
sealed class LocalGateway : IAsyncDisposable
{
    readonly ModelHouse _models;
    readonly ILedgerStore? _ledger;
    readonly WebApplication _app;

    LocalGateway(ModelHouse models, ILedgerStore? ledger, WebApplication app) => (_models, _ledger, _app) = (models, ledger, app);

    /// <summary>Where clients on this machine reach it, without a path.</summary>
    // The address that stands for all of this machine's is none that a client can use.
    public string Url => _app.Urls.First().Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//[::1]:", StringComparison.Ordinal);

    /// <summary>Whether there were keys at the start.</summary>
    public bool DemandsKey { get; private init; }

    /// <param name="log">Where its log lines go.</param>
    /// <param name="choices">What `baltoro use` chose; null where there is no state folder.</param>
    /// <param name="ledger">Where each request is written down; null where there is no place for it.</param>
    /// <param name="named">Models that its user named: clients may name them too, whatever files they are.</param>
    /// <exception cref="UserException">It cannot listen there.</exception>
    public static async Task<LocalGateway> Start(
        Settings settings, IChoices? choices, ILedgerStore? ledger, Signals signals, LogLines log, IReadOnlyCollection<string> named, CancellationToken cancellation)
    {
        StandingModels standing = new(settings.Models, choices, (message, isWrong) => log.Write(isWrong ? LogLevel.Warning : LogLevel.Information, message));
        ModelHouse models = new(settings, standing, TimeProvider.System, LoadingLine.Of, message => log.Write(LogLevel.Warning, message));
        IReadOnlyList<VirtualKey>? keys = ledger is null ? null : await Keys(ledger, settings, log, cancellation);
        WebApplication app = GatewayServer.Create(
            new() { Host = settings.Host, Port = settings.Port, Version = Product.Version },
            new(name => models.FindForClient(name, named), models.All), TimeProvider.System, logging => Log(logging, log, signals), ledger is null ? null : new(ledger, keys, settings.Shared));
        LocalGateway gateway = new(models, ledger, app) { DemandsKey = keys is { Count: > 0 } };
        try
        {
            // What was chosen before the start is told before the first request.
            _ = standing.Now;
            await app.StartAsync(cancellation);
            return gateway;
        }
        catch (Exception e) when (e is IOException or SocketException or AddressInUseException)
        {
            await gateway.DisposeAsync();
            throw new UserException($"Cannot listen on {settings.Host}:{settings.Port}: {e.Message} Is another gateway running? --port takes another one.");
        }
    }

    /// <exception cref="UserException">The keys are not known, and others than this machine's users could reach the gateway.</exception>
    static async Task<IReadOnlyList<VirtualKey>?> Keys(ILedgerStore ledger, Settings settings, LogLines log, CancellationToken cancellation)
    {
        try
        {
            return await ledger.Keys(cancellation);
        }
        catch (LedgerUnavailableException e)
        {
            if (!GatewayServer.IsLoopback(settings.Host))
                throw new UserException($"{e.Message}. Without it the gateway's keys are not known, and {settings.Host} can be reached by others: it does not start open.");
            log.Write(LogLevel.Warning, $"{e.Message}. Until its keys can be read the gateway answers to everyone on this machine.");
            return null;
        }
    }

    /// <summary>Waits until a signal, or the token, ends it.</summary>
    public Task WaitForShutdown(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        // Requests that are still ending have rows to write.
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ledger is not null) await _ledger.DisposeAsync();
        _models.Dispose();
    }

    /// <summary>One line a request; of the framework only what is wrong.</summary>
    static void Log(ILoggingBuilder logging, LogLines log, Signals signals)
    {
        logging.AddProvider(log);
        logging.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        if (signals == Signals.LeftAlone) logging.Services.AddSingleton<IHostLifetime, Unsignalled>();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed start is told in our own words, without a stack.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    /// <summary>Of a host that ends when it is disposed and by nothing else.</summary>
    sealed class Unsignalled : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>What Ctrl-C and its like do to a gateway.</summary>
enum Signals
{
    /// <summary>They end it.</summary>
    EndIt,

    /// <summary>They are meant for the client that it runs for.</summary>
    LeftAlone,
}
