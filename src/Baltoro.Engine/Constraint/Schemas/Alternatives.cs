// Which schemas hold together: references, allOf, anyOf and oneOf written out. Knows no types and no grammar.

using System.Collections.Immutable;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>
/// A value satisfies some schemas when it satisfies, for one of the alternatives, what each schema in it says by itself.
/// </summary>
/// <param name="disjoint">Says whether what <c>oneOf</c> offers is exclusive; null where that does not matter.</param>
sealed class Alternatives(SchemaDocument document, Disjoint? disjoint)
{
    /// <summary>More than this is refused, for it would be a mistake or an attack.</summary>
    const int Most = 256;

    /// <summary>So many ways are followed, those that lead nowhere too.</summary>
    const int MostWays = 65_536;

    /// <param name="Done">What is written out.</param>
    /// <param name="Open">What is not, each with the schemas through which it came in: one that leads to itself says nothing, and no value satisfies it.</param>
    readonly record struct Way(ImmutableSortedSet<int> Done, ImmutableStack<(int Schema, ImmutableHashSet<int> Through)> Open);

    /// <summary>Every alternative of some schemas; none when they cannot hold together or have no end.</summary>
    public List<ImmutableSortedSet<int>> Of(IEnumerable<int> schemas)
    {
        List<ImmutableSortedSet<int>> found = [];
        Stack<Way> ways = new([new([], [.. schemas.Select(schema => (schema, ImmutableHashSet<int>.Empty))])]);
        for (long followed = 1; ways.TryPop(out Way way);)
        {
            if (Follow(way, ways, ref followed) is not { } done) continue;
            if (found.Count == Most) throw new SchemaException(document[done.Min].Pointer, null, $"it has over {Most} alternatives");
            found.Add(done);
        }
        return found;
    }

    /// <returns>Null when the way leads nowhere, or has parted into others.</returns>
    ImmutableSortedSet<int>? Follow(Way way, Stack<Way> ways, ref long followed)
    {
        var (done, open) = way;
        while (!open.IsEmpty)
        {
            open = open.Pop(out var next);
            if (next.Through.Contains(next.Schema)) return null;
            if (done.Contains(next.Schema)) continue;
            Facts facts = document[next.Schema];
            if (facts.Nothing) return null;
            done = done.Add(next.Schema);
            ImmutableHashSet<int> through = next.Through.Add(next.Schema);
            if (facts.Reference is { } reference) open = open.Push((reference, through));
            foreach (int all in facts.AllOf) open = open.Push((all, through));
            if (facts.If is { } condition)
            {
                // The one way that can be held to: the condition, and what follows from it.
                open = open.Push((condition, through));
                if (facts.Then is { } then) open = open.Push((then, through));
            }
            if (facts.AnyOf.Length == 0 && facts.OneOf.Length == 0) continue;
            if ((followed += Math.Max(1L, facts.AnyOf.Length) * Math.Max(1, facts.OneOf.Length)) > MostWays) throw new SchemaException(facts.Pointer, null, $"it has over {MostWays} ways to choose");
            foreach (int one in facts.OneOf) Only(facts, one);
            // The first one is followed first.
            foreach (int any in facts.AnyOf.Length == 0 ? [-1] : facts.AnyOf.Reverse())
                foreach (int one in facts.OneOf.Length == 0 ? [-1] : facts.OneOf.Reverse())
                {
                    var branch = any >= 0 ? open.Push((any, through)) : open;
                    ways.Push(new(done, one >= 0 ? branch.Push((one, through)) : branch));
                }
            return null;
        }
        return done;
    }

    /// <summary>What satisfies one of these must satisfy no other of them.</summary>
    void Only(Facts facts, int one)
    {
        foreach (int other in facts.OneOf)
            if (other != one && disjoint?.Are(one, other) == false)
                throw new SchemaException(facts.Pointer, "oneOf", $"\"{document[one].Pointer}\" and \"{document[other].Pointer}\" may both hold; anyOf says that one does");
    }
}
