// What an upstream's complaint means, whichever format it came in; it refuses to know where in a body the words stood.

using System.Globalization;
using System.Text.RegularExpressions;

namespace Baltoro.Chat.Wire;

/// <summary>
/// Tells failures apart by HTTP status and by wording. The overflow wordings are those of OpenAI, Anthropic, Moonshot, Z.ai, DeepSeek,
/// OpenRouter, Gemini, Mistral, xAI, Together, vLLM, SGLang and llama.cpp as seen in November 2026.
/// </summary>
public static partial class UpstreamErrors
{
    /// <summary>Longer messages say nothing more, and patterns are not run over megabytes.</summary>
    const int LongestMessage = 2000;

    /// <summary>The failure that <paramref name="message"/> describes if it says that the conversation does not fit; null if it says anything else.</summary>
    /// <remarks>Where the message names no numbers, the card's window and the least that exceeds it stand in.</remarks>
    public static Failure.PromptTooLong? Overflow(string message, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(card);
        if (message.Length > LongestMessage) message = message[..LongestMessage];
        if (!SaysOverflow().IsMatch(message)) return null;
        foreach (Regex wording in Wordings)
            if (wording.Match(message) is { Success: true } match)
                return Overflow(Number(match, "prompt"), Number(match, "output"), Number(match, "maximum"), card);
        return Overflow(null, null, null, card);
    }

    /// <param name="prompt">The prompt's tokens, where known.</param>
    /// <param name="output">The tokens asked for the reply, where known.</param>
    /// <param name="maximum">The most that fits, where known.</param>
    internal static Failure.PromptTooLong Overflow(long? prompt, long? output, long? maximum, ModelCard card)
    {
        long most = maximum is > 0 ? maximum.Value : card.Window;
        long asked = prompt ?? 0;
        if (asked <= most) asked += output ?? 0;
        return new(asked > most ? asked : most + 1, most) { Status = 400 };
    }

    /// <summary>The failure that a status means where the body says nothing more exact.</summary>
    /// <param name="message">What the upstream said; empty for nothing. Keys are taken out.</param>
    public static Failure ByStatus(int status, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        string words = Clean(message) is { Length: > 0 } said ? said : $"The upstream answered with status {status}.";
        Failure failure = status switch
        {
            401 => new Failure.Unauthenticated(words),
            402 => new Failure.QuotaExhausted(words),
            403 => new Failure.Forbidden(words),
            404 or 405 or 410 => new Failure.NotFound(words),
            408 or 504 or 522 or 524 => new Failure.TimedOut(words),
            413 => new Failure.TooLarge(words),
            429 => new Failure.RateLimited(words),
            501 => new Failure.Unsupported(words),
            503 or 529 => new Failure.Overloaded(words),
            409 or 425 or 499 => new Failure.UpstreamError(words),
            >= 400 and < 500 => new Failure.InvalidRequest(words),
            _ => new Failure.UpstreamError(words),
        };
        return failure with { Status = status };
    }

    /// <summary>The message as it may be shown: one line's worth, no keys, no credentials in addresses.</summary>
    internal static string Clean(string message)
    {
        string words = message.Length > LongestMessage ? string.Concat(message.AsSpan(0, LongestMessage), "…") : message;
        return Secret().Replace(words.Trim(), "$1$2…");
    }

    static long? Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found
        && long.TryParse(found.Value.Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    // Most exact first: a later one would read the same numbers with less sense.
    static readonly Regex[] Wordings =
        [MoreThanMaximum(), SumOverLimit(), OutputOverRest(), PassedAndRequested(), MaximumThenRequested(), TokenLimit(), PromptThenMaximum(), MaximumAlone()];

    [GeneratedRegex(
        "(prompt|input|request|messages?)( token)?( length)? (is |are )?too (long|large to fit)|context[_ ]?(length|window|size|limit)|context_length_exceeded|exceed_context_size|ContextWindowExceeded"
        + "|exceed(s|ed)? (the )?(model('s)? )?(max(imum)? )?(token limit|length|number of tokens allowed)|maximum (model|prompt) length|prompt token count of"
        + "|input tokens exceed|reduce the length of the|max_new_tokens`? must be|too large for model with|prompt_too_long|Prompt ?超长|输入.{0,20}(超|过长)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SaysOverflow();

    // "prompt is too long: 270000 tokens > 262144 maximum"
    [GeneratedRegex(@"(?<prompt>\d[\d,]*) tokens? > (?<maximum>\d[\d,]*)", RegexOptions.CultureInvariant)]
    private static partial Regex MoreThanMaximum();

    // "exceed context limit: 240000 + 32000 > 262144"
    [GeneratedRegex(@"(?<prompt>\d[\d,]*) \+ (?<output>\d[\d,]*) > (?<maximum>\d[\d,]*)", RegexOptions.CultureInvariant)]
    private static partial Regex SumOverLimit();

    // "your request has 5000 input tokens (30000 > 32768 - 5000)"
    [GeneratedRegex(@"\((?<output>\d[\d,]*) > (?<maximum>\d[\d,]*) - (?<prompt>\d[\d,]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex OutputOverRest();

    // "You passed 40000 input tokens and requested 100 output tokens. However, the model's context length is only 32768", "must be <= 32769. Given: 40000 …"
    [GeneratedRegex(
        @"passed (?<prompt>\d[\d,]*) input \w+ and requested (?<output>\d[\d,]*) output tokens\D{0,80}(?<maximum>\d[\d,]*)"
        + @"|must be <= (?<maximum>\d[\d,]*)\. Given: (?<prompt>\d[\d,]*) \D{0,30}(?<output>\d[\d,]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PassedAndRequested();

    // "maximum context length is 131072 tokens. However, you requested about 140000 tokens", "limit of 272000 tokens. Your messages resulted in 300000"
    [GeneratedRegex(
        @"(context (length|window|size)|maximum prompt length|limit of)\D{0,40}(?<maximum>\d[\d,]*)\D{0,60}(requested|resulted in|has|contains)\D{0,30}(?<prompt>\d[\d,]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MaximumThenRequested();

    // "The input (40000 tokens) is longer than the model's context length (32768 tokens)", "prompt token count of 140000 exceeds the limit of 128000"
    [GeneratedRegex(
        @"(prompt|input|request|current length)[^\d.]{0,40}(?<prompt>\d[\d,]*)( tokens)?( and \d+ draft tokens)?\D{2,80}(?<maximum>\d[\d,]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PromptThenMaximum();

    // "Your request exceeded model token limit: 262144 (requested: 269030)"
    [GeneratedRegex(@"token limit: ?(?<maximum>\d[\d,]*)( \(requested: ?(?<prompt>\d[\d,]*)\))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TokenLimit();

    // "exceeds the context window of 200000 tokens"
    [GeneratedRegex(@"(context (length|window|size|limit)|max(imum)? length)\D{0,40}(?<maximum>\d[\d,]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MaximumAlone();

    // What follows is cut, so that a key or a password quoted by an upstream goes no further.
    [GeneratedRegex(@"(\bsk-|\bBearer )[A-Za-z0-9_\-.*]{4,}|(://)[^\s/@]+(?=@)", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
