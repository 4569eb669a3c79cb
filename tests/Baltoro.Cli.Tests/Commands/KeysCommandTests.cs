// `baltoro keys` as a user meets it: arguments in, text and exit code out.

using System.Text.Json;
using Baltoro.Cli.Commands;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Cli.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    readonly CommandLine _line = new("NOVITA_API_KEY");

    public void Dispose() => _line.Dispose();

    (int Code, string Output, string Error) Run(params string[] arguments) => _line.Run(look => KeysCommand.Create(look, TimeProvider.System), arguments);

    async Task<IReadOnlyList<VirtualKey>> Keys()
    {
        await using ILedgerStore ledger = Ledgers.At(Path.Combine(_line.State, "ledger.db"));
        return await ledger.Keys(default);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_what_it_may_do_and_a_hash()
    {
        (int code, string output, string error) = Run("add", "ci", "--models", "kimi,glm", "--rpm", "60", "--tpm", "500000", "--cap", "10/day", "--cap", "100/month", "--expires", "30d");
        string secret = output.Split('\n')[0];
        Assert.Equal((0, "", true), (code, error, Secret.TryPrefix(secret, out string? prefix)));
        Assert.Equal(
            $"""
            {secret}

            This is the key "ci": kimi, glm; 60 requests a minute; 500000 tokens a minute; at most 10/day and 100/month in US dollars; until 2026-12-23.
            It is shown this once and kept as a hash only. Clients send it as ANTHROPIC_AUTH_TOKEN, OPENAI_API_KEY or x-api-key.
            It is the first one: from now on the gateway demands a key of everyone.

            """, output);
        VirtualKey key = Assert.Single(await Keys());
        Assert.Equal(new()
        {
            Name = "ci", Prefix = prefix!, Hash = Secret.Hash(secret), Models = ["kimi", "glm"], RequestsPerMinute = 60, TokensPerMinute = 500_000,
            Caps = [new(10_000_000_000, CapPeriod.Day), new(100_000_000_000, CapPeriod.Month)], Created = key.Created,
            Expires = new(2026, 12, 23, 0, 0, 0, TimeSpan.Zero),
        }, key);
        Assert.DoesNotContain(secret[^32..], Run("list").Output + Run("list", "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_shows_what_each_may_do_has_spent_and_whether_it_is_valid()
    {
        string[] secrets = [.. ((string[][])[["add", "ci", "--cap", "10/day"], ["add", "me"]]).Select(arguments => Run(arguments).Output.Split('\n')[0][..12])];
        Assert.Equal((0, "\"me\" is revoked. Running gateways refuse it within a second.\n", ""), Run("revoke", "me"));
        Assert.Equal(
            $"""
            NAME  KEY             STATE    SPENT           MAY
            ci    {secrets[0]}-…  valid    0.00 of 10/day  all models; at most 10/day in US dollars
            me    {secrets[1]}-…  revoked                  all models

            """, Run("list").Output);
        _line.Width = 60;
        Assert.All(Run("list").Output.Split('\n'), line => Assert.True(line.Length <= 60, line));
        using JsonDocument json = JsonDocument.Parse(Run("list", "--json").Output);
        Assert.Equal(["valid", "revoked"], json.RootElement.EnumerateArray().Select(key => key.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("add ci --cap 10", "--cap: found \"10\", expected an amount of US dollars and a period, such as 10/day, 50/week or 200/month")]
    [InlineData("add ci --cap 10/day,5/day", "--cap: two caps for one period; the smaller one alone says the same")]
    [InlineData("add ci --rpm 0", "--rpm: found 0, expected a whole number above 0")]
    [InlineData("add ci --expires 2026-11-23", "--expires: found \"2026-11-23\", expected a day after today such as 2027-01-01, or a time from today such as 30d, 4w or 3m")]
    [InlineData("add a/b", "NAME: found \"a/b\", expected up to 64 letters, digits, \"-\", \"_\", \".\" and \"@\"")]
    [InlineData("revoke ci", "There is no key \"ci\"; `baltoro keys list` shows those that there are.")]
    public async Task What_is_wrong_is_said_and_nothing_is_changed(string arguments, string complaint)
    {
        Assert.Equal((2, "", complaint + "\n"), Run(arguments.Split(' ')));
        Assert.Empty(await Keys());
    }

    [Fact]
    public void A_name_is_given_once()
    {
        Run("add", "ci");
        Assert.Equal((2, "", "There is a key \"ci\" already. Names of revoked keys stay taken, because the ledger knows them.\n"), Run("add", "ci"));
        Run("revoke", "ci");
        Assert.Equal((2, "", "\"ci\" is revoked already.\n"), Run("revoke", "ci"));
        Assert.Equal(2, Run("add", "ci").Code);
    }

    [Fact]
    public void Without_keys_the_list_says_that_the_gateway_is_open() =>
        Assert.Equal((1, "", "There are no keys: the gateway answers to everyone who reaches it. `baltoro keys add NAME` makes one.\n"), Run("list"));
}
