// `baltoro use` on several machines that share a server.

using Baltoro.Cli.Commands;
using Baltoro.Gateway.Tests.Servers;
using Baltoro.Models;

namespace Baltoro.Cli.Tests.Commands;

public sealed class SharedChoiceTests(Servers servers)
{
    static CommandLine Machine(string url)
    {
        CommandLine line = new("NOVITA_API_KEY", "ZAI_API_KEY");
        line.Write("config/baltoro/config.json", $$"""{ "default": "kimi", "shared": "{{url}}" }""");
        return line;
    }

    [Fact]
    public async Task What_one_machine_chooses_holds_on_the_other()
    {
        string url = await servers.Redis();
        using CommandLine one = Machine(url), other = Machine(url);
        Assert.Equal((0, "\"baltoro\" now means zai/glm-5.3 at zai.\n", ""), one.Run(UseCommand.Create, "glm"));
        Assert.Equal((0, "\"baltoro\" means zai/glm-5.3 at zai, chosen with `baltoro use glm`.\n", ""), other.Run(UseCommand.Create));
        Assert.Equal(0, other.Run(UseCommand.Create, "--reset").Code);
        Assert.Equal((0, "\"baltoro\" means moonshotai/kimi-k2-thinking at novita, the configured default.\n", ""), one.Run(UseCommand.Create));
        Assert.False(Directory.Exists(one.State));
    }

    [Fact]
    public async Task A_running_gateway_notices_and_goes_on_without_the_server()
    {
        string url = await servers.Redis();
        using CommandLine line = Machine(url);
        Settings settings = Assert.IsType<Configuration.Valid>(Configuration.Read(new() { Environment = line.Environment })).Settings;
        await using SharedChoices choices = new(url, TimeProvider.System), away = new("redis://127.0.0.1:1", TimeProvider.System);
        StandingModels standing = new(settings.Models, choices, (_, _) => { }), alone = new(settings.Models, away, (_, _) => { });
        Assert.IsType<Choice.None>(standing.Choice);
        line.Run(UseCommand.Create, "glm");
        using CancellationTokenSource time = new(TimeSpan.FromSeconds(20));
        while (standing.Choice is not Choice.Made { Name: "glm" })
        {
            time.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        Assert.IsType<Choice.None>(alone.Choice);
    }

    [Fact]
    public void A_server_that_is_away_is_named_without_its_password()
    {
        using CommandLine line = Machine("redis://me:very-secret@127.0.0.1:1");
        Assert.Equal((2, "", "What `baltoro use` chose is kept on another machine: redis at 127.0.0.1:1 does not answer as it should.\n"), line.Run(UseCommand.Create, "glm"));
    }
}
