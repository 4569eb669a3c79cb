// What tokens cost, by hand.

namespace Baltoro.Chat.Tests;

public class PricingTests
{
    static readonly Usage Some = new() { Input = 1000, CacheRead = 20_000, CacheWrite = 300, CacheWriteHour = 40, Output = 500, Reasoning = 400 };

    [Fact]
    public void Each_kind_of_token_has_its_price_and_thinking_is_output() =>
        Assert.Equal((1000 * 3m + 20_000 * 0.3m + 300 * 3.75m + 40 * 6m + 500 * 15m) / 1_000_000, new Prices(3, 15, 0.3m, 3.75m, 6).Of(Some));

    [Fact]
    public void What_has_no_price_of_its_own_costs_what_input_costs() => Assert.Equal((21_340 * 0.6m + 500 * 2.5m) / 1_000_000, new Prices(0.6m, 2.5m).Of(Some));

    [Fact]
    public void A_cache_of_an_hour_without_a_price_costs_what_the_shorter_one_costs() =>
        Assert.Equal((1000 * 1m + 20_000 * 1m + 340 * 1.25m + 500 * 5m) / 1_000_000, new Prices(1, 5, CacheWrite: 1.25m).Of(Some));

    [Theory, InlineData(1000, "0.0105"), InlineData(1001, "0.0525005")]
    public void A_prompt_longer_than_the_limit_is_dearer_as_a_whole_with_what_was_read_from_the_cache(long input, string dollars) => Assert.Equal(
        decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture),
        new Prices(0.1m, 0.5m) { Long = new(100_000, new(0.5m, 2.5m)) }.Of(new() { Input = input, CacheRead = 99_000, Output = 1000 }));

    [Theory, InlineData("0.0000000005", 0), InlineData("0.0000000015", 2), InlineData("0.0000000016", 2), InlineData("12.345678901", 12_345_678_901)]
    public void Billionths_of_a_dollar_are_rounded_once_to_the_even_side(string dollars, long nanos) =>
        Assert.Equal(nanos, Pricing.Nanos(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Two_usages_add_up_and_an_unknown_cost_is_none() => Assert.Equal(
        new Usage { Input = 2000, CacheRead = 40_000, CacheWrite = 600, CacheWriteHour = 80, Output = 1000, Reasoning = 800, Cost = 0.5m }, Some.Plus(Some with { Cost = 0.5m }));
}
