// What every hand-written file keeps to.

using System.Text.RegularExpressions;

namespace Baltoro.Cli.Tests.Architecture;

public partial class SourceRules
{
    internal static readonly string Root = FindRoot();

    static readonly string[] Files = [.. ((string[])["src", "tests", "bench"])
        .Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("node_modules") && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))];

    [Fact]
    public void No_file_is_longer_than_800_lines() =>
        Assert.Empty(Files.Where(file => File.ReadLines(file).Count() > 800).Select(Relative));

    [Fact]
    public void Every_file_opens_with_a_sentence_on_what_it_is() =>
        Assert.Empty(Files.Where(file => !Opening().IsMatch(File.ReadLines(file).First())).Select(Relative));

    [Fact]
    public void No_type_is_called_Manager_Helper_or_Utils() =>
        Assert.Empty(Files.Where(file => Vague().IsMatch(File.ReadAllText(file))).Select(Relative));

    [Fact]
    public void Pointers_stay_out_of_every_project_but_the_engine() =>
        Assert.Empty(Files.Where(file => !file.Contains("Baltoro.Engine") && UnsafeCode().IsMatch(File.ReadAllText(file))).Select(Relative));

    static string Relative(string file) => Path.GetRelativePath(Root, file);

    static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Baltoro.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("Baltoro.slnx: not found above the test's folder");
    }

    [GeneratedRegex(@"^\uFEFF?// \S.*")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\b(class|record|struct|interface)\s+\w*(Manager|Helper|Utils)\b")]
    private static partial Regex Vague();

    [GeneratedRegex(@"^\s*(\w+\s+)*unsafe\s+(\w|\{)", RegexOptions.Multiline)]
    private static partial Regex UnsafeCode();
}
