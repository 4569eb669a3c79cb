// Takes the times of `baltoro bench`: prompts and single tokens at each depth, then several sessions together. It refuses to know how they are shown.

using System.Diagnostics;
using Baltoro.Engine;

namespace Baltoro.Cli.Commands;

/// <param name="Prompt">Tokens of a prompt in a second; 0 where it was not measured.</param>
/// <param name="Step">Seconds for one more token of every session.</param>
/// <param name="Read">Bytes of weights that it read.</param>
sealed record BenchRun(int Sessions, int Depth, double Prompt, double Step, long Read)
{
    /// <summary>Of all sessions together.</summary>
    public double TokensPerSecond => Sessions / Step;

    /// <summary>By how much the tokens per second can exceed one session's, if both take no longer than reading their weights: sessions share all but their experts.</summary>
    public double AtMost(Model model) => Sessions * (double)model.WeightBytesOfToken / Read;
}

/// <param name="Reading">Bytes per second, the best of several readings between the runs.</param>
sealed record Measured(double Reading, IReadOnlyList<BenchRun> Runs)
{
    /// <summary>The tokens per second of a run over those of one session with nothing in the cache; null where that was not measured.</summary>
    public double? OfOnes(BenchRun run) => Runs.FirstOrDefault(each => each is { Sessions: 1, Depth: 0 }) is { } one ? run.TokensPerSecond / one.TokensPerSecond : null;
}

/// <summary>Takes the best of several times, because other programs can only make it slower. For one run.</summary>
/// <param name="progress">Is told the share that is done, from 0 on.</param>
sealed class Bench(Model model, BenchOrder order, IProgress<double>? progress, CancellationToken cancellation)
{
    const int Prompts = 4;

    /// <summary>How many tokens of a prompt take about as long as one that is generated: it is computed, not read.</summary>
    const double PromptTokens = 4;

    readonly float[] _logits = new float[model.Shape.Vocabulary];
    double _reading, _done;

    /// <summary>Several sessions are compared with one at the same depth, which is measured for that where nobody asked for it.</summary>
    bool NeedsOne => order.Sessions > 1 && !order.Depths.Contains(0);

    /// <summary>All there is to do, in tokens that are generated.</summary>
    double Work => order.Depths.Length * (Prompts * order.Prompt / PromptTokens + order.Passes) + ((NeedsOne ? 1 : 0) + (order.Sessions > 0 ? 1 : 0)) * order.Passes;

    public Measured Run()
    {
        progress?.Report(0);
        List<BenchRun> runs = [];
        foreach (int depth in order.Depths)
        {
            double text = Prompt(depth);
            runs.Add(Step(depth, 1) with { Prompt = text });
        }
        if (NeedsOne) runs.Add(Step(0, 1));
        if (order.Sessions > 0) runs.Add(Step(0, order.Sessions));
        return new(_reading, runs);
    }

    double Prompt(int depth)
    {
        if (order.Prompt == 0) return 0;
        int[] text = [.. Enumerable.Range(0, order.Prompt).Select(i => i * 37 % model.Shape.Vocabulary)];
        double best = double.PositiveInfinity;
        for (int i = 0; i < Prompts; i++)
        {
            using Session session = model.BeginAt(depth);
            long began = Stopwatch.GetTimestamp();
            session.Evaluate(text, _logits, cancellation);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
            Done(order.Prompt / PromptTokens);
        }
        return order.Prompt / best;
    }

    BenchRun Step(int depth, int sessions)
    {
        Session[] open = [.. Enumerable.Range(0, sessions).Select(_ => model.BeginAt(depth))];
        int[] next = new int[sessions];
        float[] logits = new float[sessions * model.Shape.Vocabulary];
        (double Seconds, long Read) best = (double.PositiveInfinity, 0);
        for (int i = 0; i < order.Passes; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (i % 4 == 0) _reading = Math.Max(_reading, model.MeasureReading(1L << 30));
            for (int s = 0; s < sessions; s++) next[s] = (i * 7919 + s * 104_729) % model.Shape.Vocabulary;
            long began = Stopwatch.GetTimestamp();
            model.Step(open, next, logits);
            if (Stopwatch.GetElapsedTime(began).TotalSeconds is var seconds && seconds < best.Seconds) best = (seconds, model.WeightBytesOfLastPass);
            Done(1);
        }
        foreach (Session session in open) session.Dispose();
        return new(sessions, depth, 0, best.Seconds, best.Read);
    }

    void Done(double work) => progress?.Report((_done += work) / Work);
}
