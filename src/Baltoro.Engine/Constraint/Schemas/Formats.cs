// Formats of strings as patterns that are narrower than they need be. Knows no automaton.

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>Each pattern reads only what every checker of its format takes; formats that are not listed only describe, as the standard has it.</summary>
static class Formats
{
    const string Year = "[1-9][0-9]{3}";
    const string Day = $"(?:{Year}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8])))";
    const string Clock = @"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]))";
    const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,20}[A-Za-z0-9])?";
    const string Byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    const string Path = @"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*";

    public static string? Pattern(string format) => format switch
    {
        "date" => $"^{Day}$",
        "time" => $"^{Clock}$",
        "date-time" => $"^{Day}T{Clock}$",
        "duration" => "^P(?:[0-9]{1,4}D)?(?:T[0-9]{1,4}[HMS])$",
        "email" or "idn-email" => $@"^[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@{Label}(?:\.{Label})*\.[a-z]{{2,6}}$",
        "hostname" or "idn-hostname" => $@"^{Label}(?:\.{Label}){{0,3}}$",
        "ipv4" => $@"^{Byte}\.{Byte}\.{Byte}\.{Byte}$",
        "ipv6" => "^(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$",
        "uuid" => "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        "uri" or "url" or "uri-reference" or "iri" or "iri-reference" => $@"^https?://{Label}(?:\.{Label}){{0,3}}(?::[1-9][0-9]{{1,3}})?(?:/{Path}(?:\?{Path})?(?:#{Path})?)?$",
        _ => null,
    };
}
