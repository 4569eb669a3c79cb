// Chooses the next token from logits. Knows no model and no text.

using Baltoro.Engine.Constraint;

namespace Baltoro.Engine.Sampling;

/// <summary>
/// In this order: penalties, what a constraint forbids, temperature, top-k, top-p, min-p, a draw. Probabilities are summed in double and in the order of
/// the vocabulary or of likelihood, so the same logits, past and seed give the same token on every machine. One caller at a time; a choice allocates nothing.
/// </summary>
public sealed class Sampler
{
    readonly SamplingSettings _settings;
    readonly int[] _candidates;
    readonly float[] _keys;
    readonly double[] _weights;
    readonly int[] _seen;
    ulong _state;

    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public Sampler(SamplingSettings settings, int vocabulary)
    {
        if (settings.Problem is { } problem) throw new ArgumentException($"The sampling has {problem}.", nameof(settings));
        _settings = settings;
        (_candidates, _keys, _weights, _seen) = (new int[vocabulary], new float[vocabulary], new double[vocabulary], new int[vocabulary]);
        _state = settings.Seed;
    }

    /// <summary>The next token.</summary>
    /// <param name="logits">One for each token; -infinity for one that must not come. They are changed.</param>
    /// <param name="past">The tokens before, for the penalties.</param>
    /// <param name="constraint">What may come; null for anything.</param>
    /// <param name="left">How many tokens the text may still have, this one among them; for the constraint.</param>
    /// <exception cref="ArgumentException">No logit is a number above -infinity.</exception>
    public int Choose(Span<float> logits, ReadOnlySpan<int> past, TokenConstraint? constraint = null, int left = int.MaxValue)
    {
        Penalise(logits, past);
        constraint?.Restrict(logits, left);
        int likeliest = Likeliest(logits);
        return _settings.Temperature == 0 ? likeliest : Draw(logits, likeliest);
    }

    void Penalise(Span<float> logits, ReadOnlySpan<int> past)
    {
        if (_settings is { RepetitionPenalty: 1, FrequencyPenalty: 0, PresencePenalty: 0 }) return;
        ReadOnlySpan<int> window = past[Math.Max(0, past.Length - _settings.PenaltyWindow)..];
        foreach (int token in window) _seen[token]++;
        foreach (int token in window)
        {
            int times = _seen[token];
            if (times == 0) continue;
            _seen[token] = 0;
            ref float logit = ref logits[token];
            logit = logit > 0 ? logit / _settings.RepetitionPenalty : logit * _settings.RepetitionPenalty;
            logit -= times * _settings.FrequencyPenalty + _settings.PresencePenalty;
        }
    }

    static int Likeliest(ReadOnlySpan<float> logits)
    {
        int best = -1;
        for (int i = 0; i < logits.Length; i++)
            if (logits[i] > (best < 0 ? float.NegativeInfinity : logits[best])) best = i;
        return best >= 0 ? best : throw new ArgumentException("No token is possible: no logit is a number above -infinity.", nameof(logits));
    }

    int Draw(ReadOnlySpan<float> logits, int likeliest)
    {
        double most = logits[likeliest], scale = 1.0 / _settings.Temperature;
        // What is e^-40 less likely than the best is never drawn in a lifetime; leaving it out leaves little to sort.
        double least = Math.Max(most - 40 * _settings.Temperature, double.NegativeInfinity);
        bool sorted = _settings.TopK > 0 || _settings.TopP < 1;
        if (_settings.MinP > 0 && !sorted) least = Math.Max(least, most + Math.Log(_settings.MinP) * _settings.Temperature);
        int count = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (!(logits[i] >= least) || float.IsNegativeInfinity(logits[i])) continue;
            // Sorted ascending, so the likeliest first, and of equals the first in the vocabulary.
            (_candidates[count], _keys[count]) = (i, -logits[i]);
            count++;
        }
        if (sorted)
        {
            Sort(count);
            if (_settings.TopK > 0) count = Math.Min(count, _settings.TopK);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) sum += _weights[i] = Math.Exp((-_keys[i] - most) * scale);
        if (_settings.TopP < 1)
        {
            double enough = sum * _settings.TopP;
            sum = 0;
            int kept = 0;
            while (kept < count && sum < enough) sum += _weights[kept++];
            count = kept;
        }
        // What is least likely stands last, and the likeliest weighs 1.
        if (sorted)
            while (count > 1 && _weights[count - 1] < _settings.MinP) sum -= _weights[--count];
        double drawn = Next() * sum;
        for (int i = 0; i < count; i++)
            if ((drawn -= _weights[i]) < 0) return _candidates[i];
        return _candidates[count - 1];
    }

    /// <summary>By likelihood; of equals the first in the vocabulary comes first, which a plain sort does not promise.</summary>
    void Sort(int count)
    {
        Array.Sort(_keys, _candidates, 0, count);
        for (int i = 0; i < count;)
        {
            int end = i + 1;
            while (end < count && _keys[end] == _keys[i]) end++;
            if (end - i > 1) Array.Sort(_candidates, i, end - i);
            i = end;
        }
    }

    /// <summary>0 to 1, without 1: splitmix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
    double Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
