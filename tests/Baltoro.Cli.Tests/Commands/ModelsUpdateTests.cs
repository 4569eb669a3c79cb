// `baltoro models update` as a user meets it: what it takes over, what it says, and that nothing is lost when something is wrong.

using Baltoro.Cli.Commands;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.Models;

namespace Baltoro.Cli.Tests.Commands;

public sealed class ModelsUpdateTests : IDisposable
{
    /// <summary>Four providers of models.dev as they stood on 2026-07-02; MIT, the licence lies beside it.</summary>
    static readonly string Snapshot = Path.Combine(Repository.Root, "tests", "Baltoro.Cli.Tests", "Data", "models.dev", "api.json");

    readonly CommandLine _line = new("MOONSHOT_API_KEY", "ANTHROPIC_API_KEY");

    public void Dispose() => _line.Dispose();

    string Learnt => Path.Combine(_line.State, "catalogue.json");

    (int Code, string Output, string Error) Update(string text, params string[] more)
    {
        _line.Write("api.json", text);
        return _line.Run(ModelsCommand.Create, ["update", "--from", "api.json", .. more]);
    }

    /// <summary>A model of Moonshot's, as models.dev writes one.</summary>
    static string Moonshot(string name, string facts) => $$"""{ "moonshotai": { "models": { "{{name}}": { "name": "A model", {{facts}} } } } }""";

    string Line(string id) => _line.Run(ModelsCommand.Create, id).Output.Split('\n')[1];

    [Fact]
    public void A_model_that_is_new_is_listed_with_window_and_prices()
    {
        Assert.Equal((0, "1 added, 0 repriced, 0 of another size, 0 removed.\n  + moonshotai/kimi-k4 at moonshot\nRunning gateways take it up when they are started again.\n", ""),
            Update(Moonshot("kimi-k4", """ "tool_call": true, "release_date": "2026-12-01", "limit": { "context": 2000000, "output": 100000 }, "cost": { "input": 1, "output": 2.5, "cache_read": 0.1 } """)));
        Assert.Equal("moonshotai/kimi-k4  moonshot      2M   100k  1.00    0.10  2.50  always    yes", Line("kimi-k4"));
    }

    [Fact]
    public void A_model_that_is_known_gets_its_new_price_and_window_and_keeps_its_names()
    {
        var (code, output, _) = Update(Moonshot("kimi-k2.6", """ "limit": { "context": 300000, "output": 300000 }, "cost": { "input": 0.5, "output": 2, "cache_read": 0.1 } """));
        Assert.Equal((0, "0 added, 1 repriced, 1 of another size, 0 removed.\n  $ moonshotai/kimi-k2.6 at moonshot: 0.95 / 0.16 / 4.00 -> 0.50 / 0.10 / 2.00\n" +
            "  ~ moonshotai/kimi-k2.6 at moonshot: window 300000, output 300000\nRunning gateways take it up when they are started again.\n"), (code, output));
        Assert.Equal("moonshotai/kimi-k2.6  moonshot, novita, openrouter    300k   300k  0.50    0.10  2.00  on/off    yes", Line("kimi-k2.6"));
    }

