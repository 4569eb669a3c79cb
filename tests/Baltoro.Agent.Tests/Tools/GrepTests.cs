// What Grep finds and how it shows it.

using System.Text;
using System.Text.Json.Nodes;

namespace Baltoro.Agent.Tests.Tools;

public class GrepTests
{
    static JsonObject Lines(string pattern, params (string Name, JsonNode Value)[] more)
    {
        JsonObject arguments = new() { ["pattern"] = pattern, ["output_mode"] = "content" };
        foreach ((string name, JsonNode value) in more) arguments[name] = value;
        return arguments;
    }

    [Fact]
    public async Task Files_that_match_are_listed_newest_first()
    {
        await using Desk desk = new();
        File.SetLastWriteTimeUtc(desk.File("a.txt", "needle"), DateTime.UnixEpoch);
        desk.File("b/c.txt", "hay\nneedle\n");
        desk.File("d.txt", "hay\n");
        Assert.Equal("b/c.txt\na.txt", await desk.Ok("Grep", new() { ["pattern"] = "needle" }));
        Assert.Equal("[No match in 3 files.]", await desk.Ok("Grep", new() { ["pattern"] = "straw" }));
        Assert.Equal("[The 1 newest of 2 files.]", (await desk.Ok("Grep", new() { ["pattern"] = "needle", ["head_limit"] = 1 })).Split('\n')[1]);
    }

    [Fact]
    public async Task Lines_come_with_their_file_and_number()
    {
        await using Desk desk = new();
        desk.File("a.txt", "one\r\ntwo\r\nthree\r\n");
        desk.File("b.txt", "two");
        Assert.Equal("a.txt:2:two\nb.txt:1:two", await desk.Ok("Grep", Lines("^two$")));
        Assert.Equal("a.txt:two\nb.txt:two", await desk.Ok("Grep", Lines("two", ("-n", false))));
        Assert.Equal("a.txt:2:two", await desk.Ok("Grep", Lines("TWO", ("-i", true), ("path", "a.txt"))));
    }

    [Fact]
    public async Task Context_is_shown_once_and_gaps_are_marked()
    {
        await using Desk desk = new();
        desk.File("a.txt", string.Join('\n', Enumerable.Range(1, 12).Select(i => i is 2 or 4 or 11 ? $"hit {i}" : $"line {i}")));
        Assert.Equal("""
            a.txt-1-line 1
            a.txt:2:hit 2
            a.txt-3-line 3
            a.txt:4:hit 4
            a.txt-5-line 5
            --
            a.txt-10-line 10
            a.txt:11:hit 11
            a.txt-12-line 12
            """, await desk.Ok("Grep", Lines("hit", ("-C", 1))));
        Assert.Equal("a.txt:11:hit 11\na.txt-12-line 12", await desk.Ok("Grep", Lines("hit 11", ("-A", 5))));
        Assert.Equal("a.txt-9-line 9\na.txt-10-line 10\na.txt:11:hit 11", await desk.Ok("Grep", Lines("hit 11", ("-B", 2))));
    }

    [Fact]
    public async Task A_pattern_is_about_single_lines_unless_told_otherwise()
    {
        await using Desk desk = new();
        desk.File("a.txt", "begin\n  middle\nend begin end\n");
        Assert.Equal("a.txt:3:end begin end", await desk.Ok("Grep", Lines(@"begin\s[^x]*end")));
        Assert.Equal("a.txt:1:begin\na.txt:2:  middle\na.txt:3:end begin end", await desk.Ok("Grep", Lines(@"begin.*?end", ("multiline", true))));
        Assert.Equal("[No match in 1 file.]", await desk.Ok("Grep", Lines(@"middle\nend")));
    }

    [Fact]
    public async Task Matches_are_counted()
    {
        await using Desk desk = new();
        desk.File("a.txt", "x\nx x\ny\n");
        desk.File("b.txt", "x\n");
        Assert.Equal("a.txt:2\nb.txt:1\n[3 in 2 files.]", await desk.Ok("Grep", new() { ["pattern"] = "x", ["output_mode"] = "count" }));
    }

    [Fact]
    public async Task Globs_and_types_narrow_the_search()
    {
        await using Desk desk = new();
        foreach (string file in (string[])["src/a.ts", "src/b.tsx", "src/c.js", "d.py"]) desk.File(file, "x");
        Assert.Equal("src/a.ts:1:x\nsrc/b.tsx:1:x", await desk.Ok("Grep", Lines("x", ("glob", "*.{ts,tsx}"))));
        Assert.Equal("src/a.ts:1:x", await desk.Ok("Grep", Lines("x", ("path", "src"), ("glob", "src/*.ts"))));
        Assert.Equal("d.py:1:x\nsrc/c.js:1:x", await desk.Ok("Grep", Lines("x", ("glob", "!*.{ts,tsx}"))));
        Assert.Equal("d.py:1:x", await desk.Ok("Grep", Lines("x", ("type", "py"))));
        Assert.StartsWith("type: klingon is not known. Use glob, or one of c, cmake, ", await desk.Error("Grep", Lines("x", ("type", "klingon"))));
    }

