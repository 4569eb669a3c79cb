// A ledger of a million rows: how long it takes to write them, and how long `baltoro cost` takes to answer, from the process's start to its end;
// against the same process doing nothing, and against summing up the rows themselves, in turns in the same run.

using System.Diagnostics;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;
using Microsoft.Data.Sqlite;

namespace Baltoro.Books;

static class Questions
{
    const int Batch = 1000, Days = 90, RequestsOfASession = 120;

    static readonly string[] Models = ["moonshotai/kimi-k2-thinking", "zai/glm-5.3", "deepseek/deepseek-v4-pro", "anthropic/claude-sonnet-5.5", "anthropic/claude-haiku-5.5", "openai/gpt-5.5"];
    static readonly string[] Upstreams = ["novita", "zai", "deepseek", "anthropic", "openrouter"];

    public static async Task Measure(TextWriter output, string folder, string[] executables, int rows, int runs, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, ".local", "state", "baltoro", "ledger.db");
        await using (ILedgerStore store = Ledgers.At(file))
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
            for (int first = 0; first < rows; first += Batch) await store.Append([.. Enumerable.Range(first, Math.Min(Batch, rows - first)).Select(Row)], cancellation);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            output.WriteLine($"{rows:N0} rows written in batches of {Batch}: {took.TotalSeconds:0.0} s, {took.TotalMicroseconds / rows:0.0} µs a row, {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds / rows:0.0} µs of processor time; {new FileInfo(file).Length / 1_000_000} MB.");
            output.WriteLine();
        }
        output.WriteLine($"| question to {rows:N0} rows | least ms | median ms | to the same process saying its version |");
        output.WriteLine("|---|--:|--:|--:|");
        foreach (string executable in executables)
        {
            string build = executable.Contains("publish", StringComparison.Ordinal) ? "native" : "JIT";
            string[][] questions = [["--version"], ["cost", "--by", "day"], ["cost", "--by", "model"], ["cost", "--by", "session", "--csv"], ["cost", "--by", "model", "--since", "7d"], ["cost", "--by", "model", "--compare", "sonnet"], ["cost", "--by", "model", "--compare", "haiku"]];
            double[][] times = [.. questions.Select(_ => new double[runs])];
            for (int run = -2; run < runs; run++)
                for (int question = 0; question < questions.Length; question++)
                {
                    double took = await Run(executable, questions[question], folder, cancellation);
                    if (run >= 0) times[question][run] = took;
                }
            foreach (double[] each in times) Array.Sort(each);
            for (int question = 0; question < questions.Length; question++)
                output.WriteLine($"| {build}: `baltoro {string.Join(' ', questions[question])}` | {times[question][0]:0} | {times[question][runs / 2]:0} | {times[question][runs / 2] / times[0][runs / 2]:0.0} |");
        }
        foreach (string column in (string[])["day", "model"])
        {
            double[] times = [.. Enumerable.Range(0, Math.Min(runs, 5)).Select(_ => FromRows(file, column)).Order()];
            output.WriteLine($"| for comparison, SQL over the rows themselves by {column} | {times[0]:0} | {times[times.Length / 2]:0} | |");
        }
    }

    static LedgerRow Row(int number)
    {
        int session = number / RequestsOfASession, model = session % Models.Length;
        Usage usage = new() { Input = 500 + number % 3000, CacheRead = number % RequestsOfASession * 800, Output = 100 + number % 900, Reasoning = number % 90 };
        long cost = usage.Input * 600 + usage.CacheRead * 150 + usage.Output * 2500;
        return new()
        {
            Id = $"{number * 2654435761L % 1_000_000_007:x12}{number:x12}", At = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero).AddDays(-Days).AddSeconds((long)number * Days * 86_400 / 1_000_000),
            Format = "messages", Client = "claude-cli", Session = $"{session:x8}-0000-4000-8000-{session * 7919L:x12}", Agent = number % 5 == 0 ? $"agent-{session % 40}" : "",
            Asked = "baltoro", Model = Models[model], Upstream = Upstreams[model % Upstreams.Length], Usage = usage, Price = cost, Cost = cost, FirstToken = TimeSpan.FromMilliseconds(900),
            Took = TimeSpan.FromSeconds(9), Tries = 1, Outcome = "tool_use", Shares = [new(Upstreams[model % Upstreams.Length], Models[model], usage, cost, true, false)],
        };
    }

    /// <returns>Milliseconds from the start to the end, its output read.</returns>
    static async Task<double> Run(string executable, string[] arguments, string home, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home };
        start.Environment.Clear();
        (start.Environment["HOME"], start.Environment["PATH"]) = (home, "/usr/bin:/bin");
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) start.Environment["DOTNET_ROOT"] = dotnet;
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string said = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return process.ExitCode == 0 && said.Length > 0 ? took : throw new InvalidOperationException($"{executable} {string.Join(' ', arguments)}: {await process.StandardError.ReadToEndAsync(cancellation)}");
    }

    static double FromRows(string file, string column)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Words of this file.
        command.CommandText = $"SELECT {column}, COUNT(*), SUM(input), SUM(cache_read), SUM(cache_write), SUM(output), SUM(cost) FROM requests GROUP BY {column}";
#pragma warning restore CA2100
        long start = Stopwatch.GetTimestamp();
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) { }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
