// Puts the questions to one model, bare: no retry of what was begun, no repair, nothing read with goodwill. It refuses to judge.

using System.Collections.Concurrent;
using Baltoro.Chat;
using Baltoro.Chat.History;
using Baltoro.Chat.Wire;
using Baltoro.Models.Remote;

namespace Baltoro.Models.Verification;

/// <summary>One question, put once.</summary>
/// <param name="Run">From zero.</param>
/// <param name="Asked">As it was sent, fitted to the model.</param>
public sealed record Sitting(int Run, Question Question, ChatRequest Asked, Answer Answer);

/// <param name="here">The model itself, where it runs in this process; null for one that is asked over HTTP.</param>
/// <param name="http">As <see cref="RemoteModel.CreateHttpClient"/> makes one; owned by the caller.</param>
public sealed class Examination(Target target, HttpClient http, TimeProvider clock, IChatModel? here = null)
{
    /// <summary>Few enough for a small account's limits.</summary>
    const int AtATime = 4;

    const int Tries = 4;

    /// <summary>Room for long thinking.</summary>
    const int OutputLimit = 16_000;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Puts every question <paramref name="runs"/> times. Questions that follow each other go one by one, the others a few at a time. A request that is
    /// refused for want of room is sent again; whatever else fails is an answer, too.
    /// </summary>
    /// <param name="progress">Told how many are answered; from any thread.</param>
    /// <returns>In the order of runs and questions.</returns>
    public async Task<Sequence<Sitting>> Sit(int runs, Action<int> progress, CancellationToken cancellation)
    {
        ConcurrentBag<(int Place, Sitting Sitting)> done = [];
        int count = Questions.All.Count;
        List<int> alone = [.. Enumerable.Range(0, count * runs).Where(place => !IsInChain(place % count))];
        await Parallel.ForEachAsync(alone, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation }, Put);
        foreach (int place in Enumerable.Range(0, count * runs).Except(alone)) await Put(place, cancellation);
        return done.OrderBy(sitting => sitting.Place).Select(sitting => sitting.Sitting).ToSequence();

        async ValueTask Put(int place, CancellationToken stop)
        {
            Question question = Questions.All[place % count];
            (ChatRequest asked, Answer answer) = await Ask(question.Request, stop);
            done.Add((place, new(place / count, question, asked, answer)));
            progress(done.Count);
        }
    }

    static bool IsInChain(int index) =>
        Questions.All[index].FollowsTheOneBefore || index + 1 < Questions.All.Count && Questions.All[index + 1].FollowsTheOneBefore;

    async Task<(ChatRequest, Answer)> Ask(ChatRequest request, CancellationToken cancellation)
    {
        ChatRequest named = request with { Model = target.Card.Id, OutputLimit = Math.Min(OutputLimit, target.Card.OutputLimit) };
        if (Fit.To(target.Card, named) is not Fitting.Fits { Request: var fitted }) return (named, new() { Failure = new Failure.InvalidRequest("the question does not fit this model") });
        for (int attempt = 1; ; attempt++)
        {
            Answer answer = await AskOnce(fitted, cancellation);
            if (attempt == Tries || answer.Failure is not (Failure.RateLimited or Failure.Overloaded)) return (fitted, answer);
            TimeSpan pause = answer.Failure.RetryAfter ?? Pause * (1 << attempt);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancellation);
        }
    }

    async Task<Answer> AskOnce(ChatRequest request, CancellationToken cancellation)
    {
        if (target.Upstream.Key is Key.Missing missing) return new() { Failure = new Failure.Unauthenticated($"no key for {target.Upstream}: set {missing.Variable}") };
        if (here is not null) return await Answer.Of(here.Reply(request, cancellation), cancellation);
        AnswerReader reader = AnswerReader.For(target.Upstream.Format);
        List<ReplyEvent> events = [];
        await using Exchange exchange = new(new Bare(Dialogue.With(target.Card, target.Upstream), reader), http, target.Upstream, clock);
        bool more = await exchange.Send(request, events, cancellation);
        while (more) more = await exchange.Receive(events, cancellation);
        return reader.Answer(events.Select(step => step.Value).OfType<ReplyEvent.Failed>().FirstOrDefault()?.Failure);
    }

    /// <summary>The vendor's dialogue with a reader that overlooks nothing.</summary>
    sealed class Bare(Dialogue dialogue, AnswerReader reader) : Dialogue
    {
        public override HttpRequestMessage Write(ChatRequest request) => dialogue.Write(request);

        public override IReplyReader Reader() => reader;

        public override Failure ReadError(int status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter) => dialogue.ReadError(status, body, retryAfter);
    }
}
