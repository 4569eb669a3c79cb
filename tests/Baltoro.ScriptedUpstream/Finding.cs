// Something wrong with a request, found by a vendor's rules. It does not know how the vendor wraps it in JSON.

namespace Baltoro.ScriptedUpstream;

public abstract record Finding(string Message)
{
    /// <summary>The real vendor answers this status with these words.</summary>
    public sealed record Refused(string Message, int Status = 400) : Finding(Message);

    /// <summary>The real vendor answers as if nothing were wrong, but its model works worse, or the bill grows.</summary>
    public sealed record Degraded(string Message) : Finding(Message);
}
