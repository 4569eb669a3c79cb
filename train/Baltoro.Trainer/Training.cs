// The loop: workers differentiate, steps are made, the run is written down. Knows no transcripts and no export.

using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Baltoro.Trainer;

/// <param name="Tokens">Where the run ends, counted from its beginning.</param>
/// <param name="DecayTokens">Over how many tokens before that the rate falls to nothing; 0 for not at all.</param>
/// <param name="CopyShare">Of pools, once the first steps are made; these are nearly all copying.</param>
/// <param name="TrailShare">Of the other rows.</param>
/// <param name="StepTokens">Tokens of a step, about.</param>
/// <param name="Memory">How much of the averaged weights a step leaves.</param>
/// <param name="Workers">Threads that differentiate.</param>
/// <param name="Passages">Tokens that a worker takes at once.</param>
sealed record Plan(long Tokens, long DecayTokens, double Rate, double CopyShare, double TrailShare, int Longest, int StepTokens, double Memory, int Workers, int Passages);

/// <summary>
/// No worker waits for another, so that a core taken away by others costs only its own share: each differentiates against the newest published weights, and the
/// one that brings the last tokens of a step makes it. A gradient may so be one step old, and two runs of one seed are alike but not the same to the bit.
/// </summary>
sealed class Training(string folder, Vocabulary vocabulary, ulong seed, Position start, Parameters parameters, Optimiser optimiser, Plan plan) : IDisposable
{
    const int CopyingSteps = 60, WarmSteps = 50, LogSteps = 25;
    static readonly TimeSpan Saving = TimeSpan.FromMinutes(4), Examining = TimeSpan.FromMinutes(6);

    // Kept alive for the reason that Network gives.
    static readonly Scalar One = 1;

    readonly Network _network = new(parameters);
    readonly long[][] _loads = [.. Enumerable.Range(0, parameters.Shape.Layers).Select(_ => new long[parameters.Shape.Routing!.Experts])];
    readonly Lessons[] _lessons = [.. Enumerable.Range(0, plan.Workers).Select(worker => new Lessons(vocabulary, seed, worker, plan.Passages, worker < start.Pools.Length ? start.Pools[worker] : 0))];
    readonly Lock _gate = new(), _stepping = new();
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly CancellationTokenSource _end = new();
    TokenRow[] _examination = [];

    Published _weights = new(parameters.Copy(ScalarType.BFloat16));
    Tensor? _gradient;
    int _gathered, _gatheredTokens;
    long _tokens = start.Tokens;
    double _loss, _right, _copied, _norm;
    TimeSpan _saved, _examined, _logged;
    long _loggedTokens = start.Tokens;

    /// <summary>Weights that workers read; freed when the last reader is done.</summary>
    sealed class Published(Dictionary<string, Tensor> leaves)
    {
        int _readers = 1;

        public Dictionary<string, Tensor> Leaves => leaves;

        public void Read() => Interlocked.Increment(ref _readers);

        public void Leave()
        {
            if (Interlocked.Decrement(ref _readers) > 0) return;
            foreach (Tensor one in leaves.Values) one.Dispose();
        }
    }

    /// <summary>Trains until the plan's tokens are seen or somebody stops it, and writes the run down.</summary>
    /// <param name="examination">Rows that are not trained on.</param>
    public void Run(TokenRow[] examination, CancellationToken stop)
    {
        _examination = examination;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, _end.Token);
        Log($"begins at step {optimiser.Steps}, {start.Tokens} tokens; {parameters.Flat.numel()} parameters; {plan}");
        _logged = _saved = _examined = _clock.Elapsed;
        Direct();
        List<Exception> failures = [];
        Thread[] threads = [.. _lessons.Select(lessons => new Thread(() =>
        {
            try
            {
                Work(lessons, both.Token);
            }
            catch (Exception e)
            {
                lock (failures) failures.Add(e);
                _end.Cancel();
            }
        }, 16 << 20))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        if (failures.Count > 0) throw new AggregateException(failures);
        Save();
        Examine();
    }

