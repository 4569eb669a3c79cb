// Which experts are chosen, by hand-made probabilities.

using Baltoro.Engine.Network;

namespace Baltoro.Engine.Tests.Numbers;

public class Routes
{
    static readonly Routing Four = new() { Experts = 4, Chosen = 2, Width = 32, Shared = 0, Gating = Gating.Sigmoid, Groups = 1, ChosenGroups = 1, Normalised = true, Scale = 2 };

    [Fact]
    public void The_bias_decides_who_is_chosen_and_not_how_much_they_count()
    {
        // Sigmoids of 0.5, 0.25, 0.75, 0.5.
        var (experts, weights) = Choose(Four, [0, -MathF.Log(3), MathF.Log(3), 0], [0, 1, 0, 0]);
        Assert.Equal([1, 2], experts);
        Assert.Equal([0.5f, 1.5f], weights.Select(weight => MathF.Round(weight, 5)));
    }

    [Fact]
    public void Of_equals_the_first_is_chosen() => Assert.Equal([0, 1], Choose(Four, [1, 1, 1, 1], []).Experts);

    [Fact]
    public void Softmax_without_normalising_gives_the_probabilities_themselves()
    {
        var (experts, weights) = Choose(Four with { Gating = Gating.Softmax, Normalised = false, Scale = 1 }, [MathF.Log(1), MathF.Log(2), MathF.Log(3), MathF.Log(4)], []);
        Assert.Equal([3, 2], experts);
        Assert.Equal([0.4f, 0.3f], weights.Select(weight => MathF.Round(weight, 5)));
    }

    [Fact]
    public void Experts_come_from_the_groups_whose_two_best_sum_highest()
    {
        // Group 0 has the best expert; group 1 the better pair.
        Routing grouped = Four with { Groups = 2, ChosenGroups = 1 };
        Assert.Equal([2, 3], Choose(grouped, [3, -9, 2, 1], []).Experts);
        Assert.Equal([0, 1], Choose(grouped with { Gating = Gating.Softmax }, [3, -9, 2, 1], []).Experts);
    }

    [Fact]
    public void Logits_that_are_no_numbers_choose_experts_that_there_are() =>
        Assert.All(Choose(Four, [float.NaN, float.NaN, float.NaN, float.NaN], []).Experts, expert => Assert.InRange(expert, 0, 3));

    static (int[] Experts, float[] Weights) Choose(Routing routing, float[] logits, float[] bias)
    {
        int[] experts = new int[routing.Chosen];
        float[] weights = new float[routing.Chosen];
        Router.Choose(routing, logits, bias, new float[logits.Length], experts, weights);
        return (experts, weights);
    }
}
