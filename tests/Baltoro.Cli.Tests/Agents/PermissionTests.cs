// Permission rules of the configuration in a run without a person: what is denied, what would be asked, what is allowed, and what is no rule.

using Baltoro.Cli.Commands;
using Baltoro.Cli.Tests.Commands;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

public sealed class PermissionTests : IDisposable
{
    readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    async Task<Upstream> Calling(string permissions, params Part.Call[] calls)
    {
        Player kimi = Player.Named("kimi");
        Upstream upstream = await Upstream.Start(kimi.Vendor(), CallScript.Of(calls));
        _line.Write("config/baltoro/config.json", $$"""{ "permissions": {{permissions}}, {{AgentScene.Configuration(upstream.Url, kimi).TrimStart()[1..]}}""");
        return upstream;
    }

    (int Code, string Output, string Error) Run() => _line.Run(RunCommand.Create, "go", "--no-sandbox");

    [Fact]
    public async Task What_a_rule_denies_is_refused_and_the_rest_goes_on()
    {
        await using Upstream upstream = await Calling("""{ "deny": ["Edit(kept/**)", "Bash(touch:*)"] }""",
            CallScript.Write("kept/a.txt", "x"), CallScript.Bash("true && touch b.txt"), CallScript.Write("c.txt", "x"));
        Assert.Equal(0, Run().Code);
        Assert.Equal(
            ["Not permitted. The rule Edit(kept/**) denies: kept/a.txt\nDo not try to reach the same in another way.", "Not permitted. The rule Bash(touch:*) denies: touch b.txt\nDo not try to reach the same in another way."],
            upstream.Results().Take(2));
        Assert.Equal((false, false, true), (File.Exists(Path.Combine(_line.Folder, "kept/a.txt")), File.Exists(Path.Combine(_line.Folder, "b.txt")), File.Exists(Path.Combine(_line.Folder, "c.txt"))));
    }

    [Fact]
    public async Task What_would_be_asked_is_refused_and_a_run_that_ends_on_it_says_so_with_its_code()
    {
        await using Upstream upstream = await Calling("""{ "ask": ["Bash(echo:*)"] }""", CallScript.Bash("echo hi"));
        (int code, string output, string error) = Run();
        Assert.Equal((5, CallScript.Finished + "\n"), (code, output));
        Assert.Contains("! blocked by permissions", error, StringComparison.Ordinal);
        Assert.Equal(["Not permitted without a person's yes, and nobody is there: The rule Bash(echo:*) asks before: echo hi\nFind a plainer way that stays inside the project."], upstream.Results());
    }

    [Fact]
    public async Task A_place_outside_is_written_when_a_rule_of_the_user_names_it()
    {
        using Scratch outside = new();
        await using Upstream upstream = await Calling($$"""{ "allow": ["Edit({{outside.Path}}/**)"] }""", CallScript.Write($"{outside.Path}/a.txt", "x"), CallScript.Write($"{outside.Path}-not/a.txt", "x"));
        Assert.Equal(5, Run().Code);
        Assert.True(File.Exists(Path.Combine(outside.Path, "a.txt")));
        Assert.False(Directory.Exists($"{outside.Path}-not"));
    }

    [Theory]
    [InlineData("WebFetch", "127.0.0.1 is this machine or in its network, and that is not allowed.")]
    [InlineData("WebFetch(domain:127.0.0.1)", "404")]
    [InlineData("WebFetch(domain:localhost)", "Not permitted without a person's yes, and nobody is there: It reaches 127.0.0.1 on the network.")]
    public async Task A_page_of_this_machine_is_fetched_when_a_rule_names_the_host_and_not_when_it_allows_all_of_them(string rule, string told)
    {
        Part.Call[] calls = [CallScript.Bash("true")];
        await using Upstream upstream = await Calling($$"""{ "allow": ["{{rule}}"] }""", calls);
        calls[0] = CallScript.Tool("WebFetch", new() { ["url"] = new Uri(new Uri(upstream.Url), "/nothing-here").ToString() });
        Run();
        Assert.Contains(told, Assert.Single(upstream.Results()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_projects_own_file_takes_rights_away_and_gives_none()
    {
        await using Upstream upstream = await Calling("""{ "allow": ["Bash(echo:*)"] }""", CallScript.Bash("echo hi"));
        _line.Write(".baltoro/config.json", """{ "permissions": { "deny": ["Bash(echo:*)"] } }""");
        Assert.Equal(5, Run().Code);
        _line.Write(".baltoro/config.json", "{ \"permissions\": {\n  \"allow\": [\"Bash\"] } }");
        Assert.Equal((2, "", "~/.baltoro/config.json:2: permissions.allow: found a project that gives itself rights, expected \"ask\" and \"deny\" only; what is allowed stands in your own configuration file\n"), Run());
    }

    [Fact]
    public async Task Everything_that_is_no_rule_is_said_with_its_place()
    {
        await using Upstream upstream = await Calling("""
            {
              "deny": ["Bsh(ls)",
                       "Grep(x)"] }
            """);
        _line.Write(".baltoro/config.json", """{ "permissions": { "ask": ["\u001b[31m"] } }""");
        (int code, string output, string error) = Run();
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(
            [
                "~/config/baltoro/config.json:2: permissions.deny[0]: \"Bsh(ls)\": there is no tool \"Bsh\". Did you mean Bash? Expected is one of Bash, Read, Write, Edit, WebFetch, BashOutput, KillShell, Python, Glob, Grep, TodoWrite, Task, or mcp__SERVER__TOOL.",
                "~/config/baltoro/config.json:3: permissions.deny[1]: \"Grep(x)\": Grep takes no pattern. Expected is Grep alone.",
                "~/.baltoro/config.json:1: permissions.ask[0]: \"␛[31m\" is no permission rule. Expected is Tool or Tool(pattern), such as Bash(git push *), Edit(src/**) or WebFetch(domain:example.com).",
                "",
            ], error.Split('\n'));
    }
}
