// Every way in which a request can fail, by name; it refuses to know the status codes of any format.

namespace Baltoro.Chat;

/// <summary>Why no proven end of a reply came. The message may be shown to the client: no key, no header, no address with credentials in it.</summary>
public abstract record Failure(string Message)
{
    /// <summary>How long the upstream asked to wait before another try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The upstream's HTTP status, where there was one.</summary>
    public int? Status { get; init; }

    /// <summary>The request does not make sense to whoever read it.</summary>
    public sealed record InvalidRequest(string Message) : Failure(Message);

    /// <summary>The request's body is larger than taken here.</summary>
    public sealed record TooLarge(string Message) : Failure(Message);

    /// <summary>The key is missing, wrong or revoked.</summary>
    public sealed record Unauthenticated(string Message) : Failure(Message);

    public sealed record Forbidden(string Message) : Failure(Message);

    /// <summary>No such model, or no such path.</summary>
    public sealed record NotFound(string Message) : Failure(Message);

    /// <summary>The conversation does not fit the window. Worded so that clients compact.</summary>
    /// <param name="Tokens">The prompt's size.</param>
    /// <param name="Maximum">The most that fits.</param>
    public sealed record PromptTooLong(long Tokens, long Maximum)
        : Failure($"prompt is too long: {Tokens} tokens > {Maximum} maximum");

    /// <summary>Too many requests or tokens for now.</summary>
    public sealed record RateLimited(string Message) : Failure(Message);

    /// <summary>No money left: trying again will not help.</summary>
    public sealed record QuotaExhausted(string Message) : Failure(Message);

    /// <summary>The vendor's filter stopped it: trying again will not help.</summary>
    public sealed record ContentFiltered(string Message) : Failure(Message);

    /// <summary>The upstream has no capacity for now.</summary>
    public sealed record Overloaded(string Message) : Failure(Message);

    /// <summary>The upstream broke.</summary>
    public sealed record UpstreamError(string Message) : Failure(Message);

    /// <summary>No connection: refused, reset before an answer, name not found, TLS.</summary>
    public sealed record Unreachable(string Message) : Failure(Message);

    /// <summary>Nothing came for longer than the limit.</summary>
    public sealed record TimedOut(string Message) : Failure(Message);

    /// <summary>The stream ended before its end was seen.</summary>
    public sealed record Cut(string Message) : Failure(Message);

    /// <summary>The upstream sent what its format does not allow.</summary>
    public sealed record Garbled(string Message) : Failure(Message);

    /// <summary>A tool call that cannot be mended: its arguments are no JSON, or its name is no tool's.</summary>
    public sealed record BrokenCall(string Message) : Failure(Message);

    /// <summary>The reply ended as if it were whole, and says nothing.</summary>
    public sealed record Empty(string Message) : Failure(Message);

    /// <summary>The output limit was reached before a visible word or a whole call came.</summary>
    public sealed record OutOfRoom(string Message) : Failure(Message);

    /// <summary>The model repeats itself inside its thinking.</summary>
    public sealed record Looping(string Message) : Failure(Message);

    /// <summary>This product does not do that.</summary>
    public sealed record Unsupported(string Message) : Failure(Message);
}
