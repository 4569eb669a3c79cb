// Which upstream is asked for a model, given the keys that there are.

using Baltoro.Chat;

namespace Baltoro.Models.Tests;

public class ModelDirectoryTests
{
    [Theory]
    [InlineData("NOVITA_API_KEY", "kimi", "novita:moonshotai/kimi-k2-thinking")]
    [InlineData("MOONSHOT_API_KEY", "kimi", "moonshot:kimi-k2.7-code")]
    [InlineData("OPENROUTER_API_KEY", "kimi", "openrouter:moonshotai/kimi-k2-thinking")]
    [InlineData("MOONSHOT_API_KEY NOVITA_API_KEY", "kimi", "novita:moonshotai/kimi-k2-thinking")]
    [InlineData("MOONSHOT_API_KEY NOVITA_API_KEY", "kimi-k2.6", "moonshot:kimi-k2.6")]
    [InlineData("OPENROUTER_API_KEY NOVITA_API_KEY", "kimi-k2.6", "novita:moonshotai/kimi-k2.6")]
    [InlineData("ZAI_API_KEY NOVITA_API_KEY", "glm-4.6", "zai:glm-4.6")]
    [InlineData("ANTHROPIC_API_KEY", "glm", "zai:glm-5.3")]
    [InlineData("NOVITA_API_KEY", "deepseek/deepseek-v4-pro", "novita:deepseek/deepseek-v4-pro")]
    [InlineData("NOVITA_API_KEY", "deepseek:deepseek-v4-pro", "deepseek:deepseek-v4-pro")]
    [InlineData("", "kimi-k2-thinking", "novita:moonshotai/kimi-k2-thinking")]
    public void A_model_is_asked_of_its_vendor_or_of_whoever_has_a_key(string keys, string name, string asked) =>
        Assert.Equal(asked, Configured.Keys(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Asked(name));

    [Theory]
    [InlineData("NOVITA_API_KEY", "novita:moonshotai/kimi-k2-thinking")]
    [InlineData("MOONSHOT_API_KEY", "moonshot:kimi-k2.7-code")]
    [InlineData("ZAI_API_KEY", "zai:glm-5.3")]
    [InlineData("DEEPSEEK_API_KEY", "deepseek:deepseek-v4-pro")]
    [InlineData("ANTHROPIC_API_KEY", "anthropic:claude-opus-5-5")]
    [InlineData("OPENAI_API_KEY", "openai:gpt-5.5")]
    [InlineData("ANTHROPIC_API_KEY NOVITA_API_KEY", "novita:moonshotai/kimi-k2-thinking")]
    public void One_key_is_enough_for_a_default(string keys, string asked) => Assert.Equal(asked, Configured.Keys(keys.Split(' ')).Asked("baltoro"));

    [Theory]
    [InlineData("claude-opus-5-5")]
    [InlineData("claude-haiku-4-5-20251001")]
    [InlineData("claude-sonnet-9[1m]")]
    public void Claude_by_name_means_the_default_where_there_is_no_key_for_Claude(string name)
    {
        Assert.Equal("novita:moonshotai/kimi-k2-thinking", Configured.Keys("NOVITA_API_KEY").Asked(name));
        Assert.Equal("zai:glm-4.6", Configured.Settings("""{ "default": "glm-4.6" }""", null, ("ZAI_API_KEY", "k")).Asked(name));
    }

    [Theory]
    [InlineData("claude-opus-5-5", "anthropic:claude-opus-5-5")]
    [InlineData("claude-haiku-4-5-20251001", "anthropic:claude-haiku-4-5")]
    [InlineData("claude-sonnet-9[1m]", "anthropic:claude-sonnet-9")]
    public void Claude_by_name_goes_to_Anthropic_where_there_is_a_key(string name, string asked) =>
        Assert.Equal(asked, Configured.Keys("ANTHROPIC_API_KEY", "NOVITA_API_KEY").Asked(name));

    [Fact]
    public void Claude_by_its_full_id_stays_Claude() => Assert.Equal("anthropic:claude-opus-5-5", Configured.Keys("NOVITA_API_KEY").Asked("anthropic/claude-opus-5.5"));

    [Fact]
    public void Claude_is_had_at_OpenRouter_too() =>
        Assert.Equal("openrouter:anthropic/claude-opus-4.8", Configured.Keys("OPENROUTER_API_KEY").Asked("claude-opus-4-8"));

    [Fact]
    public void Without_any_key_the_failure_can_say_which_to_set()
    {
        Target target = Configured.Settings().Found("claude-opus-5-5");
        Assert.Equal(new Key.Missing("ANTHROPIC_API_KEY"), target.Upstream.Key);
        Assert.False(target.HasKey);
    }

    [Fact]
    public void A_default_that_is_a_Claude_without_a_key_ends_the_search() => Assert.Equal(
        "anthropic:claude-next", Configured.Settings("""{ "default": "claude-next" }""").Asked("claude-next"));

    [Fact]
    public void A_model_that_no_list_names_works_at_a_named_upstream() => Assert.Equal(
        new ModelCard
        {
            Id = "openrouter/qwen/qwen9",
            Origin = new("openrouter", "https://openrouter.ai/api/v1", "qwen/qwen9"),
            Dialect = Dialect.OpenRouter,
            Window = 131_072,
            OutputLimit = 32_768,
        },
        Configured.Settings().Found("openrouter/qwen/qwen9").Card);

    [Fact]
    public void What_no_list_names_is_taken_for_its_family()
    {
        ModelCard card = Configured.Settings().Found("novita/moonshotai/kimi-k2.9-preview").Card;
        Assert.Equal((Dialect.Kimi, IdDialect.Kimi, SchemaDialect.Moonshot, 128), (card.Dialect, card.Ids, card.Schemas, card.MaxTools));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000/v1", "openai", "kimi-k2.5", Dialect.SelfHosted)]
    [InlineData("http://10.1.2.3:8000/v1", "openai", "glm-4.6", Dialect.SelfHosted)]
    [InlineData("https://models.example/v1", "openai", "glm-4.6", Dialect.Glm)]
    [InlineData("https://models.example/v1", "openai", "claude-opus-5", Dialect.Plain)]
    [InlineData("https://models.example/v1", "openai", "mistral", Dialect.Plain)]
    [InlineData("https://models.example", "anthropic", "kimi-k2.5", Dialect.Messages)]
    [InlineData("https://models.example", "anthropic", "claude-opus-5", Dialect.Claude)]
    public void The_dialect_of_someones_own_upstream_follows_from_format_address_and_family(string url, string format, string model, Dialect dialect) =>
        Assert.Equal(dialect, Configured.Settings($$"""{ "upstreams": { "lab": { "url": "{{url}}", "format": "{{format}}" } } }""").Found($"lab/{model}").Card.Dialect);

    [Fact]
    public void A_retirement_that_lies_ahead_changes_nothing_yet()
    {
        string[] keys = ["ANTHROPIC_API_KEY", "OPENROUTER_API_KEY"];
        ConfigurationSources sources = Configured.With(null, null, [.. keys.Select(key => (key, "k"))]);
        Assert.Equal("anthropic:claude-sonnet-4-5", Configured.Settings(sources).Asked("claude-sonnet-4-5"));
        Assert.Equal("openrouter:anthropic/claude-sonnet-4.5", Configured.Settings(sources with { Today = new(2026, 12, 1) }).Asked("claude-sonnet-4-5"));
    }

    [Fact]
    public void A_route_means_its_first_model_and_may_carry_a_models_name()
    {
        Settings settings = Configured.Settings("""{ "routes": { "steady": ["glm-5.2", "kimi"], "kimi": ["kimi", "glm"] } }""");
        Assert.Equal(new Sequence<Route>([new("steady", ["glm-5.2", "kimi"]), new("kimi", ["kimi", "glm"])]), settings.Routes);
        Assert.Equal("zai:glm-5.2", settings.Asked("steady"));
        Assert.Equal("novita:moonshotai/kimi-k2-thinking", settings.Asked("kimi"));
    }

    [Theory]
    [InlineData("steady", "zai:glm-5.2 novita:moonshotai/kimi-k2-thinking")]
    [InlineData("STEADY", "zai:glm-5.2 novita:moonshotai/kimi-k2-thinking")]
    [InlineData("kimi,glm-5.2", "novita:moonshotai/kimi-k2-thinking zai:glm-5.2")]
    [InlineData(" kimi , glm-5.2 ,", "novita:moonshotai/kimi-k2-thinking zai:glm-5.2")]
    [InlineData("kimi,kimi-k2-thinking,kimi", "novita:moonshotai/kimi-k2-thinking")]
    [InlineData("kimi,steady", "novita:moonshotai/kimi-k2-thinking zai:glm-5.2")]
    [InlineData("novita:moonshotai/kimi-k2-thinking,openrouter:moonshotai/kimi-k2-thinking", "novita:moonshotai/kimi-k2-thinking openrouter:moonshotai/kimi-k2-thinking")]
    [InlineData("baltoro", "zai:glm-5.2 novita:moonshotai/kimi-k2-thinking")]
    [InlineData("claude-opus-5-5", "zai:glm-5.2 novita:moonshotai/kimi-k2-thinking")]
    [InlineData("glm-5.2", "zai:glm-5.2")]
    public void Names_with_commas_and_named_routes_mean_all_their_models_in_order(string name, string asked)
    {
        Settings settings = Configured.Settings(
            """{ "default": "steady", "routes": { "steady": ["glm-5.2", "kimi"] } }""", null, ("NOVITA_API_KEY", "k"), ("ZAI_API_KEY", "k"), ("OPENROUTER_API_KEY", "k"));
        Sequence<Target> targets = Assert.IsType<Lookup<Sequence<Target>>.Found>(settings.Models.FindAll(name)).Value;
        Assert.Equal(asked, string.Join(' ', targets.Select(target => $"{target.Card.Origin.Provider}:{target.Card.Origin.Model}")));
        Assert.Equal(targets[0], settings.Found(name));
    }

    [Theory]
    [InlineData("kimi,kimmi", "There is no model \"kimmi\". Did you mean \"kimi\"")]
    [InlineData(",", "There is no model")]
    public void A_route_with_a_name_that_means_nothing_says_which(string name, string words) =>
        Assert.StartsWith(words, $"{Configured.Keys("NOVITA_API_KEY").Models.FindAll(name)}", StringComparison.Ordinal);

    [Fact]
    public void The_listing_says_where_else_a_model_is_served()
    {
        Listing listing = Configured.Keys("OPENROUTER_API_KEY").Models.All.Single(model => model.Id == "moonshotai/kimi-k2-thinking");
        Assert.Equal(("openrouter", true, "Kimi K2 Thinking", new DateOnly(2025, 11, 6)), (listing.Chosen.Upstream.Name, listing.HasKey, listing.Name, listing.Released));
        Assert.Equal(["novita", "moonshot", "openrouter"], listing.Served.Select(place => place.Upstream.Name));
    }
}
