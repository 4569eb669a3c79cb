// Which files of this machine somebody may have opened who is not its user: those that the configuration gives free.

namespace Baltoro.Models.Tests;

public sealed class FilesForClientsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("baltoro-free-").FullName;

    public FilesForClientsTests()
    {
        foreach (string path in (string[])["free/a.gguf", "free/deep/b.gguf", "free-not/c.gguf", "named.gguf", "secret.txt"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            File.WriteAllText(At(path), "no model");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string At(string path) => Path.Combine(_folder, path);

    [Theory]
    [InlineData("local:~/free/a.gguf"), InlineData("local:~/free/deep/b.gguf"), InlineData("local:~/free/deep/../a.gguf")]
    [InlineData("mine"), InlineData("local:~/named.gguf"), InlineData("baltoro"), InlineData("local:~/default.gguf"), InlineData("steady"), InlineData("kimi"), InlineData("local:~/started.gguf")]
    public void What_the_configuration_names_or_lies_in_its_folders_is_found(string name) => Assert.IsType<Lookup<Baltoro.Chat.Sequence<Target>>.Found>(Found(name));

    [Theory]
    [InlineData("local:~/secret.txt"), InlineData("local:~/not-there.txt"), InlineData("LOCAL:~/secret.txt"), InlineData("local:/etc/passwd")]
    [InlineData("local:~/free"), InlineData("local:~/free-not/c.gguf"), InlineData("local:~/free/../secret.txt"), InlineData("local:~/routed.gguf")]
    [InlineData("kimi,local:~/secret.txt"), InlineData(" kimi , local:~/secret.txt ")]
    public void Any_other_file_is_withheld_whether_it_is_there_or_not(string name)
    {
        Lookup<Baltoro.Chat.Sequence<Target>>.Withheld withheld = Assert.IsType<Lookup<Baltoro.Chat.Sequence<Target>>.Withheld>(Found(name));
        Assert.Equal($"\"{Placed(name).Split(',')[^1].Trim()}\" is a file that clients of this gateway may not name; its configuration would give it free under \"models\", or its folder under \"localFolders\".", $"{withheld}");
    }

    [Fact]
    public void The_user_himself_may_name_any() => Assert.Equal(At("secret.txt"), Settings().Found($"local:{At("secret.txt")}").File);

    [Fact]
    public void A_project_gives_nothing_free() => Assert.Equal("project.json:1: localFolders: found a project that gives files of this machine free, expected this in your own configuration file",
        Configured.Complaints(project: """{ "localFolders": ["/"] }"""));

    Lookup<Baltoro.Chat.Sequence<Target>> Found(string name) => Settings() is var settings ? settings.Models.FindForClient(Placed(name), settings.LocalFolders, [Placed("local:~/started.gguf")]) : null!;

    string Placed(string name) => name.Replace("~", _folder, StringComparison.Ordinal);

    Settings Settings() => Configured.Settings(Placed(
        """{ "default": "local:~/default.gguf", "localFolders": ["~/free"], "models": { "x/mine": { "upstream": "local", "model": "~/named.gguf", "as": "mine" } }, "routes": { "steady": ["local:~/routed.gguf"] } }"""));
}
