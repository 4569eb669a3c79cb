// One thing that the doctor looked at, and what to do about it. Never holds a key.

namespace Baltoro.Cli.Checkup;

/// <param name="About">The thing, in a word or two.</param>
/// <param name="What">What was seen.</param>
abstract record Finding(string About, string What)
{
    public sealed record Good(string About, string What) : Finding(About, What);

    /// <summary>Nothing that must be mended, but worth knowing.</summary>
    public sealed record Note(string About, string What, string? Mend = null) : Finding(About, What);

    public sealed record Wrong(string About, string What, string Mend) : Finding(About, What);
}
