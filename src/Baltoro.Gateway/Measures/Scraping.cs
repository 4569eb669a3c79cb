// The measures as Prometheus reads them, at GET /metrics; it refuses to know what is measured.

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Baltoro.Gateway.Measures;

/// <summary>
/// Text format 0.0.4, or OpenMetrics for those who ask for it. Numbers count from the gateway's start. Two gateways in one process would
/// count into each other's numbers, because OpenTelemetry finds a meter by its name.
/// </summary>
static class Scraping
{
    public static void AddMeasures(this IServiceCollection services, GatewaySettings settings, GatewayModels models)
    {
        services.AddSingleton(_ => new Instruments(new KnownModels(models.All())));
        services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("baltoro", serviceVersion: settings.Version, autoGenerateServiceInstanceId: false))
            .AddMeter(Instruments.MeterName)
            .AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0)
            .Build());
    }

    public static void MapMeasures(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
