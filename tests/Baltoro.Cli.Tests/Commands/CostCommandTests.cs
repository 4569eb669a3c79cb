// `baltoro cost` as a user meets it: arguments in, text and exit code out.

using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Cli.Tests.Commands;

public sealed class CostCommandTests : IDisposable
{
    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly CommandLine _line = new("NOVITA_API_KEY", "ANTHROPIC_API_KEY");

    public void Dispose() => _line.Dispose();

    async Task Used(params (int Day, string Model, string Session, Usage Usage, long Cost)[] used)
    {
        await using ILedgerStore ledger = Ledgers.At(Path.Combine(_line.State, "ledger.db"));
        await ledger.Append([.. used.Select((one, number) => new LedgerRow
        {
            Id = $"{number}", At = Noon.AddDays(-one.Day), Format = "messages", Asked = one.Model, Model = one.Model, Upstream = "novita", Session = one.Session,
            Usage = one.Usage, Cost = one.Cost, Outcome = "end_turn", Shares = [new("novita", one.Model, one.Usage, one.Cost, true, false)],
        })], default);
    }

    Task Usual() => Used(
        (0, "moonshotai/kimi-k2-thinking", "5e55", new() { Input = 120_000, CacheRead = 2_400_000, Output = 30_000, Reasoning = 20_000 }, 507_000_000),
        (0, "zai/glm-5.3", "5e55", new() { Input = 1000, Output = 500 }, 3_600_000),
        (1, "moonshotai/kimi-k2-thinking", "0a0a", new() { Input = 60_000, CacheRead = 1_000_000, Output = 9000 }, 208_500_000));

    (int Code, string Output, string Error) Run(params string[] arguments) => _line.Run(CostCommand.Create, arguments);

