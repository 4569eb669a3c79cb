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
        Transcript played = Play(draw, split, skill ?? Drawn(draw)).Played;
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

    /// <summary>A task and the way through it.</summary>
    /// <param name="size">Files; null for as many as in training.</param>
    internal static (World World, Transcript Played) Play(Draw draw, Split split, Skill skill, int? size = null)
    {
        World world = Task(draw, split, skill, size);
        return (world, new(world, OracleOf(world)));
    }

    static World Task(Draw draw, Split split, Skill skill, int? size)
    {
        switch (skill)
        {
            case Skill.Trail:
                return TrailWorld.Make(draw, split, size ?? draw.Between(1, 7), draw.Chance(0.15) ? 0.4 : 0, draw.Chance(0.04));
            case Skill.Collect:
                return CollectWorld.Make(draw, split, size ?? draw.Between(1, 6));
            case Skill.Rename:
                int files = size ?? draw.Between(1, 6);
                return RenameWorld.Make(draw, split, files, draw.Chance(0.1) ? 0 : draw.Between(1, files));
            case Skill.Header:
                int all = size ?? draw.Between(1, 6);
                return HeaderWorld.Make(draw, split, all, draw.Chance(0.1) ? 0 : draw.Between(1, all));
            case Skill.Todos:
                int many = size ?? (draw.Chance(0.3) ? draw.Between(10, 60) : draw.Between(1, 8));
                return TodosWorld.Make(draw, split, many, draw.Chance(0.08) ? 0 : draw.Between(1, many));
            case Skill.Decline:
                return DeclineWorld.Make(draw, split);
            default: throw new InvalidOperationException($"Unknown skill {skill}.");
        }
    }

    internal static Oracle OracleOf(World world) => world switch
    {
        TrailWorld trail => new TrailOracle(trail),
        CollectWorld collect => new CollectOracle(collect),
        RenameWorld rename => new RenameOracle(rename),
        HeaderWorld header => new HeaderOracle(header),
        TodosWorld todos => new TodosOracle(todos),
        DeclineWorld => new DeclineOracle(),
        _ => throw new InvalidOperationException($"Unknown world {world}."),
    };
}
