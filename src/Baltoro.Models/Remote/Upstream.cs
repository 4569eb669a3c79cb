// A place on the network where models answer; it knows nothing of the models.

using Baltoro.Chat;

namespace Baltoro.Models.Remote;

/// <summary>One endpoint of one vendor. Immutable.</summary>
public sealed record Upstream
{
    /// <summary>Its name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>The base address, as the vendor documents it, without a trailing slash.</summary>
    public required Uri Url { get; init; }

    public required WireFormat Format { get; init; }

    /// <summary>The vendor's key. Null when none is configured; then <see cref="KeyHint"/> says where one is looked for.</summary>
    public string? Key { get; init; }

    /// <summary>What to do to give it a key, in words for the user, such as <c>set NOVITA_API_KEY</c>. Null when it needs none.</summary>
    public string? KeyHint { get; init; }

    public UpstreamLimits Limits { get; init; } = new();

    /// <summary>Headers to send with every request.</summary>
    public Sequence<Header> Headers { get; init; }

    /// <summary>Nothing in here that must not be logged.</summary>
    public override string ToString() => $"{Name} ({Url})";
}

/// <summary>How long an upstream may keep us waiting.</summary>
public sealed record UpstreamLimits
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the request's last byte to the answer's first event. Long, because prompts of 200,000 tokens take minutes to read.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Between two events that show progress; pings and comments do not count.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(120);
}
