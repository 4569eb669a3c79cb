// One conversation's tokens and what the model remembers of them. Knows no text and no sampling.

using Baltoro.Engine.Cache;
using Baltoro.Engine.Network;

namespace Baltoro.Engine;

/// <summary>A session has used up its context or the memory that all caches share.</summary>
public sealed class CacheFullException(string message) : Exception(message);

/// <summary>One caller at a time; different sessions of a model may have different callers.</summary>
public sealed class Session : IDisposable
{
    readonly Model _model;
    readonly Timeline _line;
    bool _pretended;

    internal Session(Model model, Timeline line) => (_model, _line) = (model, line);

    internal Timeline Line => _line;

    /// <summary>Tokens that the model has seen.</summary>
    public int Length => _line.Length;

    /// <summary>Those tokens; valid until the next change.</summary>
    public ReadOnlySpan<int> Tokens => _line.Tokens;

    /// <summary>Another session with the same past, which both share in memory.</summary>
    public Session Fork() => new(_model, _line.Fork());

    /// <summary>Forgets all but the first <paramref name="length"/> tokens.</summary>
    public void Cut(int length) => _line.Cut(length);

    /// <summary>Lets the model see more tokens, and writes the logits of what follows the last one.</summary>
    /// <param name="tokens">One or more.</param>
    /// <param name="logits">As long as the vocabulary.</param>
    /// <exception cref="CacheFullException">The session is longer than the context then, or memory is used up; nothing is changed.</exception>
    /// <exception cref="OperationCanceledException">Tokens of finished passes have been seen; <see cref="Length"/> says how many.</exception>
    public void Evaluate(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellation = default)
    {
        Check(tokens);
        while (tokens.Length > 0)
        {
            int count = Math.Min(tokens.Length, _model.Forward.Batch.Rows);
            Pass(tokens[..count], count == tokens.Length ? logits : default, cancellation);
            tokens = tokens[count..];
        }
    }

    /// <summary>The same with the logits after every token: <paramref name="each"/> gets the token's place and its logits, which it must not keep.</summary>
    /// <exception cref="CacheFullException">As <see cref="Evaluate"/>.</exception>
    /// <exception cref="OperationCanceledException">As <see cref="Evaluate"/>.</exception>
    public void EvaluateAll(ReadOnlySpan<int> tokens, LogitReader each, CancellationToken cancellation = default)
    {
        Check(tokens);
        while (tokens.Length > 0)
        {
            int count = Math.Min(tokens.Length, _model.Forward.Batch.WantedRows.Length), first = Length;
            int[] part = tokens[..count].ToArray();
            _model.Run((Line: _line, Part: part, Each: each, First: first), static (batch, state) => batch.Add(state.Line, state.Part, Wanted.All), static (forward, state) =>
            {
                for (int i = 0; i < state.Part.Length; i++) state.Each(state.First + i, forward.Logits(i));
            }, cancellation);
            tokens = tokens[count..];
        }
    }

    /// <summary>Sees the logits after the token at <paramref name="position"/>.</summary>
    public delegate void LogitReader(int position, ReadOnlySpan<float> logits);

    unsafe void Pass(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellation)
    {
        // Spans cannot be captured; both outlive the pass, which ends before this method does.
        fixed (int* first = tokens)
        fixed (float* to = logits)
            _model.Run((Line: _line, Tokens: (nint)first, Count: tokens.Length, Logits: (nint)to, Vocabulary: logits.Length),
                static (batch, state) => batch.Add(state.Line, new((int*)state.Tokens, state.Count), state.Logits == 0 ? Wanted.None : Wanted.Last),
                static (forward, state) =>
                {
                    if (state.Logits != 0) forward.Logits(0).CopyTo(new((float*)state.Logits, state.Vocabulary));
                }, cancellation);
    }

    /// <summary>Only for measuring: what stands there is nobody's text, and must not be found again.</summary>
    internal void Pretend(int tokens)
    {
        int[] zeros = new int[tokens];
        if (tokens == 0) return;
        Check(zeros);
        _line.Append(zeros);
        foreach (int page in _line.Pages) _model.Pool.Pretend(page);
        _pretended = true;
    }

    internal void Check(ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        foreach (int token in tokens)
            if ((uint)token >= (uint)_model.Shape.Vocabulary) throw new ArgumentOutOfRangeException(nameof(tokens), $"{token} is no token; 0 to {_model.Shape.Vocabulary - 1} was expected.");
        if (tokens.Length > _line.Context - Length) throw new CacheFullException($"{Length} tokens and {tokens.Length} more are beyond the context of {_line.Context}.");
        if (!_line.MakeRoom(tokens.Length)) throw new CacheFullException($"The cache's memory is used up: {_model.Pool.Capacity} pages of {_model.Pool.PageBytes} bytes are held by sessions. Close some, or allow it more.");
    }

    /// <summary>Leaves the full pages so far to sessions that begin with the same tokens.</summary>
    internal void Remember()
    {
        if (!_pretended) _model.Remember(_line);
    }

    /// <summary>What it has seen stays in the cache for sessions that begin with the same tokens, until memory is wanted.</summary>
    public void Dispose()
    {
        Remember();
        _line.Dispose();
    }
}
