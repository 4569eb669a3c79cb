// How many tokens a request has, roughly; it knows no tokenizer.

namespace Baltoro.Chat;

/// <summary>Placeholder on this branch.</summary>
public static class TokenEstimate
{
    public static long Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Turns.Count * 100;
    }
}
