// The endless stream of rows: tasks drawn, played and cut into windows. It refuses to know who learns from them.

using Baltoro.Worlds;

namespace Baltoro.Transcripts;

public static class Rows
{
    /// <summary>The same seed gives the same rows for ever; a place in the stream is a count.</summary>
    /// <param name="skill">Null for the mixture of training.</param>
    public static IEnumerable<Row> Create(ulong seed, Split split, Skill? skill = null)
    {
        for (ulong number = 0; ; number++) yield return Make(new Draw(seed * 0x9E3779B97F4A7C15 + number), split, skill);
    }

    static Row Make(Draw draw, Split split, Skill? skill)
    {
        Transcript played = Play(draw, split, skill ?? Drawn(draw));
        // Half of the rows begin with the request, where a run begins; the others anywhere, as a window that has moved on.
        int first = draw.Chance(0.45) ? 0 : draw.Below(Math.Max(1, played.Steps - 1));
        return played.Window(first, draw.Between(2, 5));
    }

    static Skill Drawn(Draw draw) => Skill.Trail;

    static Transcript Play(Draw draw, Split split, Skill skill)
    {
        switch (skill)
        {
            case Skill.Trail:
                TrailWorld trail = TrailWorld.Make(draw, split, draw.Between(1, 7), draw.Chance(0.15) ? 0.4 : 0, draw.Chance(0.04));
                return new(trail, new TrailOracle(trail));
            default: throw new NotSupportedException($"{skill}");
        }
    }
}
