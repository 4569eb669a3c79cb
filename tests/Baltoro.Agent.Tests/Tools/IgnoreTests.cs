// What .gitignore excludes: by hand, against the real git, and in bounded work. Nothing here is about what the tools show.

using System.Diagnostics;
using System.Text;
using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Tests.Tools;

public class IgnoreTests
{
    [Theory]
    [InlineData("a", "a", true), InlineData("a", "x/a", true), InlineData("a", "ab", false), InlineData("*.o", "x/y.o", true), InlineData("*.o", ".o", true)]
    [InlineData("/a", "a", true), InlineData("/a", "x/a", false), InlineData("//a", "a", false), InlineData("x/a", "x/a", true), InlineData("x/a", "y/x/a", false)]
    [InlineData("x/*", "x/a", true), InlineData("x/*", "x/a/b", false), InlineData("x*/a", "xy/a", true), InlineData("x*/a", "x/y/a", false)]
    [InlineData("**/a", "a", true), InlineData("**/a", "x/y/a", true), InlineData("x/**", "x/a/b", true), InlineData("x/**/a", "x/a", true), InlineData("x/**/a", "x/y/z/a", true), InlineData("x/**/a", "xa", false)]
    [InlineData("*x**/a", "x/y/a", false), InlineData("x**/a", "x/y/a", true), InlineData(@"**\/a", "a", false), InlineData(@"**\/a", "x/y/a", true)]
    [InlineData("?", "a", true), InlineData("x?a", "x/a", false), InlineData("{a,b}", "a", false), InlineData("{a,b}", "{a,b}", true)]
    [InlineData("[ab]", "b", true), InlineData("[!ab]", "b", false), InlineData("[^ab]", "c", true), InlineData("x[!y]a", "x/a", false), InlineData("[]a]", "]", true), InlineData("[a-]", "-", true), InlineData("[--0]", ".", true)]
    [InlineData(@"[\]]", "]", true), InlineData("[a", "[a", false), InlineData("[a", "a", false), InlineData("[[:digit:]x]", "7", true), InlineData("[[:digit:]x]", "a", false), InlineData("[[:none:]]", "n", false), InlineData("[[:a]", ":", true)]
    [InlineData(@"\*", "*", true), InlineData(@"\*", "a", false), InlineData(@"a\", @"a\", false), InlineData(@"a\", "a", false)]
    public void A_pattern_fits_what_git_would_let_it_fit(string pattern, string path, bool fits) => Assert.Equal(fits, GlobPattern.OfGit(pattern).Matches(path));

    [Fact]
    public void Lines_are_read_as_git_reads_them()
    {
        using Scratch scratch = new();
        string folder = scratch.Folder("project");
        File.WriteAllText(Path.Combine(folder, ".gitignore"), "\uFEFFbom\n#hash\n\\#escaped\n\\!mark\nblanks  \nblank\\ \ntab\t\ntwo\\\\  \nwindows\r\n!\n/\nlast");
        IgnoreRules rules = IgnoreRules.At(folder, folder);
        string[] names = ["bom", "#hash", "#escaped", "!mark", "blanks", "blanks  ", "blank ", "blank", "tab\t", "tab", @"two\", "windows", "!", "last"];
        Assert.Equal(["bom", "#escaped", "!mark", "blanks", "blank ", "tab\t", @"two\", "windows", "last"], names.Where(name => rules.Ignores(Path.Join(folder, name), isFolder: false)));
    }

    static readonly string[] Names =
        ["a", "b", "ab", "a.b", "b.a", ".a", "[a]", "[a", "a*b", "a?", @"a\b", @"a\", "a b", "a ", "#a", "!a", "a-b", "{a,b}", "A1", "7", "a]", "d/a", "d/b.a", "d/e/a", "d/e/ab", "d/e/f/b", "a.d/a", "ad/e/b", "e/d/a", "d e/a", "f/d/e/a.b", "[d]/a"];

    static readonly string[] Pieces =
        ["a", "b", "d", "e", "ab", "*", "*", "**", "/", "/", "?", "[ab]", "[!a]", "[^b]", "[a-d]", "[]a]", "[a", "[a-]", "[--a]", "[!-a]", "[[:alpha:]]", "[[:digit:]!]", "[[:no:]]", "[[:a]", @"[\]a]", @"[\a-\d]", @"\*", @"\a", @"\", "!", "#", " ", @"\ ", "**/", "/**", "/**/", "***/", ".", "{a,b}", "]", "-", @"**\/"];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task Odd_patterns_exclude_exactly_what_the_real_git_excludes(int seed)
    {
        bool hasGit = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Join(folder, "git")));
        if (Environment.GetEnvironmentVariable("CI") != "true") Assert.SkipUnless(hasGit, "git is not installed.");
        using Scratch scratch = new();
        string top = RealPath.Of(scratch.Folder("project"));
        await Git(top, "", "init", "-q");
        Random random = new(seed);
        List<string> files = [];
        // Each folder has rules of its own, so that one question to git is about many.
        for (int i = 0; i < 120; i++)
        {
            string folder = Path.Join(top, $"p{i}");
            foreach (string name in Names)
            {
                string file = Path.Join(folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, "");
                files.Add(file);
            }
            Rules(Path.Join(folder, ".gitignore"), 1 + random.Next(4));
            if (random.Next(3) == 0) Rules(Path.Join(folder, "d", ".gitignore"), 1 + random.Next(2));
        }
        HashSet<string> ignored = [.. (await Git(top, string.Join('\0', files), "check-ignore", "--no-index", "-z", "--stdin")).Split('\0')];
        HashSet<string> walked = [.. FileWalk.Files(top, top, TestContext.Current.CancellationToken)];
        Assert.InRange(ignored.Count, files.Count / 10, files.Count * 9 / 10);
        Assert.Equal("", string.Join('\n', files.Where(file => walked.Contains(file) == ignored.Contains(file))
            .Select(file => $"{file[(top.Length + 1)..]} is {(ignored.Contains(file) ? "" : "not ")}ignored by {File.ReadAllText(Path.Join(top, file[(top.Length + 1)..].Split('/')[0], ".gitignore")).ReplaceLineEndings(" | ")}").Take(20)));

        void Rules(string path, int count) => File.WriteAllText(path, string.Concat(Enumerable.Range(0, count).Select(_ =>
            string.Concat(Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Pieces[random.Next(Pieces.Length)])) + "\n")));
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { string.Concat(Enumerable.Repeat("*a", 300)) + "*b", new string('a', 4000) },
        { string.Concat(Enumerable.Repeat("**/*a*/", 100)) + "b", string.Concat(Enumerable.Repeat("aa/", 1000)) },
        { string.Concat(Enumerable.Repeat("?*", 300)) + "[!a]", new string('a', 4000) },
        { string.Concat(Enumerable.Repeat("{a,aa}*", 200)) + "b", new string('a', 4000) },
        { new string('{', 500) + "a" + string.Concat(Enumerable.Repeat(",a}*", 500)) + "b", new string('a', 2000) },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void A_hostile_pattern_takes_no_more_steps_than_its_length_for_each_character(string pattern, string path)
    {
        Assert.False(GlobPattern.OfGlob(pattern).Matches(path, out long steps));
        Assert.InRange(steps, path.Length / 100, (long)pattern.Length * (path.Length + 1));
    }

    [Fact]
    public void Hundreds_of_patterns_with_wildcards_all_count()
    {
        using Scratch scratch = new();
        string folder = scratch.Folder("project");
        File.WriteAllText(Path.Combine(folder, ".gitignore"), string.Concat(Enumerable.Range(0, 1500).Select(i => $"/x{i}/**/*.tm?\n")));
        IgnoreRules rules = IgnoreRules.At(folder, folder);
        Assert.All(Enumerable.Range(0, 1500), i => Assert.True(rules.Ignores($"{folder}/x{i}/y/z.tmp", isFolder: false)));
    }

    static async Task<string> Git(string folder, string input, params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
            Environment = { ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1", ["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(folder), ["XDG_CONFIG_HOME"] = "/nonexistent" },
        })!;
        Task<string> said = git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.StandardInput.WriteAsync(input);
        git.StandardInput.Close();
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await said;
    }
}
