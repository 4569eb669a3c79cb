// The results as Markdown; it refuses to know how they were measured.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Baltoro.Load;

sealed class Report(TextWriter output)
{
    const double MB = 1024 * 1024;

    public void Heading(string executable, string root)
    {
        bool native = !File.Exists(Path.ChangeExtension(executable, ".dll")) && !File.Exists(executable + ".dll");
        string cpu = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(": ")[1];
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        Write($"""
            ### {(native ? "Native" : "JIT")}: {cpu}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}

            Commit {Repository.Commit(root)}, {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC, load average before {load}.

            """);
    }

    public void Latencies(IReadOnlyList<Round> rounds)
    {
        Write($"""
            | requests | p50 direct | p50 | **added p50** | p99 direct | p99 | **added p99** | failed |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """);
        Row("streamed", round => round.Streamed);
        Row("whole", round => round.Whole);
        Write($"""

            Milliseconds; medians of {rounds.Count} rounds, in brackets the least and the most added of a round. {rounds.Sum(round => round.Streamed.Sorted.Length + round.Whole.Sorted.Length)} requests through
            the gateway; its processor time for one {Median(rounds, round => round.Processor.TotalMilliseconds):0.00} ms; 99 of 100 left the load maker within {Median(rounds, round => round.Late):0.0} ms of their time.

            """);

        void Row(string name, Func<Round, Times> of) => Write($"""
            | {name} | {Median(rounds, r => r.Direct.At(0.5)):0.00} | {Median(rounds, r => of(r).At(0.5)):0.00} | {Added(of, 0.5)} | {Median(rounds, r => r.Direct.At(0.99)):0.00} | {Median(rounds, r => of(r).At(0.99)):0.00} | {Added(of, 0.99)} | {rounds.Sum(r => of(r).Failed)} |
            """);

        string Added(Func<Round, Times> of, double quantile)
        {
            double[] added = [.. rounds.Select(round => of(round).At(quantile) - round.Direct.At(quantile)).Order()];
            return string.Create(CultureInfo.InvariantCulture, $"**{added[added.Length / 2]:0.00}** ({added[0]:0.00}–{added[^1]:0.00})");
        }
    }

    public void Memory(Residence memory) => Write($"""
        | resident memory of the gateway | MB |
        |---|--:|
        | started | {memory.Started / MB:0.0} |
        | with 1 idle stream | {memory.Before / MB:0.0} |
        | with {memory.Streams} idle streams | **{memory.With / MB:0.0}** |
        | for one more stream, KB | {(memory.With - memory.Before) / 1024.0 / Math.Max(1, memory.Streams - 1):0.0} |

        """);

    public void Turns(Task300 task)
    {
        Write($"""
            | turns | body at the end, KB | median ms | median ms direct | **added ms** |
            |---|--:|--:|--:|--:|
            """);
        foreach (TurnTime[] part in task.Turns.Chunk(Math.Max(1, task.Turns.Count / 3)))
            Write($"| {part[0].Turn}–{part[^1].Turn} | {part[^1].Bytes / 1024.0:0} | {Median(part, t => t.Gateway):0.00} | {Median(part, t => t.Direct):0.00} | {Median(part, t => t.Gateway - t.Direct):0.00} |");
        Write($"""

            The gateway's processor time for all {task.Turns.Count} turns: {task.Processor.TotalSeconds:0.00} s.
            """);
    }

    public void Agent(IReadOnlyList<Walk> walks, IReadOnlyList<Walk> longs, (double Hi, double Version) start, (double Prompt, double Terminal) sitting)
    {
        Walk walk = walks.OrderBy(each => Median(each.Steps, ms => ms)).ElementAt(walks.Count / 2);
        Walk longer = longs.OrderBy(Late).First();
        double step = Median(walk.Steps, ms => ms), early = Early(longer), late = Late(longer);
        Write($"""
            | the agent, {walk.Steps.Count + 1} steps, upstream at once | | measured against | ratio |
            |---|--:|---|--:|
            | median step, from reply to reply, ms (least and most of {walks.Count} runs) | **{step:0.00}** ({walks.Min(each => Median(each.Steps, ms => ms)):0.00}–{walks.Max(each => Median(each.Steps, ms => ms)):0.00}) | its four lines put on this disk, {4 * walk.Flush:0.00} ms | {step / (4 * walk.Flush):0.0} |
            | median step of the first and the last 20 of 1,000, ms (best of {longs.Count} runs) | {early:0.00}, **{late:0.00}** | each other | {late / early:0.00} |
            | the same without what a bare socket needs to send {longer.FirstBytes / 1024} and {longer.LastBytes / 1024} KB and have the answer, {longer.FirstExchange:0.00} and {longer.LastExchange:0.00} ms | {early - longer.FirstExchange:0.00}, **{late - longer.LastExchange:0.00}** | each other | {(late - longer.LastExchange) / (early - longer.FirstExchange):0.00} |
            | peak resident, MB (after 1,000 steps) | **{walk.Peak / MB:0.0}** ({longer.Peak / MB:0.0}) | | |
            | processor, s (for 1,000 steps) | **{walk.Processor.TotalSeconds:0.00}** ({longer.Processor.TotalSeconds:0.00}) | | |
            | `run "say hi"`, ms | **{start.Hi:0}** | `--version`, {start.Version:0} ms | {start.Hi / start.Version:0.0} |
            | `baltoro` on a terminal, from its start to the first prompt, ms | **{sitting.Prompt:0}** | `echo` in its place, {sitting.Terminal:0} ms | {sitting.Prompt / sitting.Terminal:0.0} |

            """);
    }

    static double Early(Walk walk) => Median(walk.Steps.Take(20), ms => ms);

    static double Late(Walk walk) => Median(walk.Steps.TakeLast(20), ms => ms);

    void Write(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    static double Median<T>(IEnumerable<T> items, Func<T, double> of)
    {
        double[] sorted = [.. items.Select(of).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
