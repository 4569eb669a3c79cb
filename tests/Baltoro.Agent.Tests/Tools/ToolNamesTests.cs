// The tools as models know them from Claude Code: names and parameters, which of them must be given, and where their prompts lie.

using System.Text.Json;
using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Tests.Tools;

public class ToolNamesTests
{
    /// <summary>What must be given stands without a question mark. Of Claude Code's own, read off its SDK's types (0.3.332); BashOutput and KillShell are those of version 1. Python is ours.</summary>
    static readonly string[] Known =
    [
        "Read: file_path offset? limit?",
        "Write: file_path content",
        "Edit: file_path old_string new_string replace_all?",
        "Bash: command timeout? description? run_in_background?",
        "BashOutput: bash_id filter?",
        "KillShell: shell_id",
        "Glob: pattern path?",
        "Grep: pattern path? glob? output_mode? -B? -A? -C? -n? -i? type? head_limit? offset? multiline?",
        "TodoWrite: todos",
        "WebFetch: url prompt?",
    ];

    [Fact]
    public async Task Each_has_the_parameters_that_models_know()
    {
        await using Desk desk = new();
        Assert.Equal(Known.Select(Sorted), desk.Tools.Where(tool => tool.Spec.Name != "Python").Select(tool =>
        {
            JsonElement schema = tool.Spec.Schema.Parse().RootElement;
            string[] required = schema.TryGetProperty("required", out JsonElement names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
            return Sorted($"{tool.Spec.Name}: {string.Join(' ', schema.GetProperty("properties").EnumerateObject().Select(member => required.Contains(member.Name) ? member.Name : $"{member.Name}?"))}");
        }));

        static string Sorted(string line) => line.Split(": ") is [var name, var members] ? $"{name}: {string.Join(' ', members.Split(' ').Order(StringComparer.Ordinal))}" : line;
    }

    [Fact]
    public async Task Each_prompt_is_a_file_beside_its_tool()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Baltoro.slnx"))) root = Path.GetDirectoryName(root)!;
        await using Desk desk = new();
        foreach (ITool tool in desk.Tools)
        {
            string source = Path.Combine(root, "src", "Baltoro.Agent", "Tools", tool.Spec.Name);
            Assert.True(File.Exists($"{source}.cs"), source);
            Assert.Equal((await File.ReadAllTextAsync($"{source}.md", TestContext.Current.CancellationToken)).Trim(), tool.Spec.Description?.Trim());
        }
    }
}
