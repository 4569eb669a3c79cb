// The gateway in this process on a free port, in front of one scripted upstream.

using System.Text;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;
using Baltoro.Models.Policy;
using Baltoro.Models.Remote;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Upstream = Baltoro.ScriptedUpstream.Upstream;

namespace Baltoro.Gateway.Tests;

/// <summary>Serves the model <c>m</c>. Its clock stands still until the test moves it.</summary>
sealed class RunningGateway : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly HttpClient _toUpstream;
    readonly ILedgerStore? _ledger;

    RunningGateway(WebApplication app, Upstream upstream, HttpClient toUpstream, FakeTimeProvider clock, Lines log, ILedgerStore? ledger)
    {
        (_app, Upstream, _toUpstream, Clock, Log, _ledger) = (app, upstream, toUpstream, clock, log, ledger);
        Client = new() { BaseAddress = new(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(20) };
    }

    public Upstream Upstream { get; }

    public HttpClient Client { get; }

    public FakeTimeProvider Clock { get; }

    public Lines Log { get; }

    /// <summary>How many requests have left their line, which is the last that is done for one.</summary>
    public int Ended => Log.All.Count(line => line.Contains(" -> "));

    public static Task<RunningGateway> Start(Script? script = null, FaultPlan? faults = null, Key? key = null) =>
        Start(new Kimi(), Dialect.Kimi, script, faults, key);

    /// <param name="wrap">Puts something between the gateway and its model.</param>
    /// <param name="ledger">Disposed with the gateway.</param>
    public static async Task<RunningGateway> Start(Vendor vendor, Dialect dialect, Script? script = null, FaultPlan? faults = null, Key? key = null,
        string? url = null, Func<IChatModel, IChatModel>? wrap = null, ILedgerStore? ledger = null, string? shared = null)
    {
        Upstream scripted = await Upstream.Start(vendor, script ?? ((_, _) => ScriptedUpstream.Reply.Of(new Part.Think("hm"), new Part.Say("hello"))), faults);
        FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
        Models.Upstream upstream = new()
        {
            Name = "up",
            Url = new(url ?? scripted.Url),
            Format = dialect is Dialect.Claude or Dialect.Messages ? WireFormat.Anthropic : WireFormat.OpenAI,
            Key = key ?? new Key.Set("sk-very-secret"),
            Limits = new() { Connect = TimeSpan.FromSeconds(10), FirstByte = TimeSpan.FromSeconds(300), Idle = TimeSpan.FromSeconds(120) },
        };
        ModelCard card = new()
        {
            Id = "m",
            Origin = new("up", upstream.Endpoint, "moonshotai/kimi-k2-thinking"),
            Dialect = dialect,
            Ids = dialect == Dialect.Kimi ? IdDialect.Kimi : IdDialect.Any,
            Window = 200_000,
            OutputLimit = 32_000,
            Thinking = ThinkingSupport.Always,
            FixedSampling = new() { Temperature = 1.0 },
            Schemas = SchemaDialect.Moonshot,
            Prefill = dialect == Dialect.Kimi,
            Prices = new(0.6m, 2.5m, 0.15m),
        };
        HttpClient http = RemoteModel.CreateHttpClient(upstream.Limits);
        IChatModel model = new Fitted(new RemoteModel(card, upstream, http, clock));
        if (wrap is not null) model = wrap(model);
        GatewayModels models = new(
            name => name == "m" ? new ModelLookup.Found(model) : new ModelLookup.Unknown($"model: There is no model \"{name}\"."),
            () => [new(card, "The model", new DateTimeOffset(2025, 11, 6, 0, 0, 0, TimeSpan.Zero))]);
        Lines log = new();
        WebApplication app = GatewayServer.Create(new() { Port = 0, Version = "1.2.3", LargestBody = 1024 * 1024 }, models, clock, logging => logging.AddProvider(log),
            ledger is null ? null : new(ledger, await Keys(ledger), shared));
        await app.StartAsync();
        return new(app, scripted, http, clock, log, ledger);
    }

    static async Task<IReadOnlyList<VirtualKey>?> Keys(ILedgerStore ledger)
    {
        try
        {
            return await ledger.Keys(default);
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
    }

    public Task<HttpResponseMessage> Post(string path, string body, string contentType = "application/json") =>
        Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) }, HttpCompletionOption.ResponseHeadersRead);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // Requests that are still ending have rows to write.
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ledger is not null) await _ledger.DisposeAsync();
        _toUpstream.Dispose();
        await Upstream.DisposeAsync();
    }
}

/// <summary>Keeps every log line.</summary>
sealed class Lines : ILoggerProvider, ILogger
{
    readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = [];

    public IReadOnlyList<string> All => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose() { }
}
