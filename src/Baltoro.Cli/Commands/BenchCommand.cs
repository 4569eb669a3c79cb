// `baltoro bench`: how fast a model file runs here, beside how fast memory can be read here. It asks no upstream, and does not know how times are taken.

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Baltoro.Engine;

namespace Baltoro.Cli.Commands;

static class BenchCommand
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Option<string> model = EngineCommand.ModelOption();
        Option<int[]> depths = new("--depths") { Description = "Tokens that are in the cache before.", DefaultValueFactory = _ => [0, 4096, 16_384], AllowMultipleArgumentsPerToken = true, HelpName = "N" };
        Option<int> prompt = new("--prompt") { Description = "Tokens of the prompt; 0 for none.", DefaultValueFactory = _ => 512, HelpName = "N" };
        Option<int> tokens = new("--tokens") { Description = "Tokens that are generated.", DefaultValueFactory = _ => 24, HelpName = "N" };
        Option<int> sessions = new("--sessions") { Description = $"Sessions that are generated for together, in a run of its own at depth 0; 0 for none, {Model.MostTogether} at most.", DefaultValueFactory = _ => 8, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("bench", "Measure how fast a local model runs on this machine.") { model, depths, prompt, tokens, sessions, EngineCommand.ThreadsOption, EngineCommand.NoCacheOption, json };
        command.SetAction((parsed, cancellation) => Task.Run(() => EngineCommand.Guarded(parsed, () =>
        {
            using ProgressLine progress = new(look(), parsed);
            string path = parsed.GetValue(model)!;
            BenchOrder order = new(parsed.GetValue(depths)!, parsed.GetValue(prompt), parsed.GetValue(tokens), parsed.GetValue(sessions));
            ModelOptions options = EngineCommand.Options(parsed, path);
            order.Check();
            order.CheckMemory(Model.CacheTokensOf(path, options));
            // What a shape was made for is no limit to measuring it.
            using Model opened = EngineCommand.Open(path, options with { BeyondContext = true, Context = order.Longest }, progress, cancellation);
            Measured measured = new Bench(opened, order, progress.Of("measuring"), cancellation).Run();
            progress.Erase();
            if (parsed.GetValue(json)) WriteJson(parsed.InvocationConfiguration.Output, opened, measured);
            else WriteTable(parsed.InvocationConfiguration.Output, opened, measured);
        }), cancellation));
        return command;
    }

    static void WriteTable(TextWriter output, Model model, Measured measured)
    {
        Line($"{model.Simd}, {model.Threads} threads, {model.WeightBytes / 1e9:0.00} GB of weights, {model.WeightBytesOfToken / 1e9:0.000} GB of them for a token");
        Line($"memory is read at {measured.Reading / 1e9:0.0} GB/s");
        Line($"{"sessions",8} {"depth",6} {"prompt tok/s",12} {"GOP/s a core",12} {"tokens/s",9} {"ms a token",10} {"of reading",10} {"of one's",8} {"at most",8}");
        foreach (BenchRun run in measured.Runs)
            Line($"{run.Sessions,8} {run.Depth,6} {(run.Prompt > 0 ? run.Prompt.ToString("0.0", CultureInfo.InvariantCulture) : ""),12} {(run.Prompt > 0 ? (run.Prompt * model.OperationsOfToken / 1e9 / model.Threads).ToString("0", CultureInfo.InvariantCulture) : ""),12} {run.TokensPerSecond,9:0.0} {run.Step * 1e3,10:0.0} {run.Read / run.Step / measured.Reading,10:0.00} {measured.OfOnes(run)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",8} {(run.Sessions > 1 ? run.AtMost(model).ToString("0.00", CultureInfo.InvariantCulture) : ""),8}");

        void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    static void WriteJson(TextWriter output, Model model, Measured measured)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("kernels", model.Simd);
            json.WriteNumber("threads", model.Threads);
            json.WriteNumber("weight_bytes", model.WeightBytes);
            json.WriteNumber("weight_bytes_per_token", model.WeightBytesOfToken);
            json.WriteNumber("operations_per_token", model.OperationsOfToken);
            json.WriteNumber("read_bytes_per_second", measured.Reading);
            json.WriteStartArray("runs");
            foreach (BenchRun run in measured.Runs)
            {
                json.WriteStartObject();
                json.WriteNumber("sessions", run.Sessions);
                json.WriteNumber("depth", run.Depth);
                if (run.Prompt > 0) json.WriteNumber("prompt_tokens_per_second", run.Prompt);
                json.WriteNumber("tokens_per_second", run.TokensPerSecond);
                json.WriteNumber("milliseconds", run.Step * 1e3);
                json.WriteNumber("weight_bytes", run.Read);
                json.WriteNumber("share_of_reading", run.Read / run.Step / measured.Reading);
                if (measured.OfOnes(run) is { } times) json.WriteNumber("times_one_session", times);
                if (run.Sessions > 1) json.WriteNumber("most_times_one_session", run.AtMost(model));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
