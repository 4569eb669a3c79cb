// Model files as users meet them: in the configuration, in the list, in `baltoro run`. The weights are random.

using System.Text.Json;
using Baltoro.Cli.Commands;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tests.Checkpoints;

namespace Baltoro.Cli.Tests.Commands;

public sealed class LocalCommandTests : IDisposable
{
    readonly CommandLine _line = new();

    public LocalCommandTests() =>
        // Nothing to think with, and room for the agent's prompt, byte by byte.
        RandomModel.Write(File, KnownShapes.Find("tiny", 1) with { Heads = 1, Context = 200_000 }, TensorType.Q8_0);

    public void Dispose() => _line.Dispose();

    string File => Path.Combine(_line.Folder, "tiny.gguf");

    // What random weights say may end the task, be nothing at all, reach the limit of steps, or call a command that nobody is there to allow.
    static void AssertEndedInOneOfItsWays(int code, string output, string error) =>
        Assert.True(code is ExitCodes.Ok or ExitCodes.Error or ExitCodes.OutOfBudget or ExitCodes.Blocked, $"{code} {output} {error}");

    [Fact]
    public void A_file_with_a_name_is_listed_with_its_own_window()
    {
        _line.Write("config/baltoro/config.json", $$"""{ "models": { "mine/tiny": { "upstream": "local", "model": "{{File}}", "as": "tiny" } } }""");
        var (code, output, error) = _line.Run(ModelsCommand.Create, "tiny", "--json");
        Assert.Equal((0, ""), (code, error));
        JsonElement model = JsonDocument.Parse(output).RootElement.GetProperty("models")[0];
        JsonElement place = model.GetProperty("at")[0];
        Assert.Equal(("mine/tiny", "local", 200_000, "kimi", true),
            (model.GetProperty("id").GetString(), place.GetProperty("upstream").GetString(), place.GetProperty("window").GetInt32(), place.GetProperty("dialect").GetString(), place.GetProperty("key").GetBoolean()));
    }

    [Fact]
    public void The_agent_asks_a_file_like_any_model()
    {
        var (code, output, error) = _line.Run(RunCommand.Create, "say hi", "--model", $"local:{File}", "--no-sandbox", "--max-steps", "2", "--output", "json");
        AssertEndedInOneOfItsWays(code, output, error);
        using JsonDocument result = JsonDocument.Parse(output);
        JsonElement usage = result.RootElement.GetProperty("usage");
        Assert.True(usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("cache_read_input_tokens").GetInt64() > 10_000, output);
    }

