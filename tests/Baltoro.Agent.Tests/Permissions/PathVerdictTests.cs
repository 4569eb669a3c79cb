// What may be read, written and reached: the project's boundary, with links out of it, and rules.

using Baltoro.Agent.Permissions;
using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Tests.Permissions;

public class PathVerdictTests
{
    [Theory]
    [InlineData("a.txt", "allow", "allow")]
    [InlineData("src/new/b.txt", "allow", "allow")]
    [InlineData("../outside/a", "ask", "allow")]
    [InlineData("way/a", "ask", "ask")]
    [InlineData("/etc/hosts", "ask", "allow")]
    [InlineData("~/.ssh/id_rsa", "ask", "ask")]
    [InlineData(".git/config", "ask", "allow")]
    [InlineData(".baltoro/config.json", "ask", "allow")]
    [InlineData("vendor/x/y.c", "deny", "allow")]
    [InlineData("secrets/key.pem", "allow", "deny")]
    [InlineData("alias/key.pem", "allow", "deny")]
    public void A_path_is_judged_where_it_really_leads(string path, string written, string read)
    {
        using Scratch scratch = new();
        string project = scratch.Folder("project");
        Directory.CreateSymbolicLink(Path.Combine(project, "way"), scratch.Folder("outside"));
        Directory.CreateDirectory(Path.Combine(project, "secrets"));
        Directory.CreateSymbolicLink(Path.Combine(project, "alias"), Path.Combine(project, "secrets"));
        Workspace workspace = new(project, scratch.Folder("scratch"));
        PermissionRules rules = new(workspace, Posture.Confined, deny: [Rule.Parse("Edit(vendor/**)"), Rule.Parse("Read(secrets)")], ask: [], allow: []);
        string absolute = workspace.Absolute(path);
        Assert.Equal((written, read), (Name(rules.Judge("Write", new Footprint.Writes([absolute]))), Name(rules.Judge("Read", new Footprint.Reads([absolute])))));
    }

    [Fact]
    public void Hosts_and_servers_are_allowed_by_name()
    {
        using Scratch scratch = new();
        PermissionRules rules = new(new Workspace(scratch.Folder("project"), scratch.Folder("scratch")), Posture.Confined, deny: [Rule.Parse("mcp__files__delete")], ask: [],
            allow: [Rule.Parse("WebFetch(domain:*.example.com)"), Rule.Parse("mcp__files")]);
        Assert.Equal("allow", Name(rules.Judge("WebFetch", new Footprint.Reaches(new("https://docs.example.com/a")))));
        Assert.Equal("ask", Name(rules.Judge("WebFetch", new Footprint.Reaches(new("https://example.org/docs.example.com")))));
        Assert.Equal("allow", Name(rules.Judge("mcp__files__read", new Footprint.Foreign("files", "read", true))));
        Assert.Equal("deny", Name(rules.Judge("mcp__files__delete", new Footprint.Foreign("files", "delete", false))));
        Assert.Equal("ask", Name(rules.Judge("mcp__filesystem__read", new Footprint.Foreign("filesystem", "read", true))));
    }

    [Theory]
    [InlineData("Edit", "a.txt", true), InlineData("Edit", ".git/config", false), InlineData("Edit", "../outside/a", false), InlineData("Edit", "way/a", false)]
    [InlineData("Edit(**)", "a.txt", true), InlineData("Edit(**)", ".git/config", false), InlineData("Edit(/**)", ".git/config", false), InlineData("Edit(/**)", "/etc/hosts", true)]
    [InlineData("Edit(.git/**)", ".git/config", true), InlineData("Edit(./.mcp.json)", ".mcp.json", true), InlineData("Edit(.git/**)", ".mcp.json", false)]
    [InlineData("Read", "~/.ssh/id_rsa", false), InlineData("Read(~/**)", "~/.ssh/id_rsa", false), InlineData("Read(~/.ssh/*.pub)", "~/.ssh/a.pub", true), InlineData("Read(~/.ssh/*.pub)", "~/.ssh/a", false)]
    public void What_is_guarded_is_allowed_only_by_a_rule_that_names_it(string rule, string path, bool isAllowed)
    {
        using Scratch scratch = new();
        string project = scratch.Folder("project");
        Directory.CreateSymbolicLink(Path.Combine(project, "way"), scratch.Folder("outside"));
        Workspace workspace = new(project, scratch.Folder("scratch"));
        PermissionRules rules = new(workspace, Posture.Attended, [], [], [Rule.Parse(rule)]);
        string absolute = workspace.Absolute(path);
        Verdict verdict = rule.StartsWith("Read", StringComparison.Ordinal) ? rules.Judge("Read", new Footprint.Reads([absolute])) : rules.Judge("Write", new Footprint.Writes([absolute]));
        Assert.Equal(isAllowed ? "allow" : "ask", Name(verdict));
    }

    [Theory, InlineData("Grep"), InlineData("TodoWrite"), InlineData("Task"), InlineData("Python"), InlineData("WebFetch"), InlineData("Bash")]
    public void A_tool_can_be_denied_by_its_name(string tool)
    {
        using Scratch scratch = new();
        PermissionRules rules = new(new Workspace(scratch.Folder("project"), scratch.Folder("scratch")), Posture.Confined, deny: [Rule.Parse(tool)], ask: [], allow: []);
        Footprint footprint = tool switch
        {
            "Grep" => new Footprint.Reads([scratch.Folder("project")]), "Python" or "Bash" => new Footprint.Runs("ls"), "WebFetch" => new Footprint.Reaches(new("https://example.com")),
            _ => new Footprint.Nothing(),
        };
        Assert.Equal("deny", Name(rules.Judge(tool, footprint)));
    }

    static string Name(Verdict verdict) => verdict.GetType().Name.ToLowerInvariant();
}
