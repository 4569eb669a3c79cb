// How a model's tokens are drawn at a step: as the setup says, and more freely where a model that heeds no words is stuck. It refuses to know what it is stuck in.

using Baltoro.Agent.Guards;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>Pure.</summary>
static class Drawing
{
    /// <summary>Temperature for each time that the same call brought the same result, or that a request failed.</summary>
    const double Step = 0.4;

    /// <summary>A general model is told that it goes in circles. A narrow one was never taught to read that, and the likeliest token would stay the likeliest.</summary>
    public static Sampling At(AgentSetup setup, AgentState state)
    {
        Sampling asked = setup.Sampling;
        if (setup.Model.Card.Scope == ModelScope.General) return asked;
        // A failure that is nothing of the model's doing says nothing about its choices.
        int failures = state.Standing is Standing.Failed { Failure.Trouble: not Trouble.Passing } ? state.FailuresInARow - 1 : 0;
        int stuck = state.Repeats.Times - 1 + failures;
        return asked with
        {
            Temperature = stuck == 0 ? asked.Temperature : Math.Max(asked.Temperature ?? 1, Math.Min(1, Step * stuck)),
            // The same choices at every step would be no choices.
            Seed = asked.Seed + state.Steps + failures,
        };
    }
}
