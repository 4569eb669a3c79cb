// The automaton that a path pattern becomes, run over all its places at once. It does not know how patterns are written.

using System.Buffers;

namespace Baltoro.Agent.Tools;

/// <summary>
/// Nodes in the order of the pattern; behind the last, the path is accepted. A node leads to itself or onwards, so one pass over the places
/// from low to high follows whatever costs no character. Immutable; safe from any thread.
/// </summary>
sealed class GlobMachine(GlobMachine.Node[] nodes)
{
    /// <summary>One place of the pattern.</summary>
    public abstract record Node
    {
        Node() { }

        /// <summary>This character.</summary>
        public sealed record One(char Character) : Node;

        /// <summary>Any character but the slash.</summary>
        public sealed record Any : Node
        {
            public static readonly Any Instance = new();
        }

        public sealed record Class(CharacterClass Members) : Node;

        /// <summary>Any number of characters without a slash.</summary>
        public sealed record Run : Node
        {
            public static readonly Run Instance = new();
        }

        /// <summary>Any number of characters.</summary>
        public sealed record All : Node
        {
            public static readonly All Instance = new();
        }

        /// <summary>Any number of characters, the last of them a slash.</summary>
        public sealed record Folders : Node
        {
            public static readonly Folders Instance = new();
        }

        /// <summary>Goes on at each of these.</summary>
        /// <param name="Places">Behind this one.</param>
        public sealed record Fork(int[] Places) : Node;

        /// <summary>Nothing at all: the pattern is malformed from here on.</summary>
        public sealed record Never : Node
        {
            public static readonly Never Instance = new();
        }
    }

    /// <param name="steps">Places that were looked at: no more than nodes times characters.</param>
    public bool Accepts(ReadOnlySpan<char> path, out long steps)
    {
        const int OnStack = 16;
        steps = 0;
        int words = nodes.Length / 64 + 1;
        ulong[]? rented = words > OnStack ? ArrayPool<ulong>.Shared.Rent(2 * words) : null;
        Span<ulong> all = rented is null ? stackalloc ulong[2 * OnStack] : rented;
        Span<ulong> now = all[..words], next = all[words..(2 * words)];
        now.Clear();
        Set(now, 0);
        bool isAlive = true;
        for (int i = 0; isAlive && i < path.Length; i++)
        {
            next.Clear();
            isAlive = Step(now, next, path[i], isEnd: false, ref steps);
            Span<ulong> swap = now;
            now = next;
            next = swap;
        }
        if (isAlive) Step(now, next, '\0', isEnd: true, ref steps);
        bool accepted = isAlive && (now[nodes.Length / 64] >> (nodes.Length % 64) & 1) != 0;
        if (rented is not null) ArrayPool<ulong>.Shared.Return(rented);
        return accepted;
    }

    /// <summary>Completes the places of <paramref name="now"/>, and finds those behind the character, if there is one. False when none is.</summary>
    bool Step(Span<ulong> now, Span<ulong> next, char c, bool isEnd, ref long steps)
    {
        bool isAlive = false;
        for (int word = 0; word < now.Length; word++)
        {
            for (ulong left = now[word]; left != 0;)
            {
                int bit = System.Numerics.BitOperations.TrailingZeroCount(left), at = word * 64 + bit;
                if (at == nodes.Length) break;
                steps++;
                (bool stays, bool goesOn) = (false, false);
                switch (nodes[at])
                {
                    case Node.One one: goesOn = c == one.Character; break;
                    case Node.Any: goesOn = c != '/'; break;
                    case Node.Class group: goesOn = group.Members.Contains(c); break;
                    case Node.Run:
                        Set(now, at + 1);
                        stays = c != '/';
                        break;
                    case Node.All:
                        Set(now, at + 1);
                        stays = true;
                        break;
                    case Node.Folders:
                        // It is there twice: the first may be passed without a character, the second only by a slash.
                        (stays, goesOn) = (true, c == '/');
                        break;
                    case Node.Fork fork:
                        foreach (int place in fork.Places) Set(now, place);
                        break;
                    default: break;
                }
                if (!isEnd && stays) Set(next, at);
                if (!isEnd && goesOn) Set(next, at + 1);
                isAlive |= stays || goesOn;
                // What was set above this bit meanwhile is seen, too.
                left = now[word] & (ulong.MaxValue << bit << 1);
            }
        }
        return isAlive;
    }

    static void Set(Span<ulong> places, int place) => places[place / 64] |= 1UL << (place % 64);
}
