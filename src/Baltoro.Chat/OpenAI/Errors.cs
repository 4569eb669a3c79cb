// The error bodies of Chat Completions servers, as failures; it refuses to know what is done about one.

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Reads what a server answers in place of a reply. Shapes: OpenAI's <c>{"error":{message,type,param,code}}</c>, the same with a number as
/// code (OpenRouter, llama.cpp) or as text (Z.ai), vLLM's and SGLang's <c>{"object":"error",message,type,code}</c>, FastAPI's
/// <c>{"detail":…}</c>, bare text, a proxy's HTML page, nothing at all.
/// </summary>
public static partial class Errors
{
    /// <summary>Never throws, whatever the body is.</summary>
    /// <param name="retryAfter">What the response's headers asked for; where null, the body's words are looked at.</param>
    public static Failure Read(int status, ReadOnlyMemory<byte> body, ModelCard card, TimeSpan? retryAfter = null)
    {
        ArgumentNullException.ThrowIfNull(card);
        Failure failure = Complaint.Read(body) is { } complaint
            ? Understand(status, complaint, card)
            : UpstreamErrors.ByStatus(status, Words(body.Span));
        return failure is Failure.RateLimited or Failure.Overloaded or Failure.UpstreamError or Failure.TimedOut
            ? failure with { RetryAfter = retryAfter ?? WaitIn(failure.Message) }
            : failure with { RetryAfter = retryAfter };
    }

    /// <summary>The failure that a stream's error event or a body with status 200 stands for.</summary>
    internal static Failure Read(JsonElement body, ModelCard card) =>
        Complaint.Read(body) is { } complaint
            ? Understand(complaint.Status ?? 500, complaint, card)
            : new Failure.UpstreamError("The upstream reported an error without saying which.");

    static Failure Understand(int status, Complaint complaint, ModelCard card)
    {
        // Z.ai numbers its errors, and answers several of them with a status that says something else.
        string message = complaint.Message;
        if (complaint.Prompt is not null || complaint.Window is not null || Named(complaint, "exceed_context_size_error", "context_length_exceeded", "1261"))
            return UpstreamErrors.Overflow(message, card) is { } worded && complaint.Prompt is null
                ? worded
                : UpstreamErrors.Overflow(complaint.Prompt, null, complaint.Window, card);
        if (status is 200 or 400 or 413 or 422 or >= 500 && UpstreamErrors.Overflow(message, card) is { } overflow) return overflow;

        string words = UpstreamErrors.Clean(message);
        Failure? named =
            Named(complaint, "exceeded_current_quota_error", "insufficient_quota", "insufficient_balance", "billing_error", "billing_hard_limit_reached",
                "1113", "1308", "1309", "1310") ? new Failure.QuotaExhausted(words)
            : Named(complaint, "engine_overloaded_error", "overloaded_error", "server_overloaded", "1305", "1312") ? new Failure.Overloaded(words)
            : Named(complaint, "rate_limit_reached_error", "rate_limit_exceeded", "rate_limit_error", "tokens", "requests", "1302", "1303", "1304")
                && status is not (400 or 401 or 403 or 404) ? new Failure.RateLimited(words)
            : Named(complaint, "content_filter", "content_policy_violation", "sensitive", "1301") ? new Failure.ContentFiltered(words)
            : Named(complaint, "invalid_api_key", "invalid_authentication_error", "authentication_error", "incorrect_api_key_error",
                "1000", "1001", "1002", "1003", "1004") ? new Failure.Unauthenticated(words)
            : Named(complaint, "permission_error", "permission_denied_error", "1220", "1311") ? new Failure.Forbidden(words)
            : Named(complaint, "model_not_found", "resource_not_found_error", "not_found_error", "1211", "1212", "1221", "1222") ? new Failure.NotFound(words)
            // Z.ai says so of a model that it does not have and of any other field that it does not like.
            : Named(complaint, "1214") ? Model().IsMatch(words) ? new Failure.NotFound(words) : new Failure.InvalidRequest(words)
            : null;
        // Moonshot refuses an account without money by status 403, OpenRouter by 402, others by 429.
        if (named is null && status is 403 or 429 && Money().IsMatch(words)) named = new Failure.QuotaExhausted(words);
        return named is null ? UpstreamErrors.ByStatus(status, message) : named with { Status = status };
    }

    static bool Named(Complaint complaint, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (string.Equals(complaint.Type, name, StringComparison.OrdinalIgnoreCase) || string.Equals(complaint.Code, name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>A body that is no error object: an HTML page's title, or the text as it is.</summary>
    static string Words(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 8192)]).Trim();
        if (!text.StartsWith('<')) return text.Length > 500 ? text[..500] + "…" : text;
        return Title().Match(text) is { Success: true } title ? $"The upstream answered with a web page: {title.Groups[1].Value.Trim()}" : "";
    }

    static TimeSpan? WaitIn(string message)
    {
        if (Wait().Match(message) is not { Success: true } match) return null;
        double number = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        double seconds = match.Groups[2].Value is "ms" ? number / 1000 : number;
        return seconds <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }

    [GeneratedRegex("<title>([^<]{1,200})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Title();

    // "Please try again in 1.2s", "please try again after 1 seconds"
    [GeneratedRegex(@"(?:try again|retry) (?:in|after) (\d{1,9}(?:\.\d{1,9})?) ?(ms|s)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Wait();

    [GeneratedRegex("balance|billing|quota|credits|arrears|suspended due to|余额|欠费", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Money();

    [GeneratedRegex("model|模型", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Model();
}
