// The gateway that a client is sent to: the one that already listens where the configuration says, if it serves the model. It starts none.

using System.Net.Http.Headers;
using System.Text.Json;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Launching;

/// <summary>What listens at the configured address.</summary>
abstract record GatewayAtHand
{
    private GatewayAtHand() { }

    public sealed record Nothing : GatewayAtHand;

    /// <summary>A gateway of this product.</summary>
    /// <param name="Models">The ids of the models that it has keys for.</param>
    public sealed record Running(string Url, string Version, IReadOnlySet<string> Models) : GatewayAtHand;

    /// <summary>A gateway that does not take the key that it was shown, or was shown none.</summary>
    public sealed record Locked(string Url, string Version) : GatewayAtHand;

    /// <param name="What">What was heard from it.</param>
    public sealed record Stranger(string Url, string What) : GatewayAtHand;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Where clients on this machine find a gateway of these settings.</summary>
    public static string Address(Settings settings)
    {
        string host = settings.Host is "0.0.0.0" ? "127.0.0.1" : settings.Host is "::" ? "::1" : settings.Host;
        return $"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host.Trim('[', ']')}]" : host)}:{settings.Port}";
    }

    public const string WantsKey = "The gateway wants one of its keys: set BALTORO_KEY (`baltoro keys add NAME` makes one).";

    /// <param name="key">What the gateway is shown; null for nothing.</param>
    public static async Task<GatewayAtHand> Look(Settings settings, string? key, CancellationToken cancellation)
    {
        string url = Address(settings);
        if (settings.Port == 0) return new Nothing();
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience }) { Timeout = Patience };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("baltoro", Product.Version));
        if (key is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        try
        {
            using JsonDocument health = await Get(http, $"{url}/health", cancellation);
            if (!health.RootElement.TryGetProperty("product", out JsonElement product) || !product.ValueEquals("baltoro")) return new Stranger(url, "another program");
            string version = health.RootElement.GetProperty("version").GetString() ?? "?";
            try
            {
                using JsonDocument models = await Get(http, $"{url}/v1/models", cancellation);
                return new Running(url, version,
                    models.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!).ToHashSet(StringComparer.Ordinal));
            }
            catch (HttpRequestException e) when (e.StatusCode is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden)
            {
                return new Locked(url, version);
            }
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return new Nothing();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new Stranger(url, "another program");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Stranger(url, "something that does not answer");
        }
    }

    static async Task<JsonDocument> Get(HttpClient http, string url, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await http.GetAsync(url, cancellation);
        answer.EnsureSuccessStatusCode();
        return await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
    }
}
