// Who asked, as far as a request tells: program, session, agent. It refuses to know what was asked.

using System.Security.Cryptography;
using System.Text;
using Baltoro.Chat;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Ledger;

/// <summary>Each text is cut to <see cref="LedgerRow.LongestText"/> characters and holds no control characters.</summary>
sealed record Caller(string Client, string Session, string Agent, string ParentAgent)
{
    /// <summary>Of a conversation's start, this many characters are told apart: enough for two tasks, and read in a microsecond.</summary>
    const int Start = 512;

    /// <param name="request">Null when the body could not be read.</param>
    public static Caller Of(IHeaderDictionary headers, ChatRequest? request) => new(
        Program(headers.UserAgent.ToString()),
        Clean(request?.SessionKey ?? headers["x-claude-code-session-id"].ToString()) is { Length: > 0 } told ? told : request is null ? "" : HashOf(request),
        Clean(headers["x-claude-code-agent-id"].ToString()),
        Clean(headers["x-claude-code-parent-agent-id"].ToString()));

    /// <summary>The first product of a <c>user-agent</c>, without its version (RFC 9110, 10.1.5).</summary>
    static string Program(string agent)
    {
        int end = agent.AsSpan().IndexOfAny(" /(");
        return Clean(end < 0 ? agent : agent[..end]);
    }

    /// <summary>Client texts become names in tables and terminals.</summary>
    internal static string Clean(string text)
    {
        if (text.Length > LedgerRow.LongestText) text = text[..LedgerRow.LongestText];
        return text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)) : text;
    }

    /// <summary>The same for all requests of one conversation, because it only ever grows at its end.</summary>
    static string HashOf(ChatRequest request)
    {
        // Of the standing instructions the last block: what stands in front may change with the client's version.
        string text = $"{Begin(request.System is [.., Block.Text last] ? last : null)}\0{Begin(FirstWords(request))}";
        return $"start-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6))}";
    }

    static Block.Text? FirstWords(ChatRequest request)
    {
        foreach (Turn turn in request.Turns)
        {
            if (turn is not Turn.User) continue;
            foreach (Block block in turn.Blocks)
                if (block is Block.Text text) return text;
        }
        return null;
    }

    static string Begin(Block.Text? text) => text is null ? "" : text.Content.Length <= Start ? text.Content : text.Content[..Start];
}
