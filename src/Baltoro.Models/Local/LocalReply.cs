// One reply of a model in this process: its tokens as they come, as the steps of a reply. Knows no policy.

using System.Runtime.CompilerServices;
using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Models.Local;

/// <summary>For one enumeration.</summary>
sealed class LocalReply(LocalEngine engine, ModelCard card, ChatRequest request, int[] prompt, TokenConstraint? constraint)
{
    readonly ReplyReading _reading = engine.Format.Read(request, new(card.Origin));
    readonly TokenDecoder _decoder = new(engine.Tokenizer);
    readonly StopText _stop = new(request.StopSequences);
    int _reused, _made, _thought;

    /// <summary>What it came to so far.</summary>
    public Usage Usage => new() { Input = prompt.Length - _reused, CacheRead = _reused, Output = _made, Reasoning = _thought };

    bool IsHurried => constraint is { IsHurried: true };

    public async IAsyncEnumerable<ReplyEvent> Events([EnumeratorCancellation] CancellationToken cancellation)
    {
        int room = Math.Min(card.Window, engine.Window) - prompt.Length, limit = Math.Min(request.OutputLimit ?? card.OutputLimit, room);
        GenerationOrder order = new()
        {
            Prompt = prompt, Sampling = LocalModel.SamplingOf(request), StopTokens = engine.Stops, MaxTokens = limit, Begun = reused => _reused = reused,
            Constraint = constraint,
        };
        List<ReplyEvent> events = [];
        Failure? failure = null;
        await using (IAsyncEnumerator<int> tokens = engine.Scheduler.Generate(order, cancellation).GetAsyncEnumerator(cancellation))
        {
            while (!_stop.IsReached)
            {
                try
                {
                    if (!await tokens.MoveNextAsync()) break;
                }
                catch (CacheFullException e)
                {
                    // The conversation fits the window: others hold the memory now.
                    failure = new Failure.Overloaded(e.Message);
                    break;
                }
                Take(tokens.Current, events);
                foreach (ReplyEvent step in events) yield return step;
                events.Clear();
                // A text that had to be ended in a hurry still has its form; a call that had to be would do something else than was meant.
                if (IsHurried && _reading.IsInCall) break;
            }
        }
        yield return new ReplyEvent.Counted(Usage);
        if (failure is not null)
        {
            yield return new ReplyEvent.Failed(failure);
            yield break;
        }
        End(_made < limit && !IsHurried ? null : limit == room ? StopReason.WindowFull : StopReason.OutputLimit, events);
        foreach (ReplyEvent step in events) yield return step;
    }

    void Take(int token, List<ReplyEvent> into)
    {
        _made++;
        if (_reading.IsThinking) _thought++;
        if (engine.Tokenizer.IsControl(token))
        {
            Say(_decoder.Finish(), into);
            Flush(into);
            if (!_stop.IsReached) _reading.Mark(engine.Tokenizer.Name(token), into);
        }
        else Say(_decoder.Add(token), into);
    }

    /// <summary>A stop sequence counts in what the user sees, and nowhere else.</summary>
    void Say(string text, List<ReplyEvent> into)
    {
        if (text.Length == 0) return;
        if (_reading.IsThinking || _reading.IsInCall) _reading.Text(text, into);
        else if (_stop.Next(text) is { Length: > 0 } said) _reading.Text(said, into);
    }

    void Flush(List<ReplyEvent> into)
    {
        if (_stop.Rest() is { Length: > 0 } rest) _reading.Text(rest, into);
    }

    void End(StopReason? cut, List<ReplyEvent> into)
    {
        if (!_stop.IsReached)
        {
            Say(_decoder.Finish(), into);
            Flush(into);
        }
        if (_stop.Reached is { } sequence) _reading.EndAt(sequence, into);
        else _reading.End(cut, into);
    }
}
