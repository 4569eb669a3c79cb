// What is done when an attempt at a reply fails: a decision from the failure and from what the client has seen. It refuses to know events.

using Baltoro.Chat;

namespace Baltoro.Models.Policy;

/// <summary>How many attempts one reply may take.</summary>
public sealed record SteadyBudget
{
    /// <summary>The first one included. Each is retried for itself before it counts as failed.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>No attempt begins later than this after the first.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a reply is asked for again because of what the model wrote: nothing, a broken call, the same thing over and over.</summary>
    public int SameFault { get; init; } = 2;
}

/// <summary>The next step of a reply whose attempt failed.</summary>
abstract record Turnout
{
    private Turnout() { }

    /// <summary>The same again, as if for the first time.</summary>
    public sealed record Again(Mend Mend) : Turnout;

    /// <summary>The model goes on behind its own words.</summary>
    public sealed record GoOn(Mend Mend) : Turnout;

    /// <summary>The reply is complete as it is.</summary>
    public sealed record Done : Turnout;

    public sealed record GiveUp(Failure Failure) : Turnout;
}

/// <summary>The attempts at one reply so far. Not thread-safe.</summary>
sealed class Course(ModelCard card, SteadyBudget budget, ChatRequest request, TimeProvider clock)
{
    readonly ChatRequest _asked = request;
    readonly long _began = clock.GetTimestamp();
    int _attempts = 1, _empty, _broken, _looping, _roomless;
    Failure? _reason;

    /// <summary>What the attempt asks for.</summary>
    public ChatRequest Request { get; private set; } = request;

    /// <summary>True when what repairs cannot mend is to be passed on, because it would not be asked for again.</summary>
    public bool IsLastTry => _attempts >= budget.Attempts || _broken >= budget.SameFault || _looping >= budget.SameFault;

    /// <param name="spoke">Whether the model began to speak in this attempt; if not, the attempt has been retried already.</param>
    public Turnout After(Failure failure, Seen seen, bool spoke)
    {
        if (failure is Failure.Empty && seen == Seen.Text) return NothingToAdd(failure);
        // A continuation was our idea; its refusal would puzzle the client.
        if (_reason is { } reason && failure is Failure.InvalidRequest or Failure.PromptTooLong or Failure.Unsupported)
            return seen >= Seen.Text || IsSpent ? new Turnout.GiveUp(reason) : Anew(Mend.BegunAnew);
        if (seen == Seen.Call || IsSpent) return new Turnout.GiveUp(Last(failure));
        switch (failure)
        {
            case Failure.Empty:
                return ++_empty <= budget.SameFault ? Anew(Mend.EmptyAskedAgain) : new Turnout.GiveUp(Last(failure));
            case Failure.OutOfRoom:
                return OutOfRoom(failure, seen);
            case Failure.BrokenCall:
                return ++_broken > budget.SameFault ? new Turnout.GiveUp(failure) : Further(failure, seen, Mend.CallAskedAgain);
            case Failure.Looping:
                return ++_looping > budget.SameFault ? new Turnout.GiveUp(failure) : Further(failure, seen, Mend.ThinkingLoopCut);
            case var _ when spoke && failure.CanPass():
                return Further(failure, seen, seen switch { Seen.Nothing => Mend.Retried, Seen.Thinking => Mend.BegunAnew, _ => Mend.Continued });
            default:
                return new Turnout.GiveUp(failure);
        }
    }

    /// <summary>Puts the model's own words at the end of what is asked.</summary>
    public void GoOnWith(Turn.Assistant soFar) => Request = Continuation.Of(Request with { Turns = _asked.Turns, Thinking = _asked.Thinking }, soFar, card);

    bool IsSpent => _attempts >= budget.Attempts || clock.GetElapsedTime(_began) >= budget.Time;

    Turnout Further(Failure failure, Seen seen, Mend mend)
    {
        if (seen != Seen.Text) return Anew(mend);
        _reason = failure;
        _attempts++;
        return new Turnout.GoOn(mend);
    }

    Turnout.Again Anew(Mend mend)
    {
        _attempts++;
        _reason = null;
        Request = Request with { Turns = _asked.Turns, Thinking = _asked.Thinking };
        return new Turnout.Again(mend);
    }

    /// <summary>A model may fall silent in the middle of a text; one that stays silent has said all that it wanted to.</summary>
    Turnout NothingToAdd(Failure failure)
    {
        if (++_empty > budget.SameFault) return new Turnout.Done();
        return IsSpent ? new Turnout.GiveUp(_reason ?? failure) : Further(_reason ?? failure, Seen.Text, Mend.EmptyAskedAgain);
    }

    Turnout OutOfRoom(Failure failure, Seen seen)
    {
        bool raised = Request.OutputLimit < card.OutputLimit;
        if (raised) Request = Request with { OutputLimit = card.OutputLimit };
        if (seen == Seen.Text) return ++_roomless <= budget.SameFault ? Further(failure, seen, Mend.LimitRaised) : new Turnout.GiveUp(failure);
        // With no more room than before, the same thinking would only fill it again.
        if (seen == Seen.Thinking && Continuation.TakesThinking(card) && _roomless++ < budget.SameFault)
        {
            _reason = failure;
            _attempts++;
            return new Turnout.GoOn(Mend.LimitRaised);
        }
        return raised ? Anew(Mend.LimitRaised) : new Turnout.GiveUp(failure);
    }

    /// <summary>The failure in words that a client can act on: what the model does not say now it may say later.</summary>
    Failure Last(Failure failure) => failure is Failure.Empty
        ? new Failure.Overloaded($"{card.Origin.Provider}: the model ended its reply without a word, {_attempts} times in a row")
        : failure;
}
