// `baltoro bench` as a user meets it: arguments in; tables, JSON, progress, refusals and exit code out. What it measures is nobody's business here.

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Baltoro.Cli.Commands;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tests.Checkpoints;

namespace Baltoro.Cli.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    readonly CommandLine _line = new();

    public BenchCommandTests() => RandomModel.Write(File, KnownShapes.Find("tiny"), TensorType.Q4_0);

    public void Dispose() => _line.Dispose();

    string File => Path.Combine(_line.Folder, "tiny.gguf");

    [Theory]
    [InlineData("a file"), InlineData("a checkpoint's folder")]
    public void It_says_in_JSON_what_it_measured(string what)
    {
        string model = what == "a file" ? File : Path.Combine(_line.Folder, "kimi");
        if (what != "a file") new RandomCheckpoint().Write(model);
        var (code, output, error) = Bench(model, "--depths 0 64 --prompt 16 --tokens 2 --sessions 3 --json --no-cache");
        Assert.Equal((0, ""), (code, error));
        using JsonDocument json = JsonDocument.Parse(output);
        // Not all experts are of use to one token.
        Assert.InRange(json.RootElement.GetProperty("weight_bytes_per_token").GetInt64(), 1, json.RootElement.GetProperty("weight_bytes").GetInt64() - 1);
        Assert.Equal([(1, 0), (1, 64), (3, 0)], Runs(json).Select(run => (run.Sessions, run.Depth)));
        Assert.All(Runs(json), run => Assert.True(run.Speed > 0));
    }

    [Fact]
    public void Several_sessions_are_compared_with_one_with_nothing_in_the_cache_which_is_measured_for_that()
    {
        var (code, output, error) = Bench(File, "--depths 4096 --prompt 16 --tokens 2 --sessions 3 --json --no-cache");
        Assert.Equal((0, ""), (code, error));
        using JsonDocument json = JsonDocument.Parse(output);
        var runs = Runs(json);
        Assert.Equal([(1, 4096), (1, 0), (3, 0)], runs.Select(run => (run.Sessions, run.Depth)));
        Assert.Equal(runs.Select(run => (double?)(run.Speed / runs[1].Speed)), runs.Select(run => run.Times));
    }

    [Fact]
    public void Where_one_session_with_nothing_in_the_cache_is_not_measured_nothing_is_compared_with_it()
    {
        var (_, output, _) = Bench(File, "--depths 32 64 --prompt 0 --tokens 1 --sessions 0 --json --no-cache");
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal([(1, 32, null), (1, 64, null)], Runs(json).Select(run => (run.Sessions, run.Depth, run.Times)));
    }

    [Fact]
    public void The_table_has_a_row_for_each_run()
    {
        var (code, output, error) = Bench(File, "--depths 64 --prompt 16 --tokens 2 --sessions 3 --threads 1 --no-cache");
        Assert.Equal((0, ""), (code, error));
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Matches("^[a-z0-9]+, 1 threads, 0\\.00 GB of weights, 0\\.00[0-9] GB of them for a token$", lines[0]);
        Assert.Equal("sessions  depth prompt tok/s GOP/s a core  tokens/s ms a token of reading of one's  at most", lines[2]);
        string[][] rows = [.. lines[3..].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        // Of one session there is no most; of a run without a prompt no speed of one.
        Assert.Equal([("1", "64", 8), ("1", "0", 6), ("3", "0", 7)], rows.Select(row => (row[0], row[1], row.Length)));
        Assert.Equal(Number(rows[2][2]) / Number(rows[1][2]), Number(rows[2][5]), 0.01);
    }

    [Theory]
    [InlineData("--sessions 33", "--sessions: found 33, expected a whole number from 0 to 32, which is what one pass over the weights has room for")]
    [InlineData("--sessions -1", "--sessions: found -1, expected a whole number from 0 to 32, which is what one pass over the weights has room for")]
    [InlineData("--depths 0 -1", "--depths: found -1, expected whole numbers from 0")]
    [InlineData("--prompt -1", "--prompt: found -1, expected a whole number from 0")]
    [InlineData("--tokens 0", "--tokens: found 0, expected a whole number from 1")]
    [InlineData("--threads 0", "--threads: found 0, expected a whole number from 1 to 1024")]
    public void What_no_machine_can_measure_is_refused_before_the_file_is_looked_at(string arguments, string problem) =>
        Assert.Equal((2, "", $"{problem}\n"), Bench(Path.Combine(_line.Folder, "none.gguf"), arguments));

    [Theory]
    // Of 4 GiB: 223,696 pages of 19,200 bytes, for 32 tokens each.
    [InlineData("--depths 0 7157761", "--depths: found 7157761, expected at most 7157760: the cache has memory for 7158272 tokens, those behind the depth among them")]
    [InlineData("--prompt 7158273", "--prompt: found 7158273, expected at most 7158272: the cache has no memory for more")]
    [InlineData("--tokens 2147483647", "--tokens: found 2147483647, expected at most 894781: the cache has memory for 7158272 tokens of all sessions together")]
    public void What_the_cache_has_no_memory_for_is_refused_before_the_weights_are_packed(string arguments, string problem)
    {
        Assert.Equal((2, "", $"{problem}\n"), Bench(File, arguments));
        Assert.False(System.IO.File.Exists(File + ".panels"));
    }

    [Fact]
    public void A_person_who_sends_the_output_elsewhere_sees_from_the_beginning_how_far_it_is_in_small_steps()
    {
        _line.ErrorColumns = 40;
        var (code, output, error) = Bench(File, "--depths 0 --prompt 16 --tokens 20 --sessions 2 --json");
        Assert.Equal(0, code);
        using JsonDocument json = JsonDocument.Parse(output);
        string[] shown = error.Split('\r');
        Assert.All(shown, line => Assert.InRange(line.Length, 0, 39));
        string[] measuring = [.. shown.Where(line => line.StartsWith("measuring ", StringComparison.Ordinal))];
        Assert.Equal("measuring  [....................]   0 %", measuring[0]);
        Assert.Equal("measuring  [####################] 100 %", measuring[^1]);
        // Four prompts and 23 tokens of one session, 23 of two.
        Assert.Equal(51, measuring.Length);
        Assert.Equal(["                                       ", ""], shown[^2..]);
    }

    [Fact]
    public void On_a_terminal_that_shows_both_the_progress_is_gone_before_the_table_comes()
    {
        _line.ErrorColumns = 80;
        StringWriter screen = new() { NewLine = "\n" };
        string[] arguments = ["--model", File, .. "--depths 0 --prompt 0 --tokens 1 --sessions 0 --threads 1 --no-cache".Split(' ')];
        Assert.Equal(0, BenchCommand.Create(() => _line.Surroundings).Parse(arguments).Invoke(new InvocationConfiguration { Output = screen, Error = screen }));
        Assert.Matches("\rmeasuring  \\[#{30}\\] 100 %\r {49}\r[a-z0-9]+, 1 threads, [^\r]*$", $"{screen}");
    }

    [Fact]
    public void Weights_that_cannot_be_kept_are_told_on_a_line_of_their_own()
    {
        // What cannot be replaced by a file, even by those who may write everywhere.
        Directory.CreateDirectory(File + ".panels");
        _line.ErrorColumns = 80;
        var (code, _, error) = Bench(File, "--depths 0 --prompt 0 --tokens 1 --sessions 0");
        Assert.Equal(0, code);
        Assert.Single(error.Split('\r'), line => line.StartsWith("The packed weights are not kept: ", StringComparison.Ordinal) && line.EndsWith('\n'));
    }

    [Theory]
    [InlineData("scalar", 0, "^scalar, ", "^$")]
    [InlineData("sse9", 2, "^$", "^BALTORO_SIMD: is \"sse9\"; this processor and build run ([a-z0-9]+, )*scalar\\.")]
    public async Task The_kernels_are_those_that_the_environment_names(string name, int code, string output, string error)
    {
        Dictionary<string, string> environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = _line.Folder, ["BALTORO_SIMD"] = name };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) environment["DOTNET_ROOT"] = dotnet;
        await using var process = ChildProcess.Start(GatewayProcess.Executable(), ["bench", "--model", File, .. "--depths 0 --prompt 0 --tokens 1 --sessions 0 --no-cache".Split(' ')], _line.Folder, environment);
        (int ended, string said) = await process.Finish(TimeSpan.FromMinutes(2));
        Assert.Equal(code, ended);
        Assert.Matches(output, said);
        Assert.Matches(error, process.Errors);
    }

    (int Code, string Output, string Error) Bench(string model, string arguments) => _line.Run(BenchCommand.Create, ["--model", model, .. arguments.Split(' ')]);

    static (int Sessions, int Depth, double Speed, double? Times)[] Runs(JsonDocument json) =>
    [
        .. json.RootElement.GetProperty("runs").EnumerateArray().Select(run => (run.GetProperty("sessions").GetInt32(), run.GetProperty("depth").GetInt32(), run.GetProperty("tokens_per_second").GetDouble(),
            run.TryGetProperty("times_one_session", out JsonElement times) ? times.GetDouble() : (double?)null)),
    ];

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
