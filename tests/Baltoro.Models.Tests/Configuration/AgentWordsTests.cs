// What is said for the agent: both files' rules hold, and a repository gives itself no rights.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models.Tests;

public class AgentWordsTests
{
    [Fact]
    public void The_projects_rules_are_added_to_the_users() => Assert.Equal(
        new PermissionWords(
            Allow: [new(new("user.json", 1, "permissions.allow[0]"), "Bash(git diff:*)")],
            Ask: [new(new("project.json", 2, "permissions.ask[0]"), "Edit(x)")],
            Deny: [new(new("user.json", 1, "permissions.deny"), "Bash(echo ${X})"), new(new("project.json", 1, "permissions.deny[0]"), "Bash(git push:*)")]),
        Configured.Settings(
            """{ "permissions": { "allow": ["Bash(git diff:*)"], "deny": "Bash(echo ${X})" } }""",
            "{ \"permissions\": { \"deny\": [\"Bash(git push:*)\"],\n \"ask\": [\"Edit(x)\"] } }").Permissions);

    [Fact]
    public void A_projects_null_takes_no_rule_of_the_users_away() =>
        Assert.Single(Configured.Settings("""{ "permissions": { "deny": ["Bash"] } }""", """{ "permissions": { "deny": null } }""").Permissions.Deny);

    [Fact]
    public void A_server_is_handed_on_as_it_is_written() => Assert.Equal(
        [new ServerWords(new("user.json", 3, "mcpServers.files"), "files", """{"command":"npx","args":["-y","${X:-a}"],"env":{"A":"b"},"timeout":5000,"on":true,"off":null}""")],
        Configured.Settings("""
            { "mcpServers": {
                // a comment
                "files": { "command": "npx", "args": ["-y", "${X:-a}"], "env": { "A": "b" }, "timeout": 5000, "on": true, "off": null }, } }
            """).McpServers);

    [Theory]
    [InlineData("""{ "permissions": { "allow": ["Bash"] } }""", "project.json:1: permissions.allow: found a project that gives itself rights, expected \"ask\" and \"deny\" only; what is allowed stands in your own configuration file")]
    [InlineData("""{ "mcpServers": {} }""", "project.json:1: mcpServers: found a project that names programs to start, expected them in its .mcp.json, about which you are asked, or in your own configuration file")]
    [InlineData("""{ "permissions": { "dney": ["Bash"] } }""", "project.json:1: permissions: found \"dney\", expected a known key; the nearest is \"deny\"")]
    [InlineData("""{ "permissions": { "deny": [1] } }""", "project.json:1: permissions.deny[0]: found a number, expected a text")]
    [InlineData("""{ "permissions": ["Bash"] }""", "project.json:1: permissions: found a list, expected an object")]
    [InlineData("{ \"\\u001b]0;evil\\u0007\": 1 }", "project.json:1: found \"?]0;evil?\", expected one of host, default, port, loopNudges, ledger, shared, localFolders, prefixes, upstreams, models, routes, permissions, mcpServers")]
    public void A_project_is_told_what_it_may_not_say(string project, string complaint) => Assert.Equal(complaint, Configured.Complaints(project: project));
}
