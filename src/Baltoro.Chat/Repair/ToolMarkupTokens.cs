// The control tokens of Kimi's prompt format as they look when a server lets them through; it knows no call and no block.

namespace Baltoro.Chat.Repair;

/// <summary>What a token stands for. Spelling variants of one meaning are one member.</summary>
enum ToolToken
{
    SectionBegin,
    SectionEnd,
    CallBegin,
    ArgumentsBegin,
    CallEnd,

    /// <summary>The border of a turn: who speaks, and that they have ended.</summary>
    Turn,
    ThinkBegin,
    ThinkEnd,
}

/// <summary>
/// Finds the tokens in text (Kimi-K2's tokenizer and docs/tool_call_guidance.md; the singular section is written by models that were tuned on
/// other templates).
/// </summary>
static class ToolMarkupTokens
{
    public enum Match
    {
        None,

        /// <summary>The text ends before it is decided.</summary>
        Open,
        Token,
    }

    static readonly (string Text, ToolToken Token)[] All =
    [
        ("<|tool_calls_section_begin|>", ToolToken.SectionBegin),
        ("<|tool_call_section_begin|>", ToolToken.SectionBegin),
        ("<|tool_calls_section_end|>", ToolToken.SectionEnd),
        ("<|tool_call_section_end|>", ToolToken.SectionEnd),
        ("<|tool_call_begin|>", ToolToken.CallBegin),
        ("<|tool_call_argument_begin|>", ToolToken.ArgumentsBegin),
        ("<|tool_call_end|>", ToolToken.CallEnd),
        ("<|im_end|>", ToolToken.Turn),
        ("<|im_user|>", ToolToken.Turn),
        ("<|im_assistant|>", ToolToken.Turn),
        ("<|im_system|>", ToolToken.Turn),
        ("<|im_middle|>", ToolToken.Turn),
        ("<think>", ToolToken.ThinkBegin),
        ("</think>", ToolToken.ThinkEnd),
    ];

    /// <param name="text">Begins with <c>&lt;</c>.</param>
    public static Match At(ReadOnlySpan<char> text, out ToolToken token, out int length)
    {
        (token, length) = (default, 0);
        if (text.Length > 1 && text[1] is not ('|' or 't' or '/')) return Match.None;
        Match best = Match.None;
        foreach ((string each, ToolToken meaning) in All)
        {
            if (text.StartsWith(each, StringComparison.Ordinal))
            {
                (token, length) = (meaning, each.Length);
                return Match.Token;
            }
            if (each.AsSpan().StartsWith(text, StringComparison.Ordinal)) best = Match.Open;
        }
        return best;
    }

    /// <summary>True for a beginning of a token, at a block's end, that is no one's text: a server's cut, not a sign in prose.</summary>
    public static bool IsCutToken(ReadOnlySpan<char> beginning) => beginning.Length > 3 && beginning[1] == '|';
}
