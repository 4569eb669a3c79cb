// Which failures can pass by themselves, so that the same request may be sent again. It refuses to know who sends it again, and when.

using Baltoro.Chat;

namespace Baltoro.Models.Policy;

static class Passing
{
    /// <summary>True when the same request to the same upstream may well succeed in a moment.</summary>
    public static bool CanPass(this Failure failure) => failure is Failure.RateLimited or Failure.Overloaded or Failure.UpstreamError
        or Failure.Unreachable or Failure.TimedOut or Failure.Cut or Failure.Garbled;

    /// <summary>True when another upstream may well answer what this one did not: its trouble, its key or its stock, never the request.</summary>
    public static bool MayBeOthersToAnswer(this Failure failure) => failure.CanPass() || failure is Failure.Unauthenticated or Failure.Forbidden
        or Failure.NotFound or Failure.QuotaExhausted or Failure.Unsupported or Failure.Empty or Failure.Looping or Failure.BrokenCall;
}
