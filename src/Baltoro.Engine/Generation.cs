// One text that is being continued: what was asked for, and how far it is. Knows no other generation.

using System.Threading.Channels;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Network;
using Baltoro.Engine.Sampling;

namespace Baltoro.Engine;

/// <summary>What to continue and how.</summary>
public sealed record GenerationOrder
{
    /// <summary>One token or more.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    public SamplingSettings Sampling { get; init; } = new();

    /// <summary>The text ends before any of these; they are not part of it.</summary>
    public IReadOnlyCollection<int> StopTokens { get; init; } = [];

    /// <summary>The most tokens to generate.</summary>
    public int MaxTokens { get; init; } = int.MaxValue;

    /// <summary>Is told, before the first token, how many tokens of the prompt the cache knew.</summary>
    public Action<int>? Begun { get; init; }

    /// <summary>What may come; null for anything. Of this order alone. Stop tokens come only where it leaves them.</summary>
    public TokenConstraint? Constraint { get; init; }
}

/// <summary>Owned by the scheduler's thread, but for the reader of its tokens and the one who cancels it.</summary>
sealed class Generation
{
    readonly GenerationOrder _order;
    readonly Session _session;
    readonly Sampler _sampler;
    readonly Channel<int> _tokens = Channel.CreateUnbounded<int>(new() { SingleReader = true, SingleWriter = true });
    readonly HashSet<int> _stops;
    readonly int _context;
    int[] _text;
    int _length;
    int _made;
    volatile bool _cancelled;

    public Generation(GenerationOrder order, Model model)
    {
        (_order, _stops) = (order, [.. order.StopTokens]);
        _text = [.. order.Prompt];
        _length = _text.Length;
        _sampler = new(order.Sampling, model.Shape.Vocabulary);
        _context = model.Context;
        _session = model.Begin(_text);
        order.Begun?.Invoke(_session.Length);
    }

    public ChannelReader<int> Tokens => _tokens.Reader;

    public bool Cancelled => _cancelled;

    public void Cancel() => _cancelled = true;

    /// <summary>Tokens that the model has not seen yet: the rest of the prompt, or the one that was chosen last.</summary>
    public int Unseen => _length - _session.Length;

    public bool InPrompt => _made == 0;

    /// <summary>Puts at most <paramref name="most"/> of the unseen tokens into a batch; says whether the next token can be chosen after it.</summary>
    /// <exception cref="CacheFullException">There is no room for them; nothing was put.</exception>
    public bool Enter(Batch batch, int most)
    {
        int count = Math.Min(Unseen, most);
        ReadOnlySpan<int> tokens = _text.AsSpan(_session.Length, count);
        _session.Check(tokens);
        bool whole = count == Unseen;
        batch.Add(_session.Line, tokens, whole ? Wanted.Last : Wanted.None);
        return whole;
    }

    /// <summary>Chooses the next token and hands it out; false when the text is at its end.</summary>
    public bool Choose(Span<float> logits)
    {
        int left = Math.Max(1, Math.Min(_order.MaxTokens - _made, _context - _length));
        int token = _sampler.Choose(logits, _text.AsSpan(0, _length), _order.Constraint, left);
        if (_stops.Contains(token)) return false;
        // The prompt is whole now: others that begin with it need not wait for this text's end.
        if (_made == 0) _session.Remember();
        _tokens.Writer.TryWrite(token);
        bool whole = _order.Constraint is { } constraint && !constraint.Accept(token);
        if (++_made >= _order.MaxTokens || whole) return false;
        if (_length == _text.Length) Array.Resize(ref _text, 2 * _length);
        _text[_length++] = token;
        return true;
    }

    /// <summary>Gives back its memory and then tells the reader that this was all, or why it was not.</summary>
    public void End(Exception? error)
    {
        _session.Dispose();
        _tokens.Writer.TryComplete(error);
    }
}
