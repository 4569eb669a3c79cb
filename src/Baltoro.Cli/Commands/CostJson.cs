// Costs as JSON, for programs: every number exact, money in US dollars.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Cli.Commands;

static class CostJson
{
    // Nothing here is put into a web page: "+" and "é" may stay what they are.
    static readonly CostJsonContext Readable =
        new(new JsonSerializerOptions(CostJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void Write(TextWriter output, Costs costs) => output.WriteLine(JsonSerializer.Serialize(new CostsDocument(
        costs.Question.By.ToString().ToLowerInvariant(), costs.Question.Since,
        costs.Other is { } other ? new(other.Card.Id, other.Upstream.Name) : null,
        [.. costs.Lines.Select(Of)], Of(costs.Total)), Readable.CostsDocument));

    static CostDocument Of(CostLine line) => new(
        line.Name, line.Requests, line.Failed, line.Usage.Input, line.Usage.CacheRead, line.Usage.CacheWrite, line.Usage.CacheWriteHour,
        line.Usage.Output, line.Usage.Reasoning, Pricing.Dollars(line.Cost), line.Unpriced, line.Estimated,
        line.Compared is { } compared ? Pricing.Dollars(compared) : null);
}

sealed record CostsDocument(string By, DateOnly? Since, OtherDocument? Compare, CostDocument[] Lines, CostDocument Total);

sealed record OtherDocument(string Model, string Upstream);

sealed record CostDocument(
    string Name, long Requests, long Failed, long Input, long CacheRead, long CacheWrite, long CacheWriteHour, long Output, long Reasoning,
    decimal Cost, long Unpriced, long Estimated, decimal? Compared);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CostsDocument))]
sealed partial class CostJsonContext : JsonSerializerContext;
