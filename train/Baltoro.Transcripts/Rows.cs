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
        // Many rows begin with the request, where a run begins; the others anywhere, as a window that has moved on.
        int first = draw.Chance(0.45) ? 0 : draw.Below(Math.Max(1, played.Steps - 1));
        return played.Window(first, draw.Between(2, 5));
    }

    static Skill Drawn(Draw draw) => draw.Below(100) switch
    {
        < 50 => Skill.Trail,
        < 60 => Skill.Collect,
        < 74 => Skill.Rename,
        < 84 => Skill.Header,
        < 97 => Skill.Todos,
        _ => Skill.Decline,
    };

    static Transcript Play(Draw draw, Split split, Skill skill)
    {
        switch (skill)
        {
            case Skill.Trail:
                TrailWorld trail = TrailWorld.Make(draw, split, draw.Between(1, 7), draw.Chance(0.15) ? 0.4 : 0, draw.Chance(0.04));
                return new(trail, new TrailOracle(trail));
            case Skill.Collect:
                CollectWorld collect = CollectWorld.Make(draw, split, draw.Between(1, 6));
                return new(collect, new CollectOracle(collect));
            case Skill.Rename:
                int files = draw.Between(1, 6);
                RenameWorld rename = RenameWorld.Make(draw, split, files, draw.Chance(0.1) ? 0 : draw.Between(1, files));
                return new(rename, new RenameOracle(rename));
            case Skill.Header:
                int all = draw.Between(1, 6);
                HeaderWorld header = HeaderWorld.Make(draw, split, all, draw.Chance(0.1) ? 0 : draw.Between(1, all));
                return new(header, new HeaderOracle(header));
            case Skill.Todos:
                int many = draw.Chance(0.1) ? draw.Between(10, 60) : draw.Between(1, 8);
                TodosWorld todos = TodosWorld.Make(draw, split, many, draw.Chance(0.08) ? 0 : draw.Between(1, many));
                return new(todos, new TodosOracle(todos));
            case Skill.Decline:
                return new(DeclineWorld.Make(draw, split), new DeclineOracle());
            default: throw new InvalidOperationException($"Unknown skill {skill}.");
        }
    }
}
