// A key of the gateway's own: what it may ask and spend. The secret itself is nowhere but with its user.

using System.Globalization;
using Baltoro.Chat;

namespace Baltoro.Gateway.Keys;

/// <summary>One key as it is kept.</summary>
public sealed record VirtualKey
{
    /// <summary>What ledger, log and lists call it; stays taken when the key is revoked.</summary>
    public required string Name { get; init; }

    /// <summary>The part of the secret by which the key is found; shown in lists.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole secret, in lower-case hex. The secret is 160 random bits, so nothing slower is needed to keep it.</summary>
    public required string Hash { get; init; }

    /// <summary>The names of the models that it may ask, meaning what they mean when it asks; empty for all.</summary>
    public Sequence<string> Models { get; init; }

    /// <summary>Requests in a minute of the clock; null for no limit.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Tokens, input and output, in a minute of the clock; null for no limit.</summary>
    public long? TokensPerMinute { get; init; }

    public Sequence<Cap> Caps { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The moment from which on it is refused; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null while it is valid.</summary>
    public DateTimeOffset? Revoked { get; init; }
}

/// <summary>The most that may be spent in a period.</summary>
/// <param name="Nanos">Billionths of a US dollar, more than none.</param>
public sealed record Cap(long Nanos, CapPeriod Period)
{
    public const string Expected = "an amount of US dollars and a period, such as 10/day, 50/week or 200/month";

    /// <summary>Null for what is no cap.</summary>
    public static Cap? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split('/') is not [var amount, var word]) return null;
        CapPeriod? period = word switch
        {
            "day" => CapPeriod.Day,
            "week" => CapPeriod.Week,
            "month" => CapPeriod.Month,
            _ => null,
        };
        return period is { } known && decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal dollars)
            && dollars is > 0 and <= 1_000_000_000 && Pricing.Nanos(dollars) is > 0 and var nanos ? new(nanos, known) : null;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        $"{Pricing.Dollars(Nanos).ToString("0.#########", CultureInfo.InvariantCulture)}/{Period.ToString().ToLowerInvariant()}";

    /// <summary>The period in which a moment lies: from its first day to the one after its last, in UTC. Weeks begin on Monday.</summary>
    public (DateOnly From, DateOnly To) Around(DateTimeOffset moment)
    {
        DateOnly day = DateOnly.FromDateTime(moment.UtcDateTime);
        switch (Period)
        {
            case CapPeriod.Day: return (day, day.AddDays(1));
            case CapPeriod.Week:
                DateOnly monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
                return (monday, monday.AddDays(7));
            default:
                DateOnly first = new(day.Year, day.Month, 1);
                return (first, first.AddMonths(1));
        }
    }
}

public enum CapPeriod
{
    Day,
    Week,
    Month,
}
