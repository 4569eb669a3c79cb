// The columns in which models are listed: what each says of a model, and which give way first on a narrow screen.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

/// <param name="Rank">The column of the highest rank gives way first; rank zero never does.</param>
sealed record ModelColumn(string Title, int Rank, bool IsNumber, Func<Listing, string> Text)
{
    const int Gap = 2;

    /// <summary>In the order in which they are shown.</summary>
    public static Sequence<ModelColumn> All(DateOnly today) =>
    [
        new("MODEL", 0, false, model => model.Id),
        new("AT", 5, false, model => At(model, today)),
        new("WINDOW", 2, true, model => Tokens(model.Card.Window)),
        new("REPLY", 7, true, model => Tokens(model.Card.OutputLimit)),
        new("IN", 1, true, model => Dollars(model.Card.Prices?.Input)),
        new("CACHED", 3, true, model => model.Card.Prices is { CacheRead: null } ? "-" : Dollars(model.Card.Prices?.CacheRead)),
        new("OUT", 1, true, model => Dollars(model.Card.Prices?.Output)),
        new("THINKING", 4, false, model => Thinking(model.Card.Thinking)),
        new("KEY", 1, false, model => Key(model.Chosen, today)),
        new("RETIRED", 6, false, model => Retired(model, today)),
    ];

    /// <summary>The columns that fit into <paramref name="width"/>; those of rank zero in any case.</summary>
    public static Sequence<ModelColumn> Fitting(Sequence<ModelColumn> columns, Sequence<Listing> models, int width)
    {
        // A column in which there is nothing to say is no loss on any screen.
        List<ModelColumn> kept = [.. columns.Where(column => column.Rank == 0 || models.Any(model => column.Text(model).Length > 0))];
        while (kept.Sum(column => column.Width(models) + Gap) - Gap > width && kept.MaxBy(column => column.Rank) is { Rank: > 0 } least)
            kept.Remove(least);
        return kept.ToSequence();
    }

    public int Width(Sequence<Listing> models) => Math.Max(Title.Length, models.Select(model => Text(model).Length).DefaultIfEmpty().Max());

    /// <summary>Where it would be asked, then where else it is served.</summary>
    static string At(Listing model, DateOnly today) => string.Join(", ", model.Served
        .Where(place => !(place.Retired <= today) || place.Upstream.Name == model.Chosen.Upstream.Name)
        .OrderBy(place => place.Upstream.Name == model.Chosen.Upstream.Name ? 0 : 1)
        .Select(place => place.Upstream.Name));

    static string Tokens(int count) => count switch
    {
        >= 1_000_000 => $"{Math.Round(count / 1e6, 1).ToString(CultureInfo.InvariantCulture)}M",
        >= 1000 => $"{count / 1000}k",
        _ => count.ToString(CultureInfo.InvariantCulture),
    };

    static string Dollars(decimal? amount) => amount?.ToString("0.00##", CultureInfo.InvariantCulture) ?? "?";

    static string Thinking(ThinkingSupport support) => support switch
    {
        ThinkingSupport.None => "",
        ThinkingSupport.Always => "always",
        ThinkingSupport.Switchable => "on/off",
        ThinkingSupport.Budget => "budget",
        ThinkingSupport.Adaptive => "adaptive",
        _ => throw new ArgumentOutOfRangeException(nameof(support), support, "Not a way of thinking."),
    };

    static string Key(Target target, DateOnly today) => target.Upstream.Key switch
    {
        _ when target.Retired <= today => "gone",
        Baltoro.Models.Key.Missing => "no",
        Baltoro.Models.Key.NotNeeded => "none",
        _ => "yes",
    };

    static string Retired(Listing model, DateOnly today) => model.Chosen.Retired is { } here
        ? here <= today ? $"{here:yyyy-MM-dd}" : $"on {here:yyyy-MM-dd}"
        : string.Join(", ", model.Served.Where(place => place.Retired is not null).Select(place => $"{place.Upstream.Name} {place.Retired:yyyy-MM-dd}"));
}
