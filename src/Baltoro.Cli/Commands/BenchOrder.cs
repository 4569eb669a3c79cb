// What `baltoro bench` is to measure, and what of that no engine and no memory can do. It refuses to measure.

using Baltoro.Engine;

namespace Baltoro.Cli.Commands;

/// <param name="Depths">Tokens that are in the cache before, one run of one session for each.</param>
/// <param name="Prompt">Tokens of the prompt; 0 for none.</param>
/// <param name="Tokens">That are generated.</param>
/// <param name="Sessions">Of the run with several; 0 for none.</param>
sealed record BenchOrder(int[] Depths, int Prompt, int Tokens, int Sessions)
{
    /// <summary>Passes of a token before those that were asked for: the first finds nothing in the processor's caches.</summary>
    public const int Before = 3;

    /// <summary>Passes of a token in each run; the best counts.</summary>
    public int Passes => Tokens + Before;

    /// <summary>Tokens of the longest session.</summary>
    public int Longest => (int)(Depths.Append(0).Max() + Behind);

    /// <summary>Tokens that come behind the depth: the prompt in one session, what is generated in another.</summary>
    long Behind => Math.Max(Prompt, (long)Tokens + Before);

    /// <exception cref="ArgumentException">A number makes no sense on any machine.</exception>
    public void Check()
    {
        foreach (int depth in Depths)
            if (depth < 0) throw Refused("--depths", depth, "whole numbers from 0");
        if (Prompt < 0) throw Refused("--prompt", Prompt, "a whole number from 0");
        if (Tokens < 1) throw Refused("--tokens", Tokens, "a whole number from 1");
        if (Sessions is < 0 or > Model.MostTogether) throw Refused("--sessions", Sessions, $"a whole number from 0 to {Model.MostTogether}, which is what one pass over the weights has room for");
    }

    /// <param name="room">Tokens that the cache has memory for, of all sessions together.</param>
    /// <exception cref="ArgumentException">There is no memory for what is to be measured.</exception>
    public void CheckMemory(long room)
    {
        const int Page = 32;
        if (Prompt > room) throw Refused("--prompt", Prompt, $"at most {room}: the cache has no memory for more");
        long each = room / Math.Max(1, Sessions) / Page * Page - Before;
        if (Tokens > each) throw Refused("--tokens", Tokens, $"at most {each}: the cache has memory for {room} tokens of all sessions together");
        foreach (int depth in Depths)
            if (depth > room - Behind) throw Refused("--depths", depth, $"at most {room - Behind}: the cache has memory for {room} tokens, those behind the depth among them");
    }

    static ArgumentException Refused(string option, int found, string expected) => new($"{option}: found {found}, expected {expected}");
}
