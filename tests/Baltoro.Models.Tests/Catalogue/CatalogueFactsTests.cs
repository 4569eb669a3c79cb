// The built-in catalogue keeps what it promises, entry by entry.

using Baltoro.Chat;

namespace Baltoro.Models.Tests;

public class CatalogueFactsTests
{
    static readonly Sequence<Listing> All = Configured.Settings().Models.All;

    static IEnumerable<Target> Places => All.SelectMany(model => model.Served);

    static string[] Where(IEnumerable<Target> places) => [.. places.Select(place => $"{place.Card.Id} at {place.Upstream}")];

    [Fact]
    public void It_is_dated() => Assert.Equal(new DateOnly(2026, 11, 23), Models.Catalogue.BuiltIn.Date);

    [Fact]
    public void Every_model_is_served_somewhere() => Assert.Equal(Models.Catalogue.BuiltIn.Entries.Count, All.Count);

    [Fact]
    public void Ids_are_unique_and_canonical()
    {
        string[] ids = [.. All.Select(model => model.Id)];
        Assert.Equal(ids.Distinct(StringComparer.OrdinalIgnoreCase), ids);
        Assert.All(ids, id => Assert.Matches("^(moonshotai|zai|deepseek|anthropic|openai)/[a-z0-9.-]+$", id));
    }

    [Fact]
    public void Every_name_of_every_model_means_that_model() => Assert.All(Models.Catalogue.BuiltIn.Entries, entry =>
    {
        string[] names = [entry.Id, .. entry.Aliases, .. entry.Places.Select(place => place.Model), .. entry.Places.Select(place => $"{place.Upstream}:{place.Model}")];
        Assert.All(names, name => Assert.Equal(new Lookup<CatalogueEntry>.Found(entry), Models.Catalogue.BuiltIn.Find(name)));
    });

    [Fact]
    public void Windows_and_output_limits_make_sense() => Assert.Empty(Where(Places.Where(place =>
        place.Card.Window is < 65_536 or > 2_000_000 || place.Card.OutputLimit < 16_384 || place.Card.OutputLimit > place.Card.Window)));

    [Fact]
    public void Every_price_states_where_it_is_from() => Assert.Empty(Where(Places.Where(place => place.Card.Prices is null || place.PriceSource is null)));

    [Fact]
    public void Prices_make_sense() => Assert.Empty(Where(Places.Where(place => place.Card.Prices is { } prices && (
        prices.Output < prices.Input || prices.Output > 100 || prices.CacheRead > prices.Input
        || prices.CacheWrite < prices.Input || prices.CacheWriteHour < prices.CacheWrite
        || prices.Long is { } more && (more.Prices.Input <= prices.Input || more.Above >= place.Card.Window)))));

    [Fact]
    public void Every_dialect_belongs_to_its_upstream()
    {
        Assert.Equal(["openrouter"], Places.Where(place => place.Card.Dialect == Dialect.OpenRouter).Select(place => place.Upstream.Name).Distinct());
        Assert.Equal(["anthropic"], Places.Where(place => place.Card.Dialect == Dialect.Claude).Select(place => place.Upstream.Name).Distinct());
        Assert.Equal(["openai"], Places.Where(place => place.Card.Dialect == Dialect.Plain).Select(place => place.Upstream.Name).Distinct());
        Assert.Equal([Dialect.Kimi, Dialect.Glm, Dialect.DeepSeek],
            Places.Where(place => place.Upstream.Name == "novita").Select(place => place.Card.Dialect).Distinct());
    }

    [Fact]
    public void Every_Kimi_has_what_Kimi_insists_on() => Assert.Empty(Where(Places.Where(place => place.Card.Id.StartsWith("moonshotai/", StringComparison.Ordinal)
        && place.Card is not { Ids: IdDialect.Kimi, Schemas: SchemaDialect.Moonshot, MaxTools: 128 })));

    [Fact]
    public void Every_Kimi_that_thinks_has_one_temperature() => Assert.Empty(Where(Places.Where(place => place.Card.Id.StartsWith("moonshotai/", StringComparison.Ordinal)
        && place.Card.FixedSampling?.Temperature != (place.Card.Thinking == ThinkingSupport.None ? null : 1.0))));

    [Fact]
    public void Every_Claude_has_its_id_pattern() => Assert.Empty(Where(Places.Where(place =>
        place.Card.Id.StartsWith("anthropic/", StringComparison.Ordinal) && place.Card.Ids != IdDialect.Claude)));

    [Fact]
    public void No_alias_stands_for_a_model_that_is_gone() => Assert.All(Models.Catalogue.BuiltIn.Aliases, alias =>
    {
        Target target = Configured.Settings().Found(alias);
        Assert.False(target.Retired <= Configured.Today, $"{alias} -> {target.Card.Id}");
    });

    [Fact]
    public void Moonshot_serves_no_Kimi_K2_of_the_first_series() => Assert.Equal(
        ["kimi-k2-0711-preview", "kimi-k2-0905-preview", "kimi-k2-thinking", "kimi-k2-thinking-turbo", "kimi-k2-turbo-preview"],
        Places.Where(place => place.Upstream.Name == "moonshot" && place.Retired == new DateOnly(2026, 5, 25)).Select(place => place.Card.Origin.Model).Order());

    [Fact]
    public void Kimi_K2_Thinking_at_Novita_is_known_in_full() => Assert.Equal(
        new ModelCard
        {
            Id = "moonshotai/kimi-k2-thinking",
            Origin = new("novita", "https://api.novita.ai/openai/v1", "moonshotai/kimi-k2-thinking"),
            Dialect = Dialect.Kimi,
            Window = 262_144,
            OutputLimit = 262_144,
            Prices = new(0.6m, 2.5m, 0.15m),
            Ids = IdDialect.Kimi,
            Thinking = ThinkingSupport.Always,
            ToolChoices = ToolChoiceSupport.AutoOrNone,
            FixedSampling = new() { Temperature = 1 },
            Schemas = SchemaDialect.Moonshot,
            MaxTools = 128,
            Prefill = true,
        },
        Configured.Settings().Found("novita:kimi-k2-thinking").Card);

    [Fact]
    public void Claude_Opus_5_5_is_known_in_full() => Assert.Equal(
        new ModelCard
        {
            Id = "anthropic/claude-opus-5.5",
            Origin = new("anthropic", "https://api.anthropic.com", "claude-opus-5-5"),
            Dialect = Dialect.Claude,
            Window = 1_000_000,
            OutputLimit = 128_000,
            Prices = new(4, 20, 0.2m, 5, 8),
            Ids = IdDialect.Claude,
            Thinking = ThinkingSupport.Adaptive,
            Efforts = [Effort.Low, Effort.Medium, Effort.High, Effort.XHigh, Effort.Max],
            ToolChoices = ToolChoiceSupport.AutoOrNone,
            FixedSampling = new() { Temperature = 1 },
            Images = true,
            Documents = true,
            SystemTurns = true,
            CacheControl = CacheControlSupport.Full,
        },
        Configured.Settings().Found("claude-opus-5-5").Card);

    [Fact]
    public void A_long_prompt_has_prices_of_its_own() => Assert.Equal(
        new LongPrompt(272_000, new(10, 45, 1)), Configured.Settings().Found("gpt-5.5").Card.Prices?.Long);

    [Fact]
    public void Moonshot_and_OpenAI_take_the_newer_output_field() => Assert.Equal(
        ["moonshot", "openai"],
        Places.Where(place => place.Card.OutputField == OutputField.MaxCompletionTokens).Select(place => place.Upstream.Name).Distinct());
}
