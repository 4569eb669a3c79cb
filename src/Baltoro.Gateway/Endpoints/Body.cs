// Takes a request's body off the network, or says why not.

using Baltoro.Chat;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Endpoints;

/// <summary>A body, or the reason for its refusal.</summary>
abstract record Body
{
    private Body() { }

    public sealed record Taken(ReadOnlyMemory<byte> Bytes) : Body;

    public sealed record Refused(Failure Failure) : Body;

    public static async Task<Body> Take(HttpRequest request, long largest, CancellationToken cancellationToken)
    {
        // A page in a browser can send anything but this type without asking first; so it cannot spend the user's money.
        if (!request.HasJsonContentType())
            return new Refused(new Failure.InvalidRequest(
                $"content-type: expected application/json, got {(request.ContentType is { Length: > 0 } type ? type : "none")}"));
        if (request.ContentLength > largest) return TooLarge(largest);

        // One byte more than announced, so that the end is seen without growing.
        byte[] bytes = new byte[Math.Min(request.ContentLength ?? 4095, largest) + 1];
        int filled = 0;
        try
        {
            int count;
            while ((count = await request.Body.ReadAsync(bytes.AsMemory(filled), cancellationToken)) > 0)
            {
                filled += count;
                if (filled > largest) return TooLarge(largest);
                if (filled == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(2L * filled, largest + 1));
            }
        }
        catch (BadHttpRequestException e)
        {
            return new Refused(e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new Failure.TooLarge(e.Message)
                : new Failure.InvalidRequest($"body: {e.Message}"));
        }
        return new Taken(bytes.AsMemory(0, filled));
    }

    static Refused TooLarge(long largest) =>
        new(new Failure.TooLarge($"body: larger than the {largest / (1024 * 1024)} MB taken here"));
}
