// How many tokens a text still needs, as sums that do not overflow. Knows no grammar.

namespace Baltoro.Engine.Constraint;

static class Cost
{
    /// <summary>What cannot be ended at all.</summary>
    public const int Never = 1 << 29;

    /// <summary>A text that needs more than this is no use to anybody.</summary>
    public const int Most = 1 << 20;

    public static int Sum(long a, long b) => (int)Math.Min(Never, a + b);

    public static int Times(long count, long each) => count <= 0 ? 0 : each >= Never || count > Never / Math.Max(1, each) ? Never : (int)(count * each);
}
