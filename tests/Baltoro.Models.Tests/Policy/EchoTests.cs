// What a continuation repeats of the text that it continues.

using Baltoro.Models.Policy;
using CsCheck;

namespace Baltoro.Models.Tests.Policy;

public class EchoTests
{
    const string Shown = "The glacier is long. One walks it for a week to reach the mountain.";

    static string Heard(string shown, string sent, params string[] deltas)
    {
        Echo echo = new(shown, sent);
        return string.Concat(deltas.Select(echo.Next)) + echo.Release();
    }

    [Theory]
    [InlineData(" It is cold.", " It is cold.")]
    [InlineData(Shown + " It is cold.", " It is cold.")]
    [InlineData("for a week to reach the mountain. It is cold.", " It is cold.")]
    [InlineData("the mountain. It is cold.", "the mountain. It is cold.")]
    [InlineData("The glacier is wide.", "The glacier is wide.")]
    [InlineData("", "")]
    [InlineData(Shown, "")]
    public void Is_left_out_however_it_is_cut(string continuation, string heard)
    {
        Assert.Equal(heard, Heard(Shown, Shown, continuation));
        Assert.Equal(heard, Heard(Shown, Shown, [.. continuation.Select(letter => $"{letter}")]));
    }

    [Theory]
    [InlineData("A rule: ----------------------------------------", "--------------------\nEnd.")]
    [InlineData("| a | b |\n|---|---|---|---|---|---|---|---|---|---|", "---|---|---|---|---|---|---|---|---|---|\n")]
    [InlineData("0101010101010101010101010101010101010101", "01010101010101010101010101010101010101 end")]
    public void A_pattern_that_goes_on_is_no_repetition(string shown, string continuation) =>
        Assert.Equal(continuation, Heard(shown, shown, [.. continuation.Select(letter => $"{letter}")]));

    [Fact]
    public void White_space_that_the_model_was_not_given_is_not_written_twice()
    {
        Assert.Equal("and more", Heard("Some words.\n\n", "Some words.", "\n\nand more"));
        Assert.Equal("and more", Heard("Some words.\n\n", "Some words.", "Some words.\n\nand more"));
        Assert.Equal("and more", Heard("Some words.\n\n", "Some words.", "and more"));
    }

    [Fact]
    public void What_is_no_repetition_is_all_heard() => Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 12], Gen.String[Gen.Char['d', 'f'], 0, 12].Array[0, 5]).Sample((shown, deltas) =>
        Heard(shown, shown, deltas) == string.Concat(deltas));
}
