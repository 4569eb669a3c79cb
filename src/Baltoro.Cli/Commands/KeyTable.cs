// The gateway's keys as text: what each may do, has spent, and whether it still may.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;

namespace Baltoro.Cli.Commands;

/// <summary>A key at a moment.</summary>
/// <param name="Spent">Nanos in the period of each cap, in the order of the caps.</param>
sealed record KeyState(VirtualKey Key, Sequence<long> Spent, DateTimeOffset Now)
{
    public string Word => Key.Revoked is not null ? "revoked" : Key.Expires <= Now ? "expired" : "valid";
}

static class KeyTable
{
    const int Gap = 2;

    /// <summary>What a key may do, in words.</summary>
    public static string Describe(VirtualKey key)
    {
        List<string> words = [key.Models.IsEmpty ? "all models" : string.Join(", ", key.Models)];
        if (key.RequestsPerMinute is { } requests) words.Add($"{requests} requests a minute");
        if (key.TokensPerMinute is { } tokens) words.Add($"{tokens} tokens a minute");
        if (!key.Caps.IsEmpty) words.Add($"at most {string.Join(" and ", key.Caps)} in US dollars");
        if (key.Expires is { } end) words.Add($"until {end.UtcDateTime:yyyy-MM-dd}");
        return string.Join("; ", words);
    }

    public static void Write(TextWriter output, IReadOnlyList<KeyState> states, Screen? screen)
    {
        (string Title, Func<KeyState, string> Text)[] columns =
        [
            ("NAME", state => state.Key.Name),
            ("KEY", state => $"blt-{state.Key.Prefix}-…"),
            ("STATE", state => state.Word),
            ("SPENT", state => string.Join(", ", state.Key.Caps.Zip(state.Spent, (cap, spent) => $"{Pricing.Dollars(spent).ToString("0.00##", CultureInfo.InvariantCulture)} of {cap}"))),
            ("MAY", state => Describe(state.Key)),
        ];
        int[] widths = [.. columns.Select(column => states.Max(state => Math.Max(column.Title.Length, column.Text(state).Length)))];
        // The last column is a sentence; where it does not fit it stands below.
        bool below = screen is not null && widths.Sum() + Gap * (widths.Length - 1) > screen.Width;
        int shown = below ? columns.Length - 1 : columns.Length;
        output.WriteLine(Line(column => columns[column].Title));
        foreach (KeyState state in states)
        {
            output.WriteLine(Line(column => columns[column].Text(state)));
            if (below) output.WriteLine($"  {columns[^1].Text(state)}");
        }

        string Line(Func<int, string> text) => string.Join(new string(' ', Gap), Enumerable.Range(0, shown).Select(column => text(column).PadRight(widths[column]))).TrimEnd();
    }
}
