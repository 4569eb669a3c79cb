// What the README says, held against the program.

using System.Text.RegularExpressions;
using Baltoro.Models;

namespace Baltoro.Cli.Tests.Architecture;

public partial class Readme
{
    static readonly string Root = SourceRules.Root;

    static readonly string Text = File.ReadAllText(Path.Combine(Root, "README.md"));

    [Fact]
    public void Each_configuration_that_it_shows_is_valid()
    {
        string[] examples = [.. Blocks("jsonc")];
        Assert.Contains(examples, example => example.Contains("\"upstreams\"", StringComparison.Ordinal));
        Assert.All(examples, example => Assert.IsType<Configuration.Valid>(
            Configuration.Read(new() { User = new("README.md", example), Environment = new Dictionary<string, string> { ["LAB_KEY"] = "k" } })));
    }

    [Fact]
    public void Each_key_that_it_names_opens_an_upstream_and_none_is_left_out()
    {
        string[] named = [.. KeyRow().Matches(Text).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        string[] known = [.. Known().Upstreams.Select(upstream => upstream.Key).OfType<Key.Missing>().Select(key => key.Variable).Order(StringComparer.Ordinal)];
        Assert.Equal(known, named);
    }

    [Theory]
    [InlineData("kimi"), InlineData("glm"), InlineData("claude"), InlineData("zai/glm-5.2"), InlineData("novita:moonshotai/kimi-k2-thinking"), InlineData("baltoro")]
    public void Each_model_that_it_names_is_found(string name)
    {
        Assert.Contains(name, Text);
        Assert.IsType<Lookup<Target>.Found>(Known().Models.Find(name));
    }

    [Fact, Trait("row", "9")]
    public void The_windows_that_it_tells_the_client_are_the_catalogues()
    {
        ModelWindow("kimi", 262_144);
        ModelWindow("glm", 1_000_000);

        static void ModelWindow(string name, int window)
        {
            Assert.Contains($"ANTHROPIC_MODEL={name} ", Text);
            Assert.Contains($"CLAUDE_CODE_MAX_CONTEXT_TOKENS={window}", Text);
            Assert.Equal(window, Assert.IsType<Lookup<Target>.Found>(Known().Models.Find(name)).Value.Card.Window);
        }
    }

    [Fact]
    public void Its_test_command_is_the_one_that_CI_runs()
    {
        Assert.Contains("dotnet test -c Release", Block("sh"));
        Assert.Contains("dotnet test -c Release", File.ReadAllText(Path.Combine(Root, ".ci", "run")));
    }

    static Settings Known() => Assert.IsType<Configuration.Valid>(Configuration.Read(new())).Settings;

    /// <summary>The first code block of a language.</summary>
    static string Block(string language) => Blocks(language).First();

    static IEnumerable<string> Blocks(string language) => Regex.Matches(Text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\| `([A-Z_]+_KEY)` \|", RegexOptions.Multiline)]
    private static partial Regex KeyRow();
}