    [Fact]
    public async Task Binary_ignored_and_linked_files_are_left_out_and_every_encoding_is_searched()
    {
        await using Desk desk = new();
        desk.File("binary", [0, .. "Käse"u8]);
        desk.File(".gitignore", "ignored\n");
        desk.File("ignored", "Käse");
        File.CreateSymbolicLink(desk.Path("link"), "utf8");
        desk.File("utf8", "Käse");
        desk.File("utf16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("ein Käse")]);
        desk.File("latin", Encoding.Latin1.GetBytes("Käse\n"));
        Assert.Equal("latin:1:Käse\nutf16:1:ein Käse\nutf8:1:Käse", await desk.Ok("Grep", Lines("Käse")));
        Assert.Equal("ignored:1:Käse", await desk.Ok("Grep", Lines("Käse", ("path", "ignored"))));
    }

    [Fact]
    public async Task Lines_come_page_by_page()
    {
        await using Desk desk = new();
        desk.File("a.txt", "x 1\ny\nx 3\n");
        desk.File("b.txt", "x 1\n");
        Assert.Equal("a.txt:1:x 1\n[Lines 1 to 1. Go on with offset 1.]", await desk.Ok("Grep", Lines("x", ("head_limit", 1))));
        Assert.Equal("a.txt:3:x 3\n[Lines 2 to 2. Go on with offset 2.]", await desk.Ok("Grep", Lines("x", ("head_limit", 1), ("offset", 1))));
        Assert.Equal("b.txt:1:x 1", await desk.Ok("Grep", Lines("x", ("head_limit", 1), ("offset", 2))));
        Assert.Equal("[Nothing more in 2 files.]", await desk.Ok("Grep", Lines("x", ("head_limit", 1), ("offset", 3))));
        Assert.Equal("a.txt\n[Number 2 to 2 of 2 files, newest first.]", await desk.Ok("Grep", new() { ["pattern"] = "x 1", ["path"] = ".", ["offset"] = 1 }));
    }

    [Fact]
    public async Task Files_without_a_match_are_listed_when_asked_for()
    {
        await using Desk desk = new();
        desk.File("a.cs", "// mine\nclass A;\n");
        desk.File("b.cs", "class B;\n");
        desk.File("c.txt", "nothing\n");
        desk.File("d.cs", [0, 1, 2, 0xFF]);
        JsonObject without = new() { ["pattern"] = "// mine", ["glob"] = "*.cs", ["output_mode"] = "files_without_match" };
        Assert.Equal("b.cs", await desk.Ok("Grep", without));
        desk.File("b.cs", "// mine\nclass B;\n");
        Assert.Equal("[A match in all of 3 files.]", await desk.Ok("Grep", without));
    }

    [Fact]
    public async Task Many_and_long_lines_are_cut_and_said_to_be()
    {
        await using Desk desk = new();
        desk.File("a.txt", string.Concat(Enumerable.Repeat("x\n", 1000)));
        desk.File("b.txt", new string('x', 700));
        string[] said = (await desk.Ok("Grep", Lines("x", ("path", "a.txt")))).Split('\n');
        Assert.Equal(251, said.Length);
        Assert.Equal("[Lines 1 to 250. Go on with offset 250.]", said[^1]);
        Assert.Equal($"b.txt:1:{new string('x', 500)} [… 200 characters more]", await desk.Ok("Grep", Lines("x", ("path", "b.txt"))));
    }

    [Fact]
    public async Task A_file_too_large_is_named_and_the_others_are_searched()
    {
        await using Desk desk = new();
        desk.File("a.txt", "x");
        using (FileStream huge = File.Create(desk.Path("huge"))) huge.SetLength(33 << 20);
        Assert.Equal("a.txt:1:x\n[Not searched, because larger than 32 MB: huge. Use grep in Bash.]", await desk.Ok("Grep", Lines("x")));
    }

    [Fact]
    public async Task A_pattern_that_would_take_for_ever_elsewhere_takes_no_time_here()
    {
        await using Desk desk = new();
        desk.File("a.txt", new string('a', 100_000));
        Assert.Equal("[No match in 1 file.]", await desk.Ok("Grep", Lines("(a+)+b")));
        desk.File("a.txt", string.Concat(Enumerable.Repeat("a\n", 1_000_000)) + "b\n");
        Assert.Equal("a.txt:1000001:b", await desk.Ok("Grep", Lines(@"[^x]*\s*\W*b")));
    }

    [Fact]
    public async Task A_pattern_or_place_that_is_none_is_an_error()
    {
        await using Desk desk = new();
        Assert.Contains("is not a regular expression", await desk.Error("Grep", Lines("foo(")));
        Assert.Equal("nowhere: There is no such file or folder.", await desk.Error("Grep", Lines("x", ("path", "nowhere"))));
    }

    [Fact]
    public async Task An_interruption_ends_the_search()
    {
        await using Desk desk = new();
        desk.File("a.txt", "x");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => desk.Call("Grep", Lines("x"), new CancellationToken(canceled: true)));
    }
}
