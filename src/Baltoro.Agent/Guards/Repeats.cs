// How often the same call had the same result, also in cycles of two and three; it refuses to know what is done about it.

using System.Security.Cryptography;
using System.Text;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Guards;

/// <summary>
/// A call is the same when tool, arguments (as JSON, whatever the order of members) and result are. What the loop itself says between
/// calls is not looked at, so no reminder resets the count. Part of the fold: not thread-safe.
/// </summary>
public sealed class Repeats
{
    const int LongestCycle = 3;

    readonly string[] _last = new string[LongestCycle];

    /// <summary>At [p]: how many calls in a row were the same as the one p calls before.</summary>
    readonly int[] _same = new int[LongestCycle + 1];

    int _count;

    /// <summary>How many times in a row the same call, or the same cycle of calls, was made; 1 when the last one was new.</summary>
    public int Times { get; private set; } = 1;

    /// <summary><see cref="Times"/> when the model was last told so; 0 when it was not told since the last new call.</summary>
    public int ToldAt { get; private set; }

    internal void Add(Block.ToolCall call, SessionEvent.CallEnded ended)
    {
        string print = Print(call, ended);
        int times = 1;
        for (int period = 1; period <= LongestCycle; period++)
        {
            _same[period] = _count >= period && _last[(_count - period) % LongestCycle] == print ? _same[period] + 1 : 0;
            // A run of one call is a cycle of two and three as well; it is counted once.
            if (period > 1 && _same[1] >= period - 1) continue;
            times = Math.Max(times, _same[period] / period + 1);
        }
        _last[_count++ % LongestCycle] = print;
        Times = times;
        if (times == 1) ToldAt = 0;
    }

    internal void Told() => ToldAt = Times;

    /// <summary>A person has spoken: what was repeated before may be what he wants.</summary>
    internal void Forget()
    {
        _count = 0;
        Array.Clear(_same);
        (Times, ToldAt) = (1, 0);
    }

    static string Print(Block.ToolCall call, SessionEvent.CallEnded ended)
    {
        StringBuilder text = new();
        text.Append(call.Name).Append('\0').Append(CanonicalJson.Of(call.Arguments)).Append('\0').Append(ended.How);
        foreach (Block block in ended.Content) text.Append('\0').Append(block is Block.Text said ? said.Content : block.ToString());
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
