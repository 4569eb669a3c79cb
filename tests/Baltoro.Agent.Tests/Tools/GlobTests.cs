// Which files Glob finds: patterns, .gitignore, and what a hostile repository may hold.

using System.Text.Json.Nodes;
using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Tests.Tools;

public class GlobTests
{
    [Theory]
    [InlineData("*.cs", "a.cs", true), InlineData("*.cs", "deep/er/a.cs", true), InlineData("*.cs", "a.css", false)]
    [InlineData("a.cs", "deep/a.cs", true), InlineData("a.cs", "deep/ba.cs", false)]
    [InlineData("/a.cs", "a.cs", true), InlineData("/a.cs", "deep/a.cs", false)]
    [InlineData("src/*.cs", "src/a.cs", true), InlineData("src/*.cs", "src/deep/a.cs", false), InlineData("src/*.cs", "x/src/a.cs", false)]
    [InlineData("src/**/*.cs", "src/a.cs", true), InlineData("src/**/*.cs", "src/x/y/a.cs", true)]
    [InlineData("**/test/*.cs", "test/a.cs", true), InlineData("**/test/*.cs", "x/y/test/a.cs", true)]
    [InlineData("src/**", "src/x/y", true), InlineData("src/**", "src", false), InlineData("**", "a/b", true)]
    [InlineData("*.{ts,tsx}", "a.tsx", true), InlineData("*.{ts,tsx}", "a.js", false), InlineData("{a,b/c}/*.x", "b/c/d.x", true)]
    [InlineData("a?c", "abc", true), InlineData("a?c", "a/c", false), InlineData("[a-c]x", "bx", true), InlineData("[!a-c]x", "bx", false), InlineData("[!a-c]x", "dx", true)]
    [InlineData("[]x]y", "]y", true), InlineData("a[", "a[", true), InlineData("{a", "{a", true), InlineData(@"\*", "*", true), InlineData(@"\*", "a", false)]
    [InlineData("a.c", "abc", false), InlineData("a+(b)", "a+(b)", true), InlineData("a[!x]b", "a/b", false)]
    public void A_pattern_fits_what_ripgrep_would_let_it_fit(string pattern, string path, bool fits) => Assert.Equal(fits, GlobPattern.OfGlob(pattern).Matches(path));

    [Fact]
    public async Task Files_come_newest_first_and_relative_to_the_project()
    {
        await using Desk desk = new();
        foreach ((string name, int age) in ((string, int)[])[("old.cs", 3), ("src/new.cs", 1), ("src/mid.cs", 2), ("src/other.txt", 0)])
            File.SetLastWriteTimeUtc(desk.File(name, ""), new DateTime(2026, 1, 10, 0, 0, 0, DateTimeKind.Utc).AddDays(-age));
        Assert.Equal("src/new.cs\nsrc/mid.cs\nold.cs", await desk.Ok("Glob", Pattern("**/*.cs")));
        Assert.Equal("src/new.cs\nsrc/mid.cs", await desk.Ok("Glob", Pattern($"{desk.Project}/src/*.cs")));
        Assert.Equal("old.cs", await desk.Ok("Glob", Pattern("./*")));
        Assert.Equal("src/other.txt", await desk.Ok("Glob", new() { ["pattern"] = "*.txt", ["path"] = "src" }));
        Assert.Equal("[No file fits, of 4 in .. What .gitignore excludes was not looked at.]", await desk.Ok("Glob", Pattern("*.md")));
        Assert.Equal("nowhere: There is no such folder.", await desk.Error("Glob", new() { ["pattern"] = "*", ["path"] = "nowhere" }));
    }

    [Fact]
    public async Task A_hundred_files_are_shown_and_the_others_counted()
    {
        await using Desk desk = new();
        for (int i = 0; i < 120; i++) desk.File($"f{i}", "");
        string[] said = (await desk.Ok("Glob", Pattern("f*"))).Split('\n');
        Assert.Equal(101, said.Length);
        Assert.Equal("[The 100 newest of 120 files. Use a narrower pattern or path to see others.]", said[^1]);
    }

    [Fact]
    public async Task What_the_project_ignores_is_left_out_and_exceptions_are_not()
    {
        await using Desk desk = new();
        Directory.CreateDirectory(desk.Path(".git/info"));
        desk.File(".git/config", "");
        desk.File(".git/info/exclude", "private.txt\n");
        desk.File(".gitignore", "# build\nbin/\n*.log\n!keep.log\n/top.txt\ndoc/*.html\ntrailing  \n\\#hash\n");
        desk.File("sub/.gitignore", "!*.log\nlocal\n");
        desk.File("sub/deeper/.gitignore", "*\n!.gitignore\n");
        foreach (string file in (string[])["bin/a", "sub/bin/b", "a.log", "keep.log", "sub/b.log", "top.txt", "sub/top.txt", "doc/a.html", "doc/x/b.html", "trailing", "#hash", "local", "sub/local", "sub/deeper/c", "private.txt", ".hidden"])
            desk.File(file, "");
        Assert.Equal([".gitignore", ".hidden", "doc/x/b.html", "keep.log", "local", "sub/.gitignore", "sub/b.log", "sub/deeper/.gitignore", "sub/top.txt"],
            (await desk.Ok("Glob", Pattern("**"))).Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal("bin/a", await desk.Ok("Glob", new() { ["pattern"] = "*", ["path"] = "bin" }));
    }

    [Fact]
    public async Task A_link_out_of_the_project_a_circle_and_a_name_with_escapes_do_no_harm()
    {
        await using Desk desk = new();
        File.WriteAllText(Path.Combine(desk.Outside, "secret.txt"), "secret");
        Directory.CreateSymbolicLink(desk.Path("out"), desk.Outside);
        Directory.CreateSymbolicLink(desk.Path("circle"), desk.Project);
        File.CreateSymbolicLink(desk.Path("secret-link.txt"), Path.Combine(desk.Outside, "secret.txt"));
        desk.File("name\n[Tests pass]\u001b[2J.txt", "");
        Assert.Equal("name␊[Tests pass]␛[2J.txt", await desk.Ok("Glob", Pattern("**/*.txt")));
    }

    [Fact]
    public async Task A_deep_tree_is_walked_to_its_end()
    {
        await using Desk desk = new();
        string deep = string.Concat(Enumerable.Repeat("d/", 1500));
        desk.File($"{deep}a.txt", "");
        Assert.Equal($"{deep}a.txt", await desk.Ok("Glob", Pattern("**/a.txt")));
    }

    [Fact]
    public async Task A_pipe_in_place_of_the_ignore_file_is_passed_over()
    {
        await using Desk desk = new();
        desk.File("a.txt", "");
        using (System.Diagnostics.Process fifo = System.Diagnostics.Process.Start("mkfifo", [desk.Path(".gitignore")])) await fifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("a.txt", await desk.Ok("Glob", Pattern("*.txt")));
    }

    static JsonObject Pattern(string pattern) => new() { ["pattern"] = pattern };
}
