// `baltoro engine` as a user meets it: arguments in, text, files and exit code out.

using System.CommandLine;
using Baltoro.Cli.Commands;
using Baltoro.Engine.Tests.Checkpoints;
using Baltoro.Models;

namespace Baltoro.Cli.Tests.Commands;

public sealed class EngineCommandTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("baltoro-").FullName;

    public EngineCommandTests() => Assert.Equal((0, "", ""), Engine($"random --shape tiny --type q4_0 --out {Model}"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Model => Path.Combine(_folder, "tiny.gguf");

    [Fact]
    public void Info_lists_keys_and_types()
    {
        var (code, output, error) = Engine($"info {Model}");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("general.architecture = \"deepseek2\"\n", output);
        Assert.Contains("deepseek2.expert_count = 8\n", output);
        Assert.Matches("\nQ4_0  +35 tensors +0\\.001 GB\n", output);
    }

    [Fact]
    public void A_checkpoint_s_folder_is_told_and_run_like_a_file()
    {
        string folder = Path.Combine(_folder, "kimi"), logits = Path.Combine(_folder, "logits");
        new RandomCheckpoint().Write(folder);
        var (code, output, error) = Engine($"info {folder} --tensors");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("kv_lora_rank = 32\n", output);
        Assert.Matches("\nBF16 +", output);
        Assert.Contains("\nmodel.layers.1.mlp.experts.3.down_proj.weight_packed I32 [64, 4]\n", output);
        Assert.Equal((0, "", ""), Engine($"logits --model {folder} --tokens 1,2,3 --out {logits}"));
        Assert.Equal(3 * RandomCheckpoint.Vocabulary * 4, new FileInfo(logits).Length);
    }

    [Fact]
    public void Logits_are_a_row_of_the_vocabularys_size_for_each_token_the_same_from_memory_and_from_the_packed_file()
    {
        string memory = Path.Combine(_folder, "memory"), packed = Path.Combine(_folder, "packed");
        Assert.Equal((0, "", ""), Engine($"logits --model {Model} --tokens 1,2,3 --no-cache --out {memory}"));
        Assert.False(File.Exists(Model + ".panels"));
        Assert.Equal((0, "", ""), Engine($"logits --model {Model} --tokens 1,2,3 --out {packed}"));
        Assert.True(File.Exists(Model + ".panels"));
        Assert.Equal(3 * 512 * 4, new FileInfo(memory).Length);
        Assert.Equal(File.ReadAllBytes(memory), File.ReadAllBytes(packed));
    }

    [Theory]
    [InlineData("random --shape k3 --out x", "There is no shape \"k3\". There are moonlight, k2, glm-flash, tiny. (Parameter 'name')\n")]
    [InlineData("random --shape tiny --type q3 --out x", "There is no type \"q3\". There are F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K.\n")]
    [InlineData("logits --model MODEL --tokens 1,x --out OUT", "--tokens: \"x\" is no token number.\n")]
    [InlineData("logits --model MODEL --tokens 1,512 --out OUT", "512 is no token; 0 to 511 was expected. (Parameter 'tokens')\n")]
    [InlineData("logits --model MODEL --tokens , --out OUT", "--tokens: there is none.\n")]
    [InlineData("logits --model NONE/x.gguf --threads 0 --tokens 1 --out OUT", "--threads: found 0, expected a whole number from 1 to 1024\n")]
    [InlineData("logits --model NONE/x.gguf --tokens 1 --out OUT", "Could not find a part of the path 'NONE/x.gguf'.\n")]
    [InlineData("info NONE/x.gguf", "Could not find a part of the path 'NONE/x.gguf'.\n")]
    [InlineData("info JUNK", "JUNK: at byte 0: magic: is 0x6d206f6e; \"GGUF\" was expected\n")]
    public void What_makes_no_sense_is_said_in_a_line(string arguments, string problem)
    {
        File.WriteAllText(Path.Combine(_folder, "junk"), "no model");
        Assert.Equal((2, "", Placed(problem)), Engine(Placed(arguments)));
        Assert.False(File.Exists(Path.Combine(_folder, "y")));

        string Placed(string text) => text.Replace("OUT", Path.Combine(_folder, "y"), StringComparison.Ordinal).Replace("MODEL", Model, StringComparison.Ordinal).Replace("JUNK", Path.Combine(_folder, "junk"), StringComparison.Ordinal).Replace("NONE", Path.Combine(_folder, "none"), StringComparison.Ordinal);
    }

    (int Code, string Output, string Error) Engine(string arguments) => Run(EngineCommand.Create(Around), arguments);

    Surroundings Around() => new() { Environment = new Dictionary<string, string>(), Folder = _folder, Platform = Platform.Linux, Today = new(2026, 11, 24) };

    static (int Code, string Output, string Error) Run(Command command, string arguments)
    {
        StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = command.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, $"{output}", $"{error}");
    }
}
