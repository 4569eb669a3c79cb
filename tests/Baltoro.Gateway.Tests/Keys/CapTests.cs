// Caps as people write them, and the periods for which they hold.

using Baltoro.Gateway.Keys;

namespace Baltoro.Gateway.Tests.Keys;

public class CapTests
{
    [Theory, InlineData("10/day"), InlineData("0.5/week"), InlineData("200/month"), InlineData("0.000000001/day")]
    public void A_cap_reads_as_it_is_written(string text) => Assert.Equal(text, $"{Cap.Parse(text)}");

    [Theory]
    [InlineData(""), InlineData("10"), InlineData("/day"), InlineData("day"), InlineData("10/year"), InlineData("-1/day"), InlineData("0/day"), InlineData("1e3/day"), InlineData("1,5/day"), InlineData("10/day/week"), InlineData("99999999999999/day")]
    public void What_is_no_cap_is_none(string text) => Assert.Null(Cap.Parse(text));

    [Theory]
    [InlineData("1/day", "2026-11-23T23:59:59Z", "2026-11-23", "2026-11-24"), InlineData("1/day", "2026-11-24T00:30:00+01:00", "2026-11-23", "2026-11-24")]
    [InlineData("1/week", "2026-11-23T00:00:00Z", "2026-11-23", "2026-11-30"), InlineData("1/week", "2026-11-29T23:59:59Z", "2026-11-23", "2026-11-30")]
    [InlineData("1/month", "2026-12-31T23:59:59Z", "2026-12-01", "2027-01-01"), InlineData("1/month", "2028-02-29T12:00:00Z", "2028-02-01", "2028-03-01")]
    public void Periods_are_those_of_UTC_and_weeks_begin_on_Monday(string cap, string moment, string from, string to) => Assert.Equal(
        (DateOnly.Parse(from, null), DateOnly.Parse(to, null)), Cap.Parse(cap)!.Around(DateTimeOffset.Parse(moment, null)));

    [Fact]
    public void No_two_secrets_are_alike_and_each_is_found_by_its_prefix()
    {
        string[] secrets = [.. Enumerable.Range(0, 1000).Select(_ => Secret.New())];
        Assert.Equal(1000, secrets.Distinct().Count());
        Assert.All(secrets, secret => Assert.True(Secret.TryPrefix(secret, out string? prefix) && secret.StartsWith($"blt-{prefix}-", StringComparison.Ordinal) && Secret.Matches(secret, Secret.Hash(secret))));
    }
}
