// Days of UTC as the ledger counts them.

using System.Globalization;

namespace Baltoro.Gateway.Ledger;

static class Days
{
    static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Days since 1970-01-01.</summary>
    public static int Number(DateOnly day) => day.DayNumber - Epoch;

    public static int Number(DateTimeOffset moment) => Number(DateOnly.FromDateTime(moment.UtcDateTime));

    public static string Name(long number) => DateOnly.FromDayNumber((int)number + Epoch).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
