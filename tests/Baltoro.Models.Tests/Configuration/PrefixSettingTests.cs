// Where conversations with model files are kept on disk: nowhere, unless the user's own configuration says so.

namespace Baltoro.Models.Tests;

public class PrefixSettingTests
{
    [Fact]
    public void Nothing_is_kept_unless_the_user_says_where() => Assert.Null(Configured.Settings().Prefixes);

    [Theory]
    [InlineData("", 10), InlineData(", \"gigabytes\": 250", 250)]
    public void The_folder_is_the_user_s_and_so_is_its_limit(string limit, long gigabytes)
    {
        string folder = Path.GetFullPath("/kept");
        Assert.Equal(new(folder, gigabytes * 1_000_000_000), Configured.Settings($$"""{ "prefixes": { "folder": {{System.Text.Json.JsonSerializer.Serialize(folder)}}{{limit}} } }""").Prefixes);
    }

    [Fact]
    public void A_project_has_no_say_in_it() => Assert.Equal("project.json:1: prefixes: found a project that says where conversations are kept, expected this in your own configuration file",
        Configured.Complaints(project: """{ "prefixes": { "folder": "/kept" } }"""));
}
