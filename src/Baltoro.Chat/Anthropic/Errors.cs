// Failures between the Messages format's error objects and the product's words; it refuses to know sockets.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>An error as it goes to a client: the status, the body, and headers beside the content type.</summary>
public sealed record ErrorReply(int Status, RawJson Body, Sequence<Header> Headers);

/// <summary>
/// The errors of platform.claude.com/docs/en/api/errors and of the gateway contract that Claude Code 2.1.330 carries (<c>GET /protocol</c>).
/// </summary>
public static class Errors
{
    /// <summary>A text without structure longer than this is a web page, not a message.</summary>
    const int LongestText = 500;

    /// <summary>What an upstream's answer with an error status means. The body may be anything.</summary>
    public static Failure Read(int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter, ModelCard card)
    {
        Failure failure = Parse(body) is { } error ? Of(error, status, card) : UpstreamErrors.ByStatus(status, PlainText(body));
        return failure with { Status = status, RetryAfter = retryAfter };
    }

    /// <summary>What an <c>error</c> member in the middle of a stream means.</summary>
    internal static Failure Read(ReadOnlySpan<byte> error, ModelCard card) =>
        Of(Parse(error) ?? new("", PlainText(error)), 500, card) with { Status = null };

    /// <summary>The answer to a client of this format.</summary>
    /// <param name="requestId">The gateway's own id of the request; null when it has none.</param>
    public static ErrorReply Write(Failure failure, string? requestId)
    {
        ArgumentNullException.ThrowIfNull(failure);
        (int status, _) = Kind(failure);
        ArrayBufferWriter<byte> body = new();
        using (Utf8JsonWriter json = new(body, RawMembers.Options)) WriteBody(json, failure, requestId);

        List<Header> headers = [];
        if (requestId is not null) headers.Add(new("request-id", requestId));
        if (failure.RetryAfter is { } wait && wait >= TimeSpan.Zero)
            headers.Add(new("retry-after", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));
        // The client would otherwise try for minutes what cannot come right by itself.
        if (failure is Failure.Unauthenticated or Failure.QuotaExhausted or Failure.Unsupported) headers.Add(new("x-should-retry", "false"));
        return new(status, new(body.WrittenSpan.ToArray()), headers.ToSequence());
    }

    /// <summary>The object that is both an error's body and the data of an <c>error</c> event.</summary>
    internal static void WriteBody(Utf8JsonWriter json, Failure failure, string? requestId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, Kind(failure).Type);
        json.WriteString("message"u8, failure.Message);
        json.WriteEndObject();
        json.WriteString("request_id"u8, requestId);
        json.WriteEndObject();
    }

    static (int Status, string Type) Kind(Failure failure) => failure switch
    {
        Failure.InvalidRequest or Failure.PromptTooLong or Failure.ContentFiltered => (400, "invalid_request_error"),
        Failure.TooLarge => (413, "request_too_large"),
        Failure.Unauthenticated => (401, "authentication_error"),
        Failure.Forbidden => (403, "permission_error"),
        Failure.NotFound => (404, "not_found_error"),
        Failure.RateLimited => (429, "rate_limit_error"),
        // The gateway contract's form; the API itself says 402.
        Failure.QuotaExhausted => (429, "billing_error"),
        Failure.Overloaded or Failure.Empty or Failure.OutOfRoom => (529, "overloaded_error"),
        Failure.TimedOut => (504, "timeout_error"),
        Failure.Unsupported => (501, "not_supported"),
        Failure.UpstreamError { Status: { } status and >= 500 and < 600 and not 501 and not 529 } => (status, "api_error"),
        Failure.UpstreamError or Failure.Unreachable or Failure.Cut or Failure.Garbled or Failure.BrokenCall or Failure.Looping => (502, "api_error"),
        _ => throw new InvalidOperationException($"Unknown failure {failure.GetType().Name}."),
    };

    sealed record UpstreamError(string Type, string Message);

    static Failure Of(UpstreamError error, int status, ModelCard card)
    {
        string message = UpstreamErrors.Clean(error.Message);
        if (UpstreamErrors.Overflow(error.Message, card) is { Maximum: > 0 } overflow) return overflow;
        if (message.Length == 0) message = error.Type.Length > 0 ? error.Type : $"The upstream answered with status {status}.";
        return error.Type switch
        {
            "overloaded_error" or "engine_overloaded_error" => new Failure.Overloaded(message),
            "rate_limit_error" or "rate_limit_reached_error" => new Failure.RateLimited(message),
            "billing_error" or "exceeded_current_quota_error" or "insufficient_quota" => new Failure.QuotaExhausted(message),
            "authentication_error" or "invalid_authentication_error" => new Failure.Unauthenticated(message),
            "permission_error" => new Failure.Forbidden(message),
            "not_found_error" => new Failure.NotFound(message),
            "request_too_large" => new Failure.TooLarge(message),
            "timeout_error" => new Failure.TimedOut(message),
            "not_supported" => new Failure.Unsupported(message),
            "content_filter" => new Failure.ContentFiltered(message),
            // A vague type beside a telling status: the status tells.
            "invalid_request_error" when status is 400 or 422 or 500 => new Failure.InvalidRequest(message),
            "api_error" when status is >= 500 and not (503 or 504 or 529) => new Failure.UpstreamError(message),
            _ => UpstreamErrors.ByStatus(status, message),
        };
    }

    /// <summary>Finds type and message in the shapes that upstreams use; null when the body is no JSON object.</summary>
    static UpstreamError? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.ToArray(), Json.Options);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.String) return new("", Text.Of(root));
            if (root.ValueKind != JsonValueKind.Object) return null;
            return Json.Optional(root, "error") switch
            {
                { ValueKind: JsonValueKind.Object } error => new(Said(error, "type") ?? Said(error, "code") ?? "", Message(error) ?? Message(root) ?? ""),
                { ValueKind: JsonValueKind.String } error => new(Said(root, "type") ?? "", Message(root) ?? Text.Of(error)),
                _ => new(Said(root, "type") ?? "", Message(root) ?? ""),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static string? Message(JsonElement obj) => Said(obj, "message") ?? Said(obj, "msg") ?? Said(obj, "detail");

    static string? Said(JsonElement obj, string name) =>
        Json.Optional(obj, name) is { ValueKind: JsonValueKind.String } value && Text.Of(value) is { Length: > 0 } text ? text : null;

    static string PlainText(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body).Trim();
        return text.Length > LongestText || text.StartsWith('<') ? "" : text;
    }
}
