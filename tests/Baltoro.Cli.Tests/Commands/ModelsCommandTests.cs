// `baltoro models` as a user meets it: arguments in, text and exit code out.

using System.CommandLine;
using System.Text.Json;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Tests.Commands;

public sealed class ModelsCommandTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("baltoro-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    (int Code, string Output, string Error) Run(string arguments, int? width = null, params string[] keys)
    {
        Dictionary<string, string> environment = keys.ToDictionary(key => key, _ => "sk-secret");
        environment["XDG_CONFIG_HOME"] = Path.Combine(_folder, "config");
        Surroundings around = new()
        {
            Environment = environment,
            Folder = _folder,
            Platform = Platform.Linux,
            Today = new(2026, 11, 23),
            Screen = width is { } columns ? new(columns, Colour: false) : null,
        };
        StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = ModelsCommand.Create(() => around).Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, $"{output}", $"{error}".Replace(_folder, "~", StringComparison.Ordinal));
    }

    void Write(string path, string text)
    {
        string file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    static string[] Ids(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ')[0])];

    static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));

    [Fact]
    public void Into_a_pipe_go_all_columns_and_nothing_else() => Assert.Equal((0,
        """
        MODEL                              AT                  WINDOW  REPLY    IN  CACHED    OUT  THINKING  KEY   RETIRED
        moonshotai/kimi-k2-thinking        novita, openrouter    262k   262k  0.60    0.15   2.50  always    yes   moonshot 2026-05-25
        moonshotai/kimi-k2-thinking-turbo  moonshot              262k   262k  1.15    0.15   8.00  always    gone  2026-05-25
        moonshotai/kimi-k2-turbo           moonshot              262k   262k  2.40    0.60  10.00            gone  2026-05-25

        """, ""), Run("kimi-k2-t", null, "NOVITA_API_KEY"));

    [Fact]
    public void At_60_columns_ids_and_prices_stay_whole() => Assert.Equal(
        """
        MODEL                              WINDOW    IN    OUT  KEY
        moonshotai/kimi-k2-thinking          262k  0.60   2.50  yes
        moonshotai/kimi-k2-thinking-turbo    262k  1.15   8.00  gone
        moonshotai/kimi-k2-turbo             262k  2.40  10.00  gone

        US dollars per million tokens, as of 2026-11-23.
        Default: moonshotai/kimi-k2-thinking at novita.

        """, Lines(Run("kimi-k2-t", 60, "NOVITA_API_KEY").Output));

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(140)]
    [InlineData(300)]
    public void On_any_screen_each_model_has_one_line_that_fits_or_holds_its_id_alone(int width)
    {
        string[] lines = Lines(Run("", width).Output).Split("\n\n")[0].Split('\n');
        Assert.Equal(Catalogue.BuiltIn.Entries.Select(entry => entry.Id).Append("baltoro/piolet"), lines.Skip(1).Select(line => line.Split(' ')[0]));
        Assert.All(lines, line => Assert.True(line.Length <= width || !line.Contains(' ', StringComparison.Ordinal), line));
    }

    [Fact]
    public void Below_the_table_stand_currency_date_and_default() => Assert.EndsWith(
        "\n\nUS dollars per million tokens, as of 2026-11-23.\nDefault: zai/glm-5.3 at zai.\n", Lines(Run("glm", 80, "ZAI_API_KEY").Output), StringComparison.Ordinal);

    [Fact]
    public void Without_a_key_it_says_what_to_set() => Assert.EndsWith(
        "Default: moonshotai/kimi-k2-thinking at novita.\nThere is no key for it: set NOVITA_API_KEY, or that of another upstream.\n",
        Lines(Run("kimi", 80).Output), StringComparison.Ordinal);

    [Fact]
    public void Available_are_the_models_with_a_key_that_are_still_served() =>
        Assert.Equal(["deepseek/deepseek-flash", "deepseek/deepseek-v4-pro", "deepseek/deepseek-v4-flash", "baltoro/piolet"], Ids(Run("--available", null, "DEEPSEEK_API_KEY").Output));

    [Fact]
    public void An_upstream_shows_its_own_prices() => Assert.Equal(
        "zai/glm-4.7        openrouter, novita, zai    202k   131k  0.40    0.08  1.75  on/off    no",
        Run("glm-4.7 --upstream OpenRouter").Output.Split('\n')[1]);

    [Fact]
    public void The_maximum_price_is_that_of_output() => Assert.Equal(
        ["zai/glm-4.7-flash", "deepseek/deepseek-v4-flash", "deepseek/deepseek-v3.2", "baltoro/piolet"],
        Ids(Run("--max-price 0.4 --available", null, "NOVITA_API_KEY").Output));

    [Fact]
    public void Json_holds_every_number_exactly()
    {
        using JsonDocument json = JsonDocument.Parse(Run("claude-haiku-5.5 --json", 60, "ANTHROPIC_API_KEY").Output);
        Assert.Equal(
            """{"date":"2026-11-23","models":[{"id":"anthropic/claude-haiku-5.5","name":"Claude Haiku 5.5","aliases":[],"released":"2026-10-07","chosen":"anthropic","at":[{"upstream":"anthropic","model":"claude-haiku-5-5","dialect":"claude","key":true,"window":1000000,"output":128000,"thinking":"adaptive","efforts":["low","medium","high","xhigh","max"],"prices":{"input":0.1,"output":0.5,"cacheRead":0.01,"cacheWrite":0.125,"cacheWriteHour":0.2,"long":{"above":100000,"prices":{"input":0.5,"output":2.5,"cacheRead":0.05,"cacheWrite":0.625}},"source":"Anthropic model page, 2026-11"}}]}]}""",
            JsonSerializer.Serialize(json.RootElement));
    }

    [Fact]
    public void Nothing_found_is_said_aloud_and_told_by_the_exit_code() =>
        Assert.Equal((1, "", "No model is like that. `baltoro models` without filters lists all.\n"), Run("mistral"));

    [Fact]
    public void Nothing_found_is_an_empty_list_in_Json() => Assert.Equal(0, Run("mistral --json").Code);

    [Fact]
    public void An_unknown_upstream_is_named_with_those_that_there_are() => Assert.Equal(
        (2, "", "There is no upstream \"novta\". There are novita, moonshot, zai, deepseek, anthropic, openai, openrouter.\n"), Run("--upstream novta"));

    [Fact]
    public void The_users_file_and_the_projects_are_read()
    {
        Write("config/baltoro/config.json", """{ "upstreams": { "lab": { "url": "http://127.0.0.1:1/v1", "format": "openai" } } }""");
        Write(".baltoro/config.json", """{ "models": { "ours": { "upstream": "lab" } } }""");
        Assert.Equal("ours   lab    131k    32k   ?       ?    ?  none", Run("ours").Output.Split('\n')[1]);
    }

    [Fact]
    public void Another_file_takes_the_place_of_the_users()
    {
        Write("config/baltoro/config.json", "{ broken");
        Write("other.json", """{ "models": { "ours": { "upstream": "zai" } } }""");
        Assert.Equal(["ours"], Ids(Run("ours --config other.json").Output));
        Assert.Equal((2, "", "~/config/baltoro/config.json:1: found text that is not JSON, expected JSON (comments and trailing commas are fine)\n"), Run("ours"));
    }

    [Fact]
    public void A_file_that_was_asked_for_must_be_there() =>
        Assert.Equal((2, "", "~/nowhere.json: cannot be read: there is no such file.\n"), Run("--config nowhere.json"));
}
