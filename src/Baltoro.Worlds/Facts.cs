// What can be asked for at the end of a trail: kinds of things, and things of a kind. It knows no file.

using System.Globalization;

namespace Baltoro.Worlds;

static class Facts
{
    public static string Kind(Draw draw) => draw.Of("code word", "password", "number", "name", "city", "colour", "key", "code", "answer", "secret", "total", "place");

    public static string Value(Draw draw, Names names, string kind) => kind switch
    {
        "number" or "total" => draw.Between(10, 99_999).ToString(CultureInfo.InvariantCulture),
        "name" or "city" or "place" => names.Capital(),
        "password" or "code" => draw.Chance(0.5) ? names.Word() : $"{names.Word()}{draw.Between(1, 999)}",
        "key" => draw.Chance(0.5) ? names.Word() : $"{names.Word()}-{names.Word()}",
        _ => names.Word(),
    };
}
