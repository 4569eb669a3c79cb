// `baltoro use` as a user meets it.

using Baltoro.Cli.Commands;

namespace Baltoro.Cli.Tests.Commands;

public sealed class UseCommandTests : IDisposable
{
    readonly CommandLine _line = new("NOVITA_API_KEY", "ZAI_API_KEY");

    public void Dispose() => _line.Dispose();

    (int Code, string Output, string Error) Use(params string[] arguments) => _line.Run(UseCommand.Create, arguments);

    [Fact]
    public void Without_a_model_it_shows_what_stands()
    {
        Assert.Equal((0, "\"baltoro\" means moonshotai/kimi-k2-thinking at novita, the configured default.\n", ""), Use());
        Use("glm-5.2");
        Assert.Equal((0, "\"baltoro\" means zai/glm-5.2 at zai, chosen with `baltoro use glm-5.2`.\n", ""), Use());
    }

    [Fact]
    public void A_model_is_chosen_and_kept_in_one_line_of_a_file()
    {
        Assert.Equal((0, "\"baltoro\" now means zai/glm-5.2 at zai.\n", ""), Use("glm-5.2"));
        Assert.Equal("glm-5.2\n", File.ReadAllText(Path.Combine(_line.State, "choice")));
    }

    [Fact]
    public void A_route_is_chosen_with_all_that_it_leads_to()
    {
        _line.Write("config/baltoro/config.json", """{ "routes": { "steady": ["glm-5.2", "kimi"] } }""");
        Assert.Equal((0, "\"baltoro\" now means zai/glm-5.2 at zai, then moonshotai/kimi-k2-thinking at novita.\n", ""), Use("steady"));
    }

    [Fact]
    public void What_means_nothing_is_refused_and_the_choice_before_stands()
    {
        Use("glm-5.2");
        Assert.Equal((2, "", "There is no model \"kimmi\". Did you mean \"kimi\"?\n"), Use("kimmi"));
        Assert.Equal("\"baltoro\" means zai/glm-5.2 at zai, chosen with `baltoro use glm-5.2`.\n", Use().Output);
    }

    [Fact]
    public void Baltoro_cannot_mean_itself() => Assert.Equal((2, "", "\"baltoro\" cannot mean itself.\n"), Use("baltoro"));

    [Fact]
    public void A_model_without_a_key_is_chosen_with_a_warning() => Assert.Equal(
        (0, "\"baltoro\" now means openai/gpt-5.5 at openai.\n", "There is no key for it here: a gateway needs OPENAI_API_KEY.\n"), Use("gpt"));

    [Fact]
    public void A_model_that_is_gone_is_chosen_with_a_warning() => Assert.Equal(
        (0, "\"baltoro\" now means moonshotai/kimi-k2-turbo at moonshot.\n",
        "There is no key for it here: a gateway needs MOONSHOT_API_KEY.\nmoonshot no longer serves moonshotai/kimi-k2-turbo since 2026-05-25.\n"), Use("kimi-k2-turbo"));

    [Fact]
    public void Reset_goes_back_to_the_configured_default()
    {
        Use("glm-5.2");
        Assert.Equal((0, "\"baltoro\" means moonshotai/kimi-k2-thinking at novita again, the configured default.\n", ""), Use("--reset"));
        Assert.Equal("\"baltoro\" means moonshotai/kimi-k2-thinking at novita, the configured default.\n", Use().Output);
    }

    [Fact]
    public void A_choice_that_no_longer_means_anything_is_told_with_what_serves_instead()
    {
        _line.Write("config/baltoro/config.json", """{ "models": { "ours": { "upstream": "zai" } } }""");
        Use("ours");
        _line.Write("config/baltoro/config.json", "{}");
        Assert.Equal((1, "\"baltoro\" means moonshotai/kimi-k2-thinking at novita, the configured default.\n",
            "What was chosen, \"ours\", is not served here: There is no model \"ours\"; `baltoro models` lists those that there are.\n"), Use());
    }

    [Fact]
    public void Without_a_home_it_says_what_to_set()
    {
        _line.Environment.Remove("XDG_STATE_HOME");
        Assert.Equal((2, "", "There is no home folder to remember a choice in: set HOME or XDG_STATE_HOME.\n"), Use("glm"));
    }

    [Fact]
    public void The_list_of_models_tells_the_choice()
    {
        Use("glm-5.2");
        _line.Width = 80;
        Assert.EndsWith("\"baltoro\" means zai/glm-5.2 at zai (baltoro use glm-5.2).\nDefault: moonshotai/kimi-k2-thinking at novita.\n",
            _line.Run(ModelsCommand.Create, "kimi-k2-t").Output, StringComparison.Ordinal);
    }
}