    static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));

    [Fact]
    public async Task By_day_into_a_pipe_go_aligned_numbers_and_no_bars()
    {
        await Usual();
        Assert.Equal((0,
            """
            DAY         REQUESTS    IN  CACHED   OUT  THINKING    COST
            2026-11-23         2  121k    2.4M   30k       20k  0.5106
            2026-11-22         1   60k    1.0M  9000            0.2085
            total              3  181k    3.4M   39k       20k  0.7191

            US dollars; days are UTC's.

            """, ""), Run());
    }

    [Fact]
    public async Task A_terminal_gets_bars_as_long_as_the_cost()
    {
        await Usual();
        _line.Width = 80;
        string[] lines = Lines(Run("--by", "day").Output).Split('\n');
        Assert.Equal(("2026-11-23         2  121k    2.4M   30k       20k  0.5106  " + new string('█', 20), "2026-11-22         1   60k    1.0M  9000            0.2085  ████████▏"), (lines[1], lines[2]));
    }

    [Fact]
    public async Task At_60_columns_thinking_gives_way_to_the_bars()
    {
        await Usual();
        _line.Width = 60;
        Assert.Equal(
            $"""
            DAY         REQUESTS    IN  CACHED   OUT    COST
            2026-11-23         2  121k    2.4M   30k  0.5106  ██████████
            2026-11-22         1   60k    1.0M  9000  0.2085  ████
            total              3  181k    3.4M   39k  0.7191

            US dollars; days are UTC's.

            """, Lines(Run().Output));
    }

    [Theory, InlineData(40), InlineData(60), InlineData(72), InlineData(80), InlineData(120), InlineData(200)]
    public async Task On_any_screen_every_line_of_the_table_fits_and_ends_with_what_it_cost(int width)
    {
        await Usual();
        _line.Width = width;
        foreach (string by in (string[])["day", "model", "session", "agent", "upstream", "key"])
        {
            string[] table = Lines(Run("--by", by, "--compare", "sonnet").Output).Split("\n\n")[0].Split('\n');
            Assert.All(table, line => Assert.True(line.Length <= width, line));
            Assert.All(table[1..], line => Assert.Matches(@"\d\.\d{4}  +\d+\.\d{4}(  [█▏▎▍▌▋▊▉]+)?$", line));
        }
    }

    [Fact]
    public async Task The_same_tokens_are_reckoned_elsewhere_and_the_difference_is_said()
    {
        await Usual();
        decimal there = new Prices(2, 10, 0.2m, 2.5m, 4).Of(new() { Input = 181_000, CacheRead = 3_400_000, Output = 39_500 });
        (int code, string output, string error) = Run("--by", "upstream", "--compare", "anthropic/claude-sonnet-5.5");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"The same tokens at anthropic/claude-sonnet-5.5 (anthropic): {there:0.0000}. What was used is {(1 - 0.7191m / there) * 100:0} % cheaper.", output);
    }

    [Fact]
    public async Task Since_takes_days_and_times_back_from_today()
    {
        await Usual();
        foreach (string since in (string[])["today", "1d", "2026-11-23"]) Assert.Equal("2026-11-23", OnlyDay(since));
        foreach (string since in (string[])["2d", "1w", "1m", "2026-11-22"]) Assert.Null(OnlyDay(since));
        Assert.Equal((1, "", "Nothing was asked since 2026-12-01.\n"), Run("--since", "2026-12-01"));
        Assert.Equal((2, "", "--since: found \"ever\", expected a day such as 2026-11-01, \"today\", or a time back from today such as 7d, 4w or 3m\n"), Run("--since", "ever"));

        string? OnlyDay(string since) => Run("--since", since, "--csv").Output.Split("\r\n") is [_, var only, ""] ? only.Split(',')[0] : null;
    }

    [Fact]
    public async Task Csv_is_exact_and_names_cannot_become_formulas()
    {
        await Used((0, "m", "=SUM(A1)", new() { Input = 7, Output = 3 }, 1_234_567), (0, "m", "a,\"b\"", new() { Input = 1 }, 1));
        Assert.Equal((0,
            "session,requests,failed,input,cache_read,cache_write,cache_write_hour,output,reasoning,cost_usd,unpriced,estimated\r\n"
            + "'=SUM(A1),1,0,7,0,0,0,3,0,0.001234567,0,0\r\n\"a,\"\"b\"\"\",1,0,1,0,0,0,0,0,0.000000001,0,0\r\n", ""), Run("--by", "session", "--csv"));
    }

    [Fact]
    public async Task Json_is_exact()
    {
        await Used((0, "m", "s", new() { Input = 7, CacheRead = 5, Output = 3, Reasoning = 1 }, 1_234_567));
        using JsonDocument json = JsonDocument.Parse(Run("--by", "model", "--json", "--since", "today").Output);
        Assert.Equal(
            """{"by":"model","since":"2026-11-23","lines":[{"name":"m","requests":1,"failed":0,"input":7,"cacheRead":5,"cacheWrite":0,"cacheWriteHour":0,"output":3,"reasoning":1,"cost":0.001234567,"unpriced":0,"estimated":0}],"total":{"name":"total","requests":1,"failed":0,"input":7,"cacheRead":5,"cacheWrite":0,"cacheWriteHour":0,"output":3,"reasoning":1,"cost":0.001234567,"unpriced":0,"estimated":0}}""",
            JsonSerializer.Serialize(json.RootElement));
    }

    [Fact]
    public void Before_the_first_request_it_says_where_the_ledger_begins() =>
        Assert.Equal((1, "", "Nothing is written down yet: the ledger begins with the first request of `baltoro`, `baltoro run` or a client of `baltoro serve`.\n"), Run());

    [Fact]
    public void Without_a_home_it_says_what_to_set()
    {
        _line.Environment.Remove("XDG_STATE_HOME");
        Assert.Equal((2, "", "There is no home folder to keep a ledger in: set HOME or XDG_STATE_HOME.\n"), Run());
    }

    [Fact]
    public void An_unknown_model_to_compare_with_is_named()
    {
        (int code, _, string error) = Run("--compare", "sonet");
        Assert.Equal(2, code);
        Assert.StartsWith("--compare: There is no model \"sonet\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_ledger_is_said_to_be_none()
    {
        _line.Write("state/baltoro/ledger.db", new string('x', 4096));
        (int code, _, string error) = Run();
        Assert.Equal(2, code);
        Assert.StartsWith("~/state/baltoro/ledger.db: the ledger is damaged or no ledger", error, StringComparison.Ordinal);
    }
}
