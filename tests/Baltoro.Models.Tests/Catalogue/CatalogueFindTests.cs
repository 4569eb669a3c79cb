// Names, in all the ways in which clients write them.

namespace Baltoro.Models.Tests;

public class CatalogueFindTests
{
    [Theory]
    [InlineData("moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2-thinking")]
    [InlineData("kimi", "moonshotai/kimi-k2-thinking")]
    [InlineData("KIMI-K2-Thinking", "moonshotai/kimi-k2-thinking")]
    [InlineData("novita/moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2-thinking")]
    [InlineData("novita/kimi-k2-thinking", "moonshotai/kimi-k2-thinking")]
    [InlineData("openrouter:moonshotai/kimi-k2.5", "moonshotai/kimi-k2.5")]
    [InlineData("moonshot:kimi-k2-0905-preview", "moonshotai/kimi-k2-0905")]
    [InlineData("kimi-k3.1-pro[1m]", "moonshotai/kimi-k3.1-pro")]
    [InlineData(" glm-5.2[1M] ", "zai/glm-5.2")]
    [InlineData("zai-org/glm-4.6", "zai/glm-4.6")]
    [InlineData("z-ai/glm-4.6", "zai/glm-4.6")]
    [InlineData("deepseek-v3.2", "deepseek/deepseek-v3.2")]
    [InlineData("claude-opus-4-8", "anthropic/claude-opus-4.8")]
    [InlineData("claude-opus-4.8", "anthropic/claude-opus-4.8")]
    [InlineData("claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4.5")]
    [InlineData("opus", "anthropic/claude-opus-5.5")]
    public void A_name_means_its_model(string name, string id) =>
        Assert.Equal(id, (Models.Catalogue.BuiltIn.Find(name) as Lookup<CatalogueEntry>.Found)?.Value.Id);

    [Theory]
    [InlineData("kimi-k2-thinkin", "There is no model \"kimi-k2-thinkin\". Did you mean \"kimi-k2-thinking\" or \"kimi-thinking\"?")]
    [InlineData("glm-5.9", "There is no model \"glm-5.9\". Did you mean \"glm-5.1\" or \"glm-5.2\" or \"glm-5.3\"?")]
    [InlineData("llama-of-the-mountains", "There is no model \"llama-of-the-mountains\"; `baltoro models` lists those that there are.")]
    [InlineData("", "There is no model \"\"; `baltoro models` lists those that there are.")]
    [InlineData("/", "There is no model \"/\"; `baltoro models` lists those that there are.")]
    public void An_unknown_name_is_answered_with_the_nearest(string name, string answer) =>
        Assert.Equal(answer, Models.Catalogue.BuiltIn.Find(name).ToString());

    [Fact]
    public void A_name_of_two_models_is_ambiguous_and_says_which()
    {
        Settings settings = Configured.Settings("""
            { "upstreams": { "lab": { "url": "http://127.0.0.1:8000/v1", "format": "openai" } },
              "models": { "lab/kimi-k2.5": { "upstream": "lab" } } }
            """);
        Assert.Equal("\"kimi-k2.5\" means more than one model: moonshotai/kimi-k2.5, lab/kimi-k2.5.", settings.Models.Find("kimi-k2.5").ToString());
        Assert.Equal("lab:kimi-k2.5", settings.Asked("lab/kimi-k2.5"));
    }
}
