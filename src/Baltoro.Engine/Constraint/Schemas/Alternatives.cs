// Which schemas hold together: references, allOf, anyOf and oneOf written out. Knows no types and no grammar.

using System.Collections.Immutable;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>
/// A value satisfies some schemas when it satisfies, for one of the alternatives, what each schema in it says by itself.
/// </summary>
sealed class Alternatives(SchemaDocument document, Disjoint disjoint)
{
    /// <summary>More than this is refused, for it would be a mistake or an attack.</summary>
    const int Most = 256;

    /// <summary>Every alternative of some schemas; none when they cannot hold together or have no end.</summary>
    public List<ImmutableSortedSet<int>> Of(IEnumerable<int> schemas)
    {
        List<ImmutableSortedSet<int>> found = [];
        Go([], [.. schemas.Select(schema => (schema, ImmutableHashSet<int>.Empty))], found);
        return found;
    }

    /// <param name="done">What is written out.</param>
    /// <param name="open">What is not, each with the schemas through which it came in: one that leads to itself says nothing, and no value satisfies it.</param>
    void Go(ImmutableSortedSet<int> done, ImmutableStack<(int Schema, ImmutableHashSet<int> Through)> open, List<ImmutableSortedSet<int>> found)
    {
        while (!open.IsEmpty)
        {
            open = open.Pop(out var next);
            if (next.Through.Contains(next.Schema)) return;
            if (done.Contains(next.Schema)) continue;
            Facts facts = document[next.Schema];
            if (facts.Nothing) return;
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
            foreach (int any in facts.AnyOf.Length == 0 ? [-1] : facts.AnyOf)
                foreach (int one in facts.OneOf.Length == 0 ? [-1] : facts.OneOf)
                {
                    if (one >= 0) Only(facts, one);
                    var branch = any >= 0 ? open.Push((any, through)) : open;
                    Go(done, one >= 0 ? branch.Push((one, through)) : branch, found);
                }
            return;
        }
        if (found.Count == Most) throw new SchemaException(document[done.Min].Pointer, null, $"it has over {Most} alternatives");
        found.Add(done);
    }

    /// <summary>What satisfies one of these must satisfy no other of them.</summary>
    void Only(Facts facts, int one)
    {
        foreach (int other in facts.OneOf)
            if (other != one && !disjoint.Are(one, other))
                throw new SchemaException(facts.Pointer, "oneOf", $"\"{document[one].Pointer}\" and \"{document[other].Pointer}\" may both hold; anyOf says that one does");
    }
}
