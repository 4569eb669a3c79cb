// Rules as people write them, and what is said about those that could never fit.

using Baltoro.Agent.Permissions;
using Baltoro.Agent.Tasks;
using Baltoro.Agent.Tests.Tools;

namespace Baltoro.Agent.Tests.Permissions;

public class RuleTests
{
    [Theory]
    [InlineData("Bash", "Bash", null), InlineData(" Bash( git push:* ) ", "Bash", "git push:*"), InlineData("Edit(src/(a)/**)", "Edit", "src/(a)/**")]
    [InlineData("mcp__files", "mcp__files", null), InlineData("mcp__files__*", "mcp__files__*", null), InlineData("WebFetch(domain:*.example.com)", "WebFetch", "domain:*.example.com")]
    public void A_rule_is_a_tool_and_what_of_it(string text, string tool, string? pattern) => Assert.Equal(new Rule(tool, pattern), Rule.Parse(text));

    [Theory, InlineData(""), InlineData("Bash("), InlineData("Bash()"), InlineData("Bash( )"), InlineData("git push"), InlineData("Bash(x) y")]
    public void What_is_no_rule_is_refused(string text) =>
        Assert.Equal($"\"{text}\" is no permission rule. Expected is Tool or Tool(pattern), such as Bash(git push *), Edit(src/**) or WebFetch(domain:example.com).",
            Assert.Throws<FormatException>(() => Rule.Parse(text)).Message);

    [Theory]
    [InlineData("bash(ls)", "there is no tool \"bash\". Did you mean Bash? Expected is one of Bash, Read, Write, Edit, WebFetch, BashOutput, KillShell, Python, Glob, Grep, TodoWrite, Task, or mcp__SERVER__TOOL.")]
    [InlineData("*", "there is no tool \"*\". Expected is one of Bash, Read, Write, Edit, WebFetch, BashOutput, KillShell, Python, Glob, Grep, TodoWrite, Task, or mcp__SERVER__TOOL.")]
    [InlineData("Grep(x)", "Grep takes no pattern. Expected is Grep alone.")]
    [InlineData("Bash(git:* push)", ":* stands at the end only, for any further words. Expected is a pattern such as git push:* or git push *.")]
    [InlineData("WebFetch(example.com)", "expected is WebFetch(domain:HOST), such as WebFetch(domain:example.com) or WebFetch(domain:*.example.com).")]
    [InlineData("WebFetch(domain:a b)", "expected is WebFetch(domain:HOST), such as WebFetch(domain:example.com) or WebFetch(domain:*.example.com).")]
    [InlineData("mcp__", "expected is mcp__SERVER, mcp__SERVER__TOOL, or a beginning of one and *.")]
    [InlineData("mcp__*__write", "expected is mcp__SERVER, mcp__SERVER__TOOL, or a beginning of one and *.")]
    [InlineData("mcp__files(a)", "tools of MCP servers take no pattern.")]
    public void A_rule_that_could_never_fit_is_refused(string text, string flaw) => Assert.Equal($"\"{text}\": {flaw}", Assert.Throws<FormatException>(() => Rule.Parse(text)).Message);

    [Fact]
    public async Task There_are_rules_for_every_tool_and_no_other()
    {
        await using Desk desk = new();
        Assert.Equal([.. desk.Tools.Select(tool => tool.Spec.Name).Append(TaskTool.Name).Append("Python").Distinct().Order()], Rule.Tools.Keys.Order());
    }
}