    [Fact]
    public void Packed_weights_that_cannot_be_kept_are_told_once_on_the_errors()
    {
        // What cannot be replaced by a file, even by those who may write everywhere.
        Directory.CreateDirectory(File + ".panels");
        var (code, output, error) = _line.Run(RunCommand.Create, "say hi", "--model", $"local:{File}", "--no-sandbox", "--max-steps", "2", "--output", "json");
        AssertEndedInOneOfItsWays(code, output, error);
        Assert.Single(error.Split('\n'), line => line.Contains(" ! ~/tiny.gguf: the packed weights are not kept, so that each start packs them anew: ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_agent_asks_a_checkpoint_s_folder_like_any_model()
    {
        string folder = Path.Combine(_line.Folder, "Kimi-K2.5");
        new RandomCheckpoint(Layers: 1, Heads: 1, Context: 200_000).Write(folder);
        var (code, output, error) = _line.Run(RunCommand.Create, "say hi", "--model", $"local:{folder}", "--no-sandbox", "--max-steps", "1", "--output", "json");
        AssertEndedInOneOfItsWays(code, output, error);
        using JsonDocument result = JsonDocument.Parse(output);
        JsonElement usage = result.RootElement.GetProperty("usage");
        Assert.True(usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("cache_read_input_tokens").GetInt64() > 5_000, output);
        Assert.True(System.IO.File.Exists(Path.Combine(folder, "model.panels")));
    }

    [Fact]
    public void What_a_run_has_read_the_next_one_does_not_read_again_where_the_configuration_keeps_it()
    {
        string folder = Path.Combine(_line.Folder, "Kimi-K2.5"), kept = Path.Combine(_line.Folder, "kept");
        new RandomCheckpoint(Layers: 1, Heads: 1, Context: 200_000).Write(folder);
        _line.Write("config/baltoro/config.json", $$"""{ "prefixes": { "folder": "{{kept}}", "gigabytes": 1 } }""");
        long first = Computed();
        string[] files = Directory.GetFiles(kept);
        Assert.True(first > 5_000 && files.Length > 20, $"{first} tokens, {files.Length} files");
        Assert.InRange(Computed(), 1, first / 4);

        // A file that is no longer what it was is told at the end.
        foreach (string file in files) System.IO.File.WriteAllBytes(file, []);
        var (_, _, error) = Run();
        Assert.Matches("(?m)^.*! ~/kept/[0-9a-f]{64}\\.prefix: has 0 bytes; [0-9]+ were expected\\. It is not used; its tokens are computed again\\.$", error);

        long Computed()
        {
            var (code, output, error) = Run();
            AssertEndedInOneOfItsWays(code, output, error);
            using JsonDocument result = JsonDocument.Parse(output);
            return result.RootElement.GetProperty("usage").GetProperty("input_tokens").GetInt64();
        }

        (int, string, string) Run() => _line.Run(RunCommand.Create, "say hi", "--model", $"local:{folder}", "--no-sandbox", "--max-steps", "1", "--output", "json");
    }

    [Fact]
    public void A_checkpoint_s_folder_is_verified_like_a_vendor()
    {
        string folder = Path.Combine(_line.Folder, "Kimi-K2.5");
        new RandomCheckpoint().Write(folder);
        _line.Write("config/baltoro/config.json", $$"""{ "models": { "mine/random": { "upstream": "local", "model": "{{folder}}", "as": "random", "output": 150 } } }""");
        // The output is no terminal; the errors are, and show how far it is.
        _line.ErrorColumns = 80;
        var (code, output, error) = _line.Run(Verify.Create, "random", "--json");
        Assert.True(code is 0 or 1, $"{code} {output} {error}");
        Assert.Contains(": 24 of 24 answered ", error, StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(output);
        int Of(string name) => report.RootElement.GetProperty(name).GetInt32();
        Assert.Equal((24, 0), (Of("requests"), Of("failed")));
        // Random weights call whatever they like, and cannot call it wrongly.
        Assert.Equal(Of("called"), Of("valid"));
        Assert.Equal(Of("cacheable"), Of("cached"));
    }

    [Fact]
    public void A_checkpoint_without_a_vocabulary_is_an_error_that_names_the_file()
    {
        string folder = Path.Combine(_line.Folder, "bare");
        new RandomCheckpoint(Layers: 1).Write(folder);
        System.IO.File.Delete(Path.Combine(folder, "tokenizer_config.json"));
        Assert.Equal((2, "", "local:~/bare: Could not find file '~/bare/tokenizer_config.json'.\n"), _line.Run(RunCommand.Create, "say hi", "--model", $"local:{folder}", "--no-sandbox"));
    }

    [Theory]
    [InlineData("none.gguf", "local:~/none.gguf: Could not find file '~/none.gguf'.\n")]
    [InlineData("junk.gguf", "local:~/junk.gguf: ~/junk.gguf: at byte 0: ")]
    public void A_file_that_is_none_is_an_error_in_a_line(string name, string problem)
    {
        _line.Write("junk.gguf", "no model at all");
        var (code, output, error) = _line.Run(RunCommand.Create, "say hi", "--model", $"local:{Path.Combine(_line.Folder, name)}", "--no-sandbox");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(problem, error, StringComparison.Ordinal);
    }
}
