// Which token a sampler takes, from hand-made logits.

using Baltoro.Engine.Sampling;

namespace Baltoro.Engine.Tests.Sampling;

public class Choices
{
    /// <summary>Probabilities of 0.5, 0.25, 0.125, 0.0625, 0.0625.</summary>
    static float[] Halving => [.. ((double[])[0.5, 0.25, 0.125, 0.0625, 0.0625]).Select(p => (float)Math.Log(p))];

    [Fact]
    public void Without_temperature_the_likeliest_comes() => Assert.Equal([0], Drawn(new() { Temperature = 0 }));

    [Fact]
    public void Of_equally_likely_ones_the_first_comes_without_temperature() => Assert.Equal(1, new Sampler(new() { Temperature = 0 }, 3).Choose([0, 5, 5], []));

    [Fact]
    public void Plain_sampling_draws_each_as_often_as_its_probability_says()
    {
        int[] counts = Counts(new() { Seed = 3 }, 20_000);
        foreach (var (count, probability) in counts.Zip([0.5, 0.25, 0.125, 0.0625, 0.0625])) Assert.InRange(count / 20_000.0, probability - 0.015, probability + 0.015);
    }

    [Fact]
    public void Temperature_sharpens() => Assert.InRange(Counts(new() { Temperature = 0.5f }, 20_000)[0] / 20_000.0, 0.73, 0.76);

    [Fact]
    public void Top_k_keeps_the_likeliest() => Assert.Equal([0, 1], Drawn(new() { TopK = 2 }));

    [Fact]
    public void Top_p_keeps_the_one_that_crosses_it() => Assert.Equal([0, 1], Drawn(new() { TopP = 0.6f }));

    [Fact]
    public void Top_p_of_less_than_the_likeliest_keeps_that_one() => Assert.Equal([0], Drawn(new() { TopP = 0.1f }));

    [Fact]
    public void Min_p_is_a_part_of_the_likeliest() => Assert.Equal([0, 1, 2], Drawn(new() { MinP = 0.2f }));

    [Fact]
    public void Top_p_counts_what_min_p_would_leave_out() => Assert.Equal([0, 1], Drawn(new() { TopP = 0.6f, MinP = 0.3f }));

    [Fact]
    public void Min_p_leaves_out_what_top_k_and_top_p_have_kept() => Assert.Equal([0, 1], Drawn(new() { TopK = 4, TopP = 0.9f, MinP = 0.3f }));

    [Fact]
    public void Of_equally_likely_ones_top_k_keeps_the_first() => Assert.Equal([0, 1, 2, 3], Drawn(new() { TopK = 4 }));

    [Fact]
    public void A_repetition_penalty_divides_what_is_positive_and_multiplies_what_is_not()
    {
        Sampler sampler = new(new() { Temperature = 0, RepetitionPenalty = 2 }, 3);
        float[] logits = [4, 3, -1];
        Assert.Equal(1, sampler.Choose(logits, [0, 0, 2]));
        Assert.Equal([2, 3, -2], logits);
    }

    [Fact]
    public void Frequency_counts_and_presence_does_not()
    {
        float[] logits = [4, 3, 2];
        new Sampler(new() { Temperature = 0, FrequencyPenalty = 0.5f, PresencePenalty = 0.25f }, 3).Choose(logits, [0, 0, 1]);
        Assert.Equal([2.75f, 2.25f, 2], logits);
    }

    [Fact]
    public void Penalties_look_no_further_back_than_their_window()
    {
        float[] logits = [4, 3, 2];
        new Sampler(new() { Temperature = 0, PresencePenalty = 1, PenaltyWindow = 1 }, 3).Choose(logits, [0, 1]);
        Assert.Equal([4, 2, 2], logits);
    }

    [Fact]
    public void What_is_impossible_never_comes()
    {
        Sampler sampler = new(new() { Temperature = 100 }, 3);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Equal(1, sampler.Choose([float.NegativeInfinity, 0, float.NaN], [])));
    }

    [Fact]
    public void Logits_of_which_none_is_possible_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Sampler(new(), 2).Choose([float.NegativeInfinity, float.NaN], []));

    [Fact]
    public void The_same_seed_draws_the_same_and_another_seed_does_not()
    {
        Assert.Equal(Sequence(7), Sequence(7));
        Assert.NotEqual(Sequence(7), Sequence(8));
    }

    [Fact]
    public void A_choice_allocates_nothing()
    {
        Sampler sampler = new(new() { TopP = 0.9f, TopK = 3, RepetitionPenalty = 1.1f }, 5);
        float[] logits = Halving;
        sampler.Choose(logits, [1]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) sampler.Choose(logits, [1, 2]);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_setting_that_makes_no_sense_is_named() => Assert.Equal("The sampling has a top-p of 0; more than 0 and at most 1 was expected. (Parameter 'settings')",
        Assert.Throws<ArgumentException>(() => new Sampler(new() { TopP = 0 }, 5)).Message);

    static int[] Drawn(SamplingSettings settings) => [.. Counts(settings, 2000).Index().Where(pair => pair.Item > 0).Select(pair => pair.Index)];

    static int[] Counts(SamplingSettings settings, int draws)
    {
        Sampler sampler = new(settings, 5);
        int[] counts = new int[5];
        for (int i = 0; i < draws; i++) counts[sampler.Choose(Halving, [])]++;
        return counts;
    }

    static int[] Sequence(ulong seed)
    {
        Sampler sampler = new(new() { Seed = seed }, 5);
        return [.. Enumerable.Range(0, 50).Select(_ => sampler.Choose(Halving, []))];
    }
}
