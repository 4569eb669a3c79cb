// The arrows between projects, as the compiler saw them.

using System.Reflection;

namespace Baltoro.Cli.Tests.Architecture;

public class DependencyRules
{
    [Theory]
    [InlineData("Baltoro.Chat")]
    [InlineData("Baltoro.Engine")]
    [InlineData("Baltoro.Models", "Baltoro.Chat", "Baltoro.Engine")]
    [InlineData("Baltoro.Gateway", "Baltoro.Chat")]
    [InlineData("Baltoro.Agent", "Baltoro.Chat")]
    [InlineData("baltoro", "Baltoro.Agent", "Baltoro.Chat", "Baltoro.Engine", "Baltoro.Gateway", "Baltoro.Models", "Baltoro.Worlds")]
    [InlineData("Baltoro.Worlds")]
    public void A_project_knows_only_the_projects_that_the_architecture_allows(string project, params string[] allowed) =>
        Assert.Empty(References(project).Where(name => name.StartsWith("Baltoro", StringComparison.OrdinalIgnoreCase)).Except(allowed));

    [Fact]
    public void Chat_knows_no_sockets_no_files_no_processes_no_console_and_no_logging() =>
        Assert.All(References("Baltoro.Chat"), name => Assert.Contains(name, (string[])
        [
            "System.Runtime", "System.Collections", "System.Collections.Immutable", "System.Linq", "System.Memory",
            "System.Text.Json", "System.Text.RegularExpressions", "System.Text.Encodings.Web", "System.Text.Encoding.Extensions", "System.Runtime.InteropServices",
        ]));

    [Fact]
    public void The_engine_knows_nothing_but_the_platform() =>
        Assert.All(References("Baltoro.Engine"), name => Assert.StartsWith("System.", name));

    [Fact]
    public void Models_knows_no_web_server() =>
        Assert.DoesNotContain(References("Baltoro.Models"), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void The_gateway_makes_no_requests_of_its_own() =>
        Assert.DoesNotContain(References("Baltoro.Gateway"), name => name is "System.Net.Http");

    static IEnumerable<string> References(string assembly) => Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!);
}
