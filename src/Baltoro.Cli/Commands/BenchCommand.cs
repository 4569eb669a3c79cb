// `baltoro bench`: how fast a model file runs here, beside how fast memory can be read here. It asks no upstream.

using System.CommandLine;
using System.Diagnostics;
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
        Option<int> prompt = new("--prompt") { Description = "Tokens of the prompt.", DefaultValueFactory = _ => 512, HelpName = "N" };
        Option<int> tokens = new("--tokens") { Description = "Tokens that are generated.", DefaultValueFactory = _ => 24, HelpName = "N" };
        Option<int> sessions = new("--sessions") { Description = "Sessions that are generated for together, in a run of its own; 0 for none.", DefaultValueFactory = _ => 8, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("bench", "Measure how fast a local model runs on this machine.") { model, depths, prompt, tokens, sessions, EngineCommand.ThreadsOption, EngineCommand.NoCacheOption, json };
        command.SetAction((parsed, cancellation) => Task.Run(() => EngineCommand.Guarded(parsed, () =>
        {
            using ProgressLine progress = new(look(), parsed);
            // What a shape was made for is no limit to measuring it.
            string path = parsed.GetValue(model)!;
            ModelOptions options = EngineCommand.Options(parsed, path) with { BeyondContext = true, Context = parsed.GetValue(depths)!.Append(0).Max() + parsed.GetValue(prompt) + parsed.GetValue(tokens) + 64 };
            using Model opened = EngineCommand.Open(parsed, path, options, progress, cancellation);
            Bench bench = new(opened, parsed.GetValue(prompt), parsed.GetValue(tokens), cancellation);
            Measured measured = bench.Run(parsed.GetValue(depths)!, parsed.GetValue(sessions), progress.Of("measuring"));
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
        double one = measured.Runs[0].Step;
        foreach (Run run in measured.Runs)
            Line($"{run.Sessions,8} {run.Depth,6} {(run.Prompt > 0 ? run.Prompt.ToString("0.0", CultureInfo.InvariantCulture) : ""),12} {(run.Prompt > 0 ? (run.Prompt * model.OperationsOfToken / 1e9 / model.Threads).ToString("0", CultureInfo.InvariantCulture) : ""),12} {run.Sessions / run.Step,9:0.0} {run.Step * 1e3,10:0.0} {run.Read / run.Step / measured.Reading,10:0.00} {run.Sessions * one / run.Step,8:0.00} {(run.Sessions > 1 ? run.AtMost(model).ToString("0.00", CultureInfo.InvariantCulture) : ""),8}");

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
            foreach (Run run in measured.Runs)
            {
                json.WriteStartObject();
                json.WriteNumber("sessions", run.Sessions);
                json.WriteNumber("depth", run.Depth);
                if (run.Prompt > 0) json.WriteNumber("prompt_tokens_per_second", run.Prompt);
                json.WriteNumber("tokens_per_second", run.Sessions / run.Step);
                json.WriteNumber("milliseconds", run.Step * 1e3);
                json.WriteNumber("weight_bytes", run.Read);
                json.WriteNumber("share_of_reading", run.Read / run.Step / measured.Reading);
                if (run.Sessions > 1) json.WriteNumber("most_times_one_session", run.AtMost(model));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <param name="Prompt">Tokens of a prompt in a second; 0 where it was not measured.</param>
    /// <param name="Step">Seconds for one more token of every session.</param>
    /// <param name="Read">Bytes of weights that it read.</param>
    sealed record Run(int Sessions, int Depth, double Prompt, double Step, long Read)
    {
        /// <summary>By how much the tokens per second can exceed one session's, if both take no longer than reading their weights: sessions share all but their experts.</summary>
        public double AtMost(Model model) => Sessions * (double)model.WeightBytesOfToken / Read;
    }

    /// <param name="Reading">Bytes per second, the best of several readings between the runs.</param>
    sealed record Measured(double Reading, IReadOnlyList<Run> Runs);

    /// <summary>Takes the best of several times, because other programs can only make it slower.</summary>
    sealed class Bench(Model model, int prompt, int tokens, CancellationToken cancellation)
    {
        readonly float[] _logits = new float[model.Shape.Vocabulary];
        double _reading;

        public Measured Run(int[] depths, int sessions, IProgress<double>? progress)
        {
            List<Run> runs = [];
            foreach (int depth in depths)
            {
                double text = Prompt(depth);
                var (step, bytes) = Step(depth, 1);
                runs.Add(new(1, depth, text, step, bytes));
                progress?.Report((double)runs.Count / (depths.Length + 1));
            }
            if (sessions > 0)
            {
                var (step, bytes) = Step(0, sessions);
                runs.Add(new(sessions, 0, 0, step, bytes));
            }
            return new(_reading, runs);
        }

        double Prompt(int depth)
        {
            if (prompt == 0) return 0;
            int[] text = [.. Enumerable.Range(0, prompt).Select(i => i * 37 % model.Shape.Vocabulary)];
            double best = double.PositiveInfinity;
            for (int i = 0; i < 4; i++)
            {
                using Session session = model.BeginAt(depth);
                long began = Stopwatch.GetTimestamp();
                session.Evaluate(text, _logits, cancellation);
                best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
            }
            return prompt / best;
        }

        (double Seconds, long Read) Step(int depth, int sessions)
        {
            Session[] open = [.. Enumerable.Range(0, sessions).Select(_ => model.BeginAt(depth))];
            int[] next = new int[sessions];
            float[] logits = new float[sessions * model.Shape.Vocabulary];
            (double Seconds, long Read) best = (double.PositiveInfinity, 0);
            for (int i = 0; i < tokens + 3; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (i % 4 == 0) _reading = Math.Max(_reading, model.MeasureReading(1L << 30));
                for (int s = 0; s < sessions; s++) next[s] = (i * 7919 + s * 104_729) % model.Shape.Vocabulary;
                long began = Stopwatch.GetTimestamp();
                model.Step(open, next, logits);
                if (Stopwatch.GetElapsedTime(began).TotalSeconds is var seconds && seconds < best.Seconds) best = (seconds, model.WeightBytesOfLastPass);
            }
            foreach (Session session in open) session.Dispose();
            return best;
        }
    }
}
