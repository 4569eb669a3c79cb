// Whatever stands in a file or a request, the answer is a value and never an exception.

using CsCheck;

namespace Baltoro.Models.Tests;

public class RobustnessTests
{
    const string Sound = """
        {
          // everything that there is
          "host": "localhost", "port": 80, "default": "kimi",
          "upstreams": { "lab": { "url": "http://127.0.0.1:8000/v1", "format": "openai", "dialect": "glm", "key": "${LAB_KEY}", "connect": 1,
            "firstByte": 2, "idle": 3, "headers": { "x-a": "b" }, "assume": { "window": 5 } } },
          "models": { "lab/one": { "upstream": "lab", "model": "m", "as": ["one", "uno"], "family": "kimi", "window": 9, "output": 8,
            "prices": { "input": 1, "output": 2, "cacheRead": 0.5, "long": { "above": 3, "input": 2, "output": 4 }, "source": "us" },
            "efforts": ["low"], "sampling": { "temperature": 1 }, "thinking": "always", "toolChoice": "all", "released": "2026-01-01" } },
          "routes": { "r": ["lab/one", "kimi"] },
        }
        """;

    static readonly string[] Beginnings = ["claude-", "lab/", "lab:", "r", "[1m]", "/"];

    static readonly string[] Pieces = ["", "{", "}", "[", "]", "\"", ":", ",", "null", "7", "-1e999", "true", "${", "${X}", "\\ud800", "\n"];

    static readonly Gen<string> Scraps = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]);

    /// <summary>A sound text in which some pieces were cut out and scraps put in their place.</summary>
    static readonly Gen<string> Damaged = Gen.Select(Gen.Int[0, Sound.Length], Gen.Int[0, 12], Scraps).Array[1, 4].Select(cuts => cuts.Aggregate(
        Sound, (text, cut) => text[..Math.Min(cut.Item1, text.Length)] + cut.Item3 + text[Math.Min(cut.Item1 + cut.Item2, text.Length)..]));

    [Fact]
    public void The_text_before_damage_is_sound() => Assert.Equal("lab:m", Configured.Settings(Sound).Asked("uno"));

    [Fact]
    public void A_damaged_file_is_read_or_complained_of() => Gen.Select(Damaged, Damaged).Sample((user, project) =>
        Assert.NotNull(Models.Configuration.Read(Configured.With(user, project, ("X", "x"))).ToString()), iter: 300);

    [Fact]
    public void Any_name_has_an_answer()
    {
        Settings settings = Configured.Settings(Sound);
        Gen.OneOf(Gen.String, Gen.Select(Gen.Int[0, Beginnings.Length - 1], Gen.String, (index, rest) => Beginnings[index] + rest))
            .Sample(name => Assert.NotNull(settings.Models.Find(name).ToString()));
    }
}
