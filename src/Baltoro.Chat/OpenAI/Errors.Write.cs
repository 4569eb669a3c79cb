// A failure as an OpenAI client expects to read it; it refuses to know how the failure came about.

using System.Buffers;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Writes <c>{"error":{"message","type","param","code"}}</c> (OpenAI API reference, errors). Statuses are chosen by what OpenAI's SDKs
/// do with them: 408, 409, 429 and 5xx are tried again, everything else is not.
/// </summary>
public static partial class Errors
{
    public static (int Status, byte[] Body) Write(Failure failure)
    {
        ArrayBufferWriter<byte> body = new(256);
        using (Utf8JsonWriter writer = new(body, Lines.Options)) WriteTo(writer, failure);
        return (Describe(failure).Status, body.WrittenSpan.ToArray());
    }

    internal static void WriteTo(Utf8JsonWriter writer, Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        (_, string type, string? code) = Describe(failure);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, failure.Message);
        writer.WriteString("type"u8, type);
        writer.WriteNull("param"u8);
        writer.WriteString("code"u8, code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static (int Status, string Type, string? Code) Describe(Failure failure) => failure switch
    {
        Failure.InvalidRequest => (400, "invalid_request_error", null),
        Failure.Unsupported => (400, "invalid_request_error", "unsupported"),
        Failure.PromptTooLong => (400, "invalid_request_error", "context_length_exceeded"),
        Failure.ContentFiltered => (400, "invalid_request_error", "content_filter"),
        Failure.Unauthenticated => (401, "authentication_error", "invalid_api_key"),
        Failure.Forbidden => (403, "permission_error", "permission_denied"),
        Failure.NotFound => (404, "invalid_request_error", "model_not_found"),
        Failure.TooLarge => (413, "invalid_request_error", "request_too_large"),
        Failure.RateLimited => (429, "rate_limit_error", "rate_limit_exceeded"),
        Failure.QuotaExhausted => (429, "insufficient_quota", "insufficient_quota"),
        Failure.UpstreamError => (502, "server_error", "upstream_error"),
        Failure.Unreachable => (502, "server_error", "upstream_unreachable"),
        Failure.Cut => (502, "server_error", "upstream_cut"),
        Failure.Garbled => (502, "server_error", "upstream_garbled"),
        Failure.BrokenCall => (502, "server_error", "broken_call"),
        Failure.Looping => (502, "server_error", "looping"),
        Failure.Empty => (503, "server_error", "empty_reply"),
        Failure.OutOfRoom => (503, "server_error", "out_of_room"),
        Failure.Overloaded => (503, "server_error", "overloaded"),
        Failure.TimedOut => (504, "server_error", "upstream_timeout"),
        _ => throw new InvalidOperationException($"Unknown failure {failure.GetType().Name}."),
    };
}
