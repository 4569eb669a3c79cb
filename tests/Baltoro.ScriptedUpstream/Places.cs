// Where a place of a reply lies in its stream of events. It does not know what happens there.

using Baltoro.ScriptedUpstream.Vendors;

namespace Baltoro.ScriptedUpstream;

static class Places
{
    /// <summary>How many events come whole, and whether half of the next one follows.</summary>
    public static (int Whole, bool Half) Of(Fault.Broken broken, IReadOnlyList<Sent> events)
    {
        if (broken.Where == Place.First) return (0, false);
        var parts = events.Index().Where(e => e.Item.Of is { } part && Lies(broken.Where, part)).Select(e => e.Index).ToList();
        var close = events.Index().Last(e => e.Item.Of is not null || e.Index == 0).Index + 1;
        // A part that comes in one event can only be broken inside it.
        return parts.Count > 0 ? (parts[parts.Count / 2], broken.How == Breaking.Cut || parts.Count == 1) : (close, false);
    }

    static bool Lies(Place place, Part part) => (place, part) is
        (Place.Thinking, Part.Think) or (Place.Text, Part.Say) or (Place.Call, Part.Call);
}
