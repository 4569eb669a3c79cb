// A list of models as JSON, for programs: every number exact, every upstream with its own.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baltoro.Chat;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class ModelJson
{
    // Nothing here is put into a web page: "+" and "é" may stay what they are.
    static readonly ModelJsonContext Readable =
        new(new JsonSerializerOptions(ModelJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void Write(TextWriter output, Sequence<Listing> models, DateOnly date) => output.WriteLine(
        JsonSerializer.Serialize(new ModelsDocument(date, [.. models.Select(Of)]), Readable.ModelsDocument));

    static ModelDocument Of(Listing model) => new(
        model.Id, model.Name, [.. model.Entry.Aliases], model.Released, model.Chosen.Upstream.Name, [.. model.Served.Select(Of)], model.Entry.Note);

    static PlaceDocument Of(Target place) => new(
        place.Upstream.Name, place.Card.Origin.Model, Vocabulary.Dialects[place.Card.Dialect], place.HasKey, place.Retired,
        place.Card.Window, place.Card.OutputLimit, Vocabulary.Thinking[place.Card.Thinking], [.. place.Card.Efforts.Select(effort => effort.Name)],
        place.Card.Prices is { } prices ? Of(prices, place.PriceSource) : null);

    static PricesDocument Of(Prices prices, string? source) => new(
        prices.Input, prices.Output, prices.CacheRead, prices.CacheWrite, prices.CacheWriteHour,
        prices.Long is { } more ? new(more.Above, Of(more.Prices, null)) : null, source);
}

/// <param name="Date">Of the built-in facts.</param>
sealed record ModelsDocument(DateOnly Date, ModelDocument[] Models);

/// <param name="Chosen">The upstream that would be asked.</param>
sealed record ModelDocument(string Id, string Name, string[] Aliases, DateOnly? Released, string Chosen, PlaceDocument[] At, string? Note);

sealed record PlaceDocument(
    string Upstream, string Model, string Dialect, bool Key, DateOnly? Retired, int Window, int Output, string Thinking, string[] Efforts,
    PricesDocument? Prices);

/// <summary>US dollars for a million tokens.</summary>
sealed record PricesDocument(
    decimal Input, decimal Output, decimal? CacheRead, decimal? CacheWrite, decimal? CacheWriteHour, LongDocument? Long, string? Source);

sealed record LongDocument(int Above, PricesDocument Prices);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelsDocument))]
sealed partial class ModelJsonContext : JsonSerializerContext;
