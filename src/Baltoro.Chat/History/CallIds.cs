// The ids of tool calls, as each vendor wants them and as clients can carry them; a pure function of the conversation.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Baltoro.Chat.History;

/// <summary>
/// Two mappings. To the client: an id that every client accepts and that is unique in the conversation; where the native one is not, it is
/// sealed into a readable form, <c>toolu_bN_ESCAPED</c>, N telling doubles apart. To the vendor: the native id out of the seal, or the
/// form that the vendor insists on. Each id depends on the calls before it only, so the prefix stays as it is.
/// </summary>
public static partial class CallIds
{
    const int LongestId = 64;

    /// <summary>Rewrites the ids of a history whose results already stand in the order of their calls.</summary>
    /// <param name="ids">Hands them out; knows those of the turns in front.</param>
    internal static ChatRequest ForVendor(ChatRequest request, VendorIds ids)
    {
        Queue<string> waiting = new();
        return request with { Turns = request.Turns.Map(turn => turn with { Blocks = turn.Blocks.Change(Rename) }) };

        Block Rename(Block block)
        {
            switch (block)
            {
                case Block.ToolCall call:
                    string id = ids.Next(call);
                    waiting.Enqueue(id);
                    return id == call.Id ? call : call with { Id = id };
                case Block.ToolResult result when waiting.TryDequeue(out string? answered):
                    return answered == result.CallId ? result : result with { CallId = answered };
                default:
                    return block;
            }
        }
    }

    /// <summary>Names the calls of one reply for the client that sent a request. Not thread-safe.</summary>
    public sealed class ForClient
    {
        readonly HashSet<string> _known, _used;
        int _calls;

        public ForClient(ChatRequest request)
        {
            ArgumentNullException.ThrowIfNull(request);
            (Mentions known, Mentions rest) = Mentions.In(request);
            (_known, _used, _calls) = (known.Ids, rest.Ids, known.Calls + rest.Calls);
        }

        /// <param name="native">The id as the upstream wrote it; may be empty.</param>
        public string Next(string native)
        {
            ArgumentNullException.ThrowIfNull(native);
            int ordinal = _calls++;
            if (native.Length is > 0 and <= LongestId && ClaudeId().IsMatch(native) && !IsSealed(native) && Take(native)) return native;
            if (native.Length == 0) native = "call";
            for (int n = native == "call" ? ordinal : 0; ; n++)
                if (Seal(native, n) is var id && Take(id)) return id;
        }

        bool Take(string id) => !_known.Contains(id) && _used.Add(id);
    }

    /// <summary>Hands out the vendor's ids, call by call.</summary>
    internal sealed class VendorIds(IdDialect dialect)
    {
        readonly HashSet<string> _used = new(StringComparer.Ordinal);
        VendorIds? _before;
        int _next;

        /// <summary>Goes on from here for itself; nothing may be taken here meanwhile.</summary>
        public VendorIds Fork() => new(dialect) { _before = this, _next = _next };

        public string Next(Block.ToolCall call) => dialect switch
        {
            IdDialect.Kimi => NextKimi(call.Name, Unseal(call.Id)),
            // What the client carries already has Claude's form unless it comes from elsewhere.
            IdDialect.Claude => Unique(Clean(call.Id)),
            IdDialect.Any => Unique(Unseal(call.Id)),
            _ => throw new InvalidOperationException($"Unknown id dialect {dialect}."),
        };

        /// <summary>The model reads a tool's name out of the id and counts on from the last number that it sees.</summary>
        string NextKimi(string name, string native)
        {
            if (KimiId().Match(native) is { Success: true } match && match.Groups["name"].ValueSpan.SequenceEqual(name)
                && int.TryParse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture, out int index) && Take(native))
            {
                _next = Math.Max(_next, index + 1);
                return native;
            }
            string id;
            do id = $"functions.{name}:{_next++}";
            while (!Take(id));
            return id;
        }

        string Unique(string id)
        {
            if (id.Length == 0) id = "call";
            if (id.Length > LongestId) id = id[..(LongestId - 8)];
            string unique = id;
            for (int n = 1; !Take(unique); n++) unique = $"{id}_{n}";
            return unique;
        }

        bool Take(string id) => _before?._used.Contains(id) is not true && _used.Add(id);

        static string Clean(string id) => ClaudeId().IsMatch(id) ? id : NotInClaudeId().Replace(id, "_");
    }

    static string Seal(string native, int number)
    {
        StringBuilder id = new($"toolu_b{number}_");
        foreach (byte b in Encoding.UTF8.GetBytes(native))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b == '_') id.Append((char)b);
            else id.Append(CultureInfo.InvariantCulture, $"-{b:x2}");
        }
        return id.ToString();
    }

    static bool IsSealed(string id) => SealedId().IsMatch(id);

    /// <summary>The native id inside a sealed one; any other id as it is.</summary>
    static string Unseal(string id)
    {
        if (SealedId().Match(id) is not { Success: true } match) return id;
        ReadOnlySpan<char> escaped = match.Groups["escaped"].ValueSpan;
        List<byte> native = new(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '-')
            {
                native.Add((byte)escaped[i]);
                continue;
            }
            native.Add(byte.Parse(escaped.Slice(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            i += 2;
        }
        return Encoding.UTF8.GetString([.. native]);
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex ClaudeId();

    [GeneratedRegex("[^a-zA-Z0-9_-]")]
    private static partial Regex NotInClaudeId();

    /// <summary>As written in Moonshot's tool-call guidance; names may hold dots and dashes.</summary>
    [GeneratedRegex(@"^functions\.(?<name>[\w.\-]+):(?<index>\d{1,9})$")]
    private static partial Regex KimiId();

    [GeneratedRegex("^toolu_b[0-9]+_(?<escaped>(?:[a-zA-Z0-9_]|-[0-9a-f]{2})+)$")]
    private static partial Regex SealedId();
}
