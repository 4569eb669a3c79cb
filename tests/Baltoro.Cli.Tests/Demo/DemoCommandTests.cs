// `baltoro demo` as a user meets it, with the weights in the box and with none in them; and what works where there is no key.

using Baltoro.Cli.Commands;
using Baltoro.Cli.Demo;
using Baltoro.Cli.Tests.Commands;
using Baltoro.Engine.Gguf;

namespace Baltoro.Cli.Tests.Demo;

public sealed class DemoCommandTests : IDisposable
{
    readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    static string Weights => Path.Combine(AppContext.BaseDirectory, "piolet.gguf");

    /// <summary>Some of the nine tenths that the weights do; what they do not stands in bench/results/piolet.md.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(12)]
    public void A_trail_that_it_walks_rightly_ends_with_a_check_and_code_zero(int seed)
    {
        (int code, string output, _) = _line.Run(DemoCommand.Create, "--seed", $"{seed}");
        Assert.Equal(0, code);
        Assert.Contains("\ncheck: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void With_every_weight_zero_it_fails_for_nothing_in_it_is_scripted()
    {
        string zero = Path.Combine(_line.Folder, "zero.gguf");
        File.Copy(Weights, zero);
        using (FileStream stream = new(zero, FileMode.Open))
        using (GgufFile file = GgufFile.Open(Weights))
        {
            foreach (GgufTensor tensor in file.Tensors.Values)
            {
                stream.Position = tensor.Offset;
                stream.Write(new byte[tensor.Bytes]);
            }
        }
        (int code, string output, _) = _line.Run(DemoCommand.Create, "--fast", "--seed", "1", "--model", zero);
        Assert.Equal(1, code);
        Assert.Contains("check: optimizer.log is missing.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_line_fits_a_screen_of_sixty_columns_and_the_model_is_seen_thinking_and_calling()
    {
        _line.Width = 60;
        (_, string output, _) = _line.Run(DemoCommand.Create, "--fast", "--seed", "1");
        string[] lines = output.Split('\n').Select(line => line.Split("\r\e[K")[^1]).ToArray();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 60));
        Assert.Contains("    1 place? start prairie_gal… Read prairie_gallery.yaml", lines);
        Assert.Contains(lines, line => line.StartsWith("check: ", StringComparison.Ordinal));
        Assert.Contains(output.Split('\n'), line => line.Contains(" step 1 of 12 · ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_recording_is_text_and_a_picture_of_what_was_shown()
    {
        string record = Path.Combine(_line.Folder, "record");
        (_, string output, _) = _line.Run(DemoCommand.Create, "--fast", "--seed", "1", "--record", record);
        Assert.Equal(output, File.ReadAllText($"{record}.txt"));
        Assert.StartsWith("<svg ", File.ReadAllText($"{record}.svg"), StringComparison.Ordinal);
        Assert.Contains("Read prairie_gallery.yaml", File.ReadAllText($"{record}.svg"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--steps: found 1, expected a number from 2 to 10000", "--steps", "1")]
    [InlineData("--temperature: found 3, expected a number from 0 to 2", "--temperature", "3")]
    public void What_makes_no_sense_is_said(string problem, params string[] arguments)
    {
        (int code, _, string error) = _line.Run(DemoCommand.Create, arguments);
        Assert.NotEqual(0, code);
        Assert.StartsWith(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_the_model_in_the_box_does_what_it_can_and_says_so()
    {
        _line.Write("fern.md", "next: moss.txt");
        _line.Write("moss.txt", "the code word is amber");
        (_, _, string error) = _line.Run(RunCommand.Create, "Start at fern.md and follow the trail. Write the code word at its end to answer.txt", "--max-steps", "8");
        Assert.Contains($"There is no key, so the model in the box works: {Piolet.Name}. {Piolet.Skills}\n", error, StringComparison.Ordinal);
        Assert.Contains("   1  Read fern.md  [", error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_key_or_a_choice_it_stays_in_the_box()
    {
        _line.Write("config/baltoro/config.json", """{"default": "glm"}""");
        (int code, _, string error) = _line.Run(RunCommand.Create, "say hi");
        Assert.Equal((2, "There is no key for zai/glm-5.3 at zai: set ZAI_API_KEY, or choose another model with --model (`baltoro models` lists them).\n"), (code, error));
    }
}