    [Fact]
    public void What_the_user_configured_wins()
    {
        _line.Write("config/baltoro/config.json", """{ "models": { "moonshotai/kimi-k2.6": { "window": 1000, "output": 500, "prices": { "input": 7, "output": 8 } } } }""");
        Assert.Equal("Nothing has changed.\n", Update(Moonshot("kimi-k2.6", """ "limit": { "context": 300000 }, "cost": { "input": 0.5, "output": 2, "cache_read": 0.16 } """)).Output);
        Assert.StartsWith("moonshotai/kimi-k2.6  moonshot, novita, openrouter      1k    500  7.00", Line("kimi-k2.6"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_the_next_time_is_removed()
    {
        Update(Moonshot("kimi-k4", """ "tool_call": true, "limit": { "context": 2000000 } """));
        Assert.StartsWith("1 added, 0 repriced, 0 of another size, 1 removed.\n  - moonshotai/kimi-k4 at moonshot\n  + moonshotai/kimi-k5 at moonshot\n",
            Update(Moonshot("kimi-k5", """ "tool_call": true, "limit": { "context": 2000000 } """)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ broken", "api.json:1: found text that is not JSON, expected JSON (comments and trailing commas are fine)")]
    [InlineData("[]", "api.json:1: found a list, expected an object")]
    [InlineData("{}", "api.json:1: found no model of a provider that is known here, expected the catalogue of models.dev, with one of novita-ai, moonshotai, zai, deepseek, anthropic, openai, openrouter")]
    [InlineData("""{ "moonshotai": { "models": { "kimi-k4": { "tool_call": true, "limit": { "context": "many" } } } } }""",
        "api.json:1: moonshotai.models.kimi-k4.limit.context: found \"many\", expected a whole number from 0 to 100000000")]
    [InlineData("""{ "moonshotai": { "models": { "kimi-k2.6": { "cost": { "input": -1, "output": 1 } } } } }""",
        "api.json:1: moonshotai.models.kimi-k2.6.cost.input: found -1, expected an amount of US dollars, 0 or more")]
    public void Whatever_is_wrong_is_named_with_its_place_and_the_old_catalogue_stays(string text, string problem)
    {
        Update(Moonshot("kimi-k3.5", """ "tool_call": true, "limit": { "context": 2000000 } """));
        string before = File.ReadAllText(Learnt);
        Assert.Equal((2, "", problem + "\nThe catalogue is as it was.\n"), Update(text));
        Assert.Equal(before, File.ReadAllText(Learnt));
    }

    [Fact]
    public void A_source_that_cannot_be_read_is_named()
    {
        Assert.Equal((2, "", "nowhere.json: cannot be read: Could not find file '~/nowhere.json'. The catalogue is as it was.\n"),
            _line.Run(ModelsCommand.Create, "update", "--from", "nowhere.json"));
        Assert.Contains("http://127.0.0.1:1/api.json: cannot be read: ", _line.Run(ModelsCommand.Create, "update", "--from", "http://127.0.0.1:1/api.json").Error);
    }

    [Fact]
    public void An_update_that_is_broken_on_the_disk_is_told_and_the_next_one_mends_it()
    {
        _line.Write("state/baltoro/catalogue.json", "{ torn");
        Assert.Equal((2, "", "~/state/baltoro/catalogue.json:1: found text that is not JSON, expected JSON (comments and trailing commas are fine)\n"), _line.Run(ModelsCommand.Create));
        Assert.Equal(0, Update(Moonshot("kimi-k4", """ "tool_call": true, "limit": { "context": 2000000 } """)).Code);
        Assert.Equal(0, _line.Run(ModelsCommand.Create).Code);
    }

    [Fact]
    public void An_update_older_than_the_program_is_left_aside()
    {
        Update(Moonshot("kimi-k4", """ "tool_call": true, "limit": { "context": 2000000 } """));
        File.WriteAllText(Learnt, File.ReadAllText(Learnt).Replace("\"2026-11-23\"", "\"2026-07-02\"", StringComparison.Ordinal));
        Assert.Equal(1, _line.Run(ModelsCommand.Create, "kimi-k4").Code);
    }

    [Fact]
    public void Facts_of_a_model_that_another_is_based_on_stand_where_its_own_are_missing()
    {
        Update("""{ "moonshotai": { "models": { "kimi-k4": { "name": "Kimi K4", "tool_call": true, "limit": { "context": 500000, "output": 90000 }, "cost": { "input": 1, "output": 2 } } } }, "novita-ai": { "models": { "moonshotai/kimi-k4": { "base_model": "moonshotai/kimi-k4", "limit": { "output": 40000 }, "cost": { "input": 3, "output": 4 } } } } }""");
        Assert.Equal("moonshotai/kimi-k4  moonshot, novita    500k    90k  1.00       -  2.00  always    yes", Line("kimi-k4"));
        Assert.Equal("moonshotai/kimi-k4  novita, moonshot    500k    40k  3.00       -  4.00  always    no",
            _line.Run(ModelsCommand.Create, "kimi-k4", "--upstream", "novita").Output.Split('\n')[1]);
    }

    [Fact]
    public void The_public_catalogue_is_taken_whole_and_every_name_that_was_known_means_what_it_meant()
    {
        Settings before = Read(null);
        (int code, _, string error) = _line.Run(ModelsCommand.Create, "update", "--from", Snapshot, "--all");
        Assert.Equal((0, ""), (code, error));
        Settings after = Read(new(Learnt, File.ReadAllText(Learnt)));
        Assert.True(after.Models.All.Count > before.Models.All.Count);
        Assert.All(before.Models.All.Select(model => model.Id).Concat(Catalogue.BuiltIn.Aliases).Concat(before.Models.All.SelectMany(model => model.Served).Select(place => place.Card.Origin.Model)), name =>
            Assert.Equal(Meaning(before, name), Meaning(after, name)));
        Assert.Equal("Nothing has changed.\n", _line.Run(ModelsCommand.Create, "update", "--from", Snapshot).Output);

        static string Meaning(Settings settings, string name) => settings.Models.Find(name) is Lookup<Target>.Found { Value: var target } ? $"{target.Card.Id} at {target.Upstream}" : "several or none";
    }

    static Settings Read(ConfigurationFile? learnt) => Assert.IsType<Configuration.Valid>(Configuration.Read(new() { Learnt = learnt })).Settings;
}