    void Work(Lessons lessons, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Published weights;
            lock (_gate)
            {
                weights = _weights;
                weights.Read();
            }
            var (batch, copying) = lessons.Next();
            Tensor gradient;
            double loss, right;
            using (var scope = NewDisposeScope())
            {
                Tensor logits = _network.Logits(weights.Leaves, tensor(batch.Ids, batch.Rows.Count, batch.Length), tensor(batch.Places), ScalarType.BFloat16, _loads), targets = tensor(batch.Targets);
                Tensor mean = nn.functional.cross_entropy(logits, targets);
                loss = mean.item<float>();
                using (no_grad()) right = logits.argmax(-1).eq(targets).sum().item<long>() / (double)batch.Targets.Length;
                Scalar learnt = batch.Targets.Length;
                IList<Tensor> parts = autograd.grad([mean], [.. parameters.Names.Select(name => weights.Leaves[name])]);
                using var none = no_grad();
                gradient = cat([.. parts.Select(part => part.flatten().to_type(ScalarType.Float32))]).mul_(learnt).DetachFromDisposeScope();
                GC.KeepAlive(learnt);
            }
            weights.Leave();
            if (Gather(gradient, batch, copying, loss, right) is { } whole) Step(whole);
        }
    }

    /// <summary>The sum of a step's gradients, weighted by learnt tokens, when this one made it whole.</summary>
    Tensor? Gather(Tensor gradient, Batch batch, bool copying, double loss, double right)
    {
        lock (_gate)
        {
            using var none = no_grad();
            if (_gradient is null) _gradient = gradient;
            else
            {
                _gradient.add_(gradient, One);
                gradient.Dispose();
            }
            _gathered += batch.Targets.Length;
            _gatheredTokens += batch.Tokens;
            _tokens += batch.Tokens;
            if (copying) _copied += 0.1 * (right - _copied);
            else
            {
                double weight = _loss == 0 ? 1 : 0.03;
                _loss += weight * (loss - _loss);
                _right += weight * (right - _right);
            }
            if (_gatheredTokens < plan.StepTokens) return null;
            Scalar gathered = _gathered;
            Tensor whole = _gradient.div_(gathered);
            GC.KeepAlive(gathered);
            (_gradient, _gathered, _gatheredTokens) = (null, 0, 0);
            return whole;
        }
    }

    void Step(Tensor gradient)
    {
        lock (_stepping)
        {
            double rate = plan.Rate * Share();
            // Early averages forget fast.
            double memory = Math.Min(plan.Memory, optimiser.Steps / (optimiser.Steps + 20.0));
            _norm += 0.1 * (optimiser.Step(gradient, rate, memory) - _norm);
            gradient.Dispose();
            for (int layer = parameters.Shape.DenseLayers; layer < parameters.Shape.Layers; layer++) optimiser.Balance(layer, _loads[layer]);
            Published fresh = new(parameters.Copy(ScalarType.BFloat16)), old;
            lock (_gate) (old, _weights) = (_weights, fresh);
            old.Leave();
            Direct();
            if (optimiser.Steps % LogSteps == 0) Report(rate);
            if (_clock.Elapsed - _saved > Saving) Save();
            if (_clock.Elapsed - _examined > Examining) Examine();
            if (_tokens >= plan.Tokens) _end.Cancel();
        }
    }

    /// <summary>The share of the full learning rate: rising over the first steps, falling over the last tokens.</summary>
    double Share() => Math.Min(1, (optimiser.Steps + 1.0) / WarmSteps) * (plan.DecayTokens == 0 ? 1 : Math.Clamp((double)(plan.Tokens - _tokens) / plan.DecayTokens, 0.01, 1));

    void Direct()
    {
        foreach (Lessons lessons in _lessons) lessons.Mix = new(optimiser.Steps < CopyingSteps ? 0.9 : plan.CopyShare, plan.TrailShare, plan.Longest);
    }

    void Report(double rate)
    {
        TimeSpan now = _clock.Elapsed;
        double speed = (_tokens - _loggedTokens) / (now - _logged).TotalSeconds;
        (_logged, _loggedTokens) = (now, _tokens);
        Log(string.Create(CultureInfo.InvariantCulture, $"step {optimiser.Steps} tokens {_tokens / 1e6:F3} M loss {_loss:F4} right {_right:F4} copied {_copied:F3} norm {_norm:F2} rate {rate:E1} tokens/s {speed:F0}"));
    }

    void Save()
    {
        _saved = _clock.Elapsed;
        Position position = start with { Steps = optimiser.Steps, Tokens = _tokens, Pools = [.. _lessons.Select(lessons => lessons.Pools)] };
        Checkpoint.Save(Path.Combine(folder, "checkpoint"), position, parameters, optimiser);
    }

    void Examine()
    {
        Dictionary<string, Tensor> leaves = parameters.Copy(ScalarType.BFloat16), averaged = Averaged(parameters, optimiser, ScalarType.BFloat16);
        Log($"held out, step {optimiser.Steps}: {Examination.Take(_network, leaves, _examination, vocabulary.End, ScalarType.BFloat16)}");
        Log($"held out, averaged: {Examination.Take(_network, averaged, _examination, vocabulary.End, ScalarType.BFloat16)}");
        foreach (Tensor one in leaves.Values.Concat(averaged.Values)) one.Dispose();
        _examined = _clock.Elapsed;
    }

    /// <summary>Leaves of the averaged weights. To be disposed of by the caller.</summary>
    public static Dictionary<string, Tensor> Averaged(Parameters parameters, Optimiser optimiser, ScalarType precision)
    {
        using var none = no_grad();
        using Tensor kept = parameters.Flat.clone();
        parameters.Flat.copy_(optimiser.Mean);
        Dictionary<string, Tensor> leaves = parameters.Copy(precision);
        parameters.Flat.copy_(kept);
        return leaves;
    }

    void Log(string line)
    {
        line = $"{DateTime.UtcNow:HH:mm:ss} {line}";
        Console.WriteLine(line);
        File.AppendAllText(Path.Combine(folder, "log.txt"), line + "\n");
    }

    public void Dispose()
    {
        _network.Dispose();
        _weights.Leave();
        _end.Dispose();
    }
}
