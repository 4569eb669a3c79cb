// Drives one reply to a proven end over as many attempts as it takes; it refuses to know how an attempt is carried out.

using System.Runtime.CompilerServices;
using Baltoro.Chat;
using Baltoro.Chat.Repair;

namespace Baltoro.Models.Policy;

/// <summary>
/// Mends the events of the inner model and, when an attempt fails all the same, has the reply go on inside the same stream:
/// with nothing seen, by asking again; behind thinking, by asking again, the new thinking in a block of its own; behind text, by having
/// the model go on with it. What the client has seen is never repeated or taken back; where that cannot be, the reply fails.
/// Usage: see <see cref="Splice"/>. The tokens of each attempt are counted in the inner model's events.
/// </summary>
/// <param name="inner">Already retried: a failure before the first word is final.</param>
/// <param name="repairs">A fresh repair for one attempt; true for the last try, which should pass on what it cannot mend.</param>
public sealed class Steady(IChatModel inner, Func<ChatRequest, bool, IReplyRepair> repairs, SteadyBudget budget, TimeProvider clock) : IChatModel
{
    public ModelCard Card => inner.Card;

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Course course = new(Card, budget, request, clock);
        Splice splice = new();
        List<ReplyEvent> mended = [], shown = [];
        while (true)
        {
            IReplyRepair repair = repairs(course.Request, course.IsLastTry);
            Failure? failure = null;
            bool spoke = false;
            await foreach (ReplyEvent step in inner.Reply(course.Request, cancellationToken))
            {
                spoke |= step.Value is string or ReplyEvent.Opened or ReplyEvent.Whole or ReplyEvent.Finished;
                repair.Next(step, mended);
                foreach (ReplyEvent better in mended)
                {
                    if (better.Value is ReplyEvent.Failed failed) failure = failed.Failure;
                    if (failure is not null) break;
                    splice.Next(better, shown);
                }
                mended.Clear();
                foreach (ReplyEvent next in shown) yield return next;
                shown.Clear();
                // A repair may find that what is still to come is of no use.
                if (failure is not null || splice.IsFinished) break;
            }
            if (splice.IsFinished) yield break;

            failure ??= new Failure.Cut("The reply ended without its end.");
            Turnout turnout = course.After(failure, splice.Seen, spoke);
            switch (turnout)
            {
                case Turnout.Again again:
                    splice.Abandon(Card.Origin, shown);
                    shown.Add(new ReplyEvent.Mended(again.Mend));
                    break;
                case Turnout.GoOn goOn:
                    splice.Pause(Card.Origin, shown);
                    course.GoOnWith(splice.Continue(Continuation.WantsTrimmed(Card)));
                    shown.Add(new ReplyEvent.Mended(goOn.Mend));
                    break;
                case Turnout.Done:
                    splice.Next(new ReplyEvent.Finished(StopReason.EndTurn), shown);
                    break;
                case Turnout.GiveUp giveUp:
                    splice.GiveUp(shown);
                    shown.Add(new ReplyEvent.Failed(giveUp.Failure));
                    break;
            }
            foreach (ReplyEvent next in shown) yield return next;
            shown.Clear();
            if (turnout is not (Turnout.Again or Turnout.GoOn)) yield break;
        }
    }
}
