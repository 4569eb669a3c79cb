// The clients under test are pinned, and installable from whatever registry a machine uses.

using System.Text.Json;

namespace Baltoro.Cli.Tests.EndToEnd;

public class PinnedClientTests
{
    static readonly string Folder = Path.Combine(Repository.Root, "tests", "Baltoro.Cli.Tests", "Clients");

    [Theory, InlineData("claude-code"), InlineData("opencode"), InlineData("claude-agent-sdk")]
    public void The_lock_file_names_no_registry(string client) =>
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(Folder, client, "package-lock.json")));

    [Theory, InlineData("claude-code"), InlineData("opencode"), InlineData("claude-agent-sdk")]
    public void The_version_is_exact(string client)
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, client, "package.json")));
        Assert.All(package.RootElement.EnumerateObject().Where(m => m.Name.EndsWith("ependencies", StringComparison.Ordinal)).SelectMany(m => m.Value.EnumerateObject()),
            d => Assert.True(Version.TryParse(d.Value.GetString(), out _), $"{d.Name}: {d.Value}"));
    }
}
