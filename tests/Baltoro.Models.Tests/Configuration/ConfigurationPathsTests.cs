// Where each platform keeps a user's configuration.

namespace Baltoro.Models.Tests;

public class ConfigurationPathsTests
{
    [Theory]
    [InlineData(Platform.Linux, "HOME=/home/me", "/home/me/.config/baltoro/config.json")]
    [InlineData(Platform.Linux, "HOME=/home/me XDG_CONFIG_HOME=/etc/me", "/etc/me/baltoro/config.json")]
    [InlineData(Platform.Linux, "HOME=/home/me XDG_CONFIG_HOME=not/rooted", "/home/me/.config/baltoro/config.json")]
    [InlineData(Platform.MacOS, "HOME=/Users/me", "/Users/me/Library/Application Support/baltoro/config.json")]
    [InlineData(Platform.Windows, "APPDATA=/appdata HOME=/home/me", "/appdata/baltoro/config.json")]
    [InlineData(Platform.Linux, "", null)]
    public void The_users_file_is_where_the_platform_keeps_such_files(Platform platform, string variables, string? path) => Assert.Equal(
        path, ConfigurationPaths.User(variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]), platform)?.Replace('\\', '/'));
}
