// The composition root of the gateway's models: from a name to a model wrapped in its policies, in the order written here.

using System.Collections.Concurrent;
using Baltoro.Chat;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.History;
using Baltoro.Chat.Repair;
using Baltoro.Gateway;
using Baltoro.Models;
using Baltoro.Models.Policy;
using Baltoro.Models.Remote;

namespace Baltoro.Cli;

/// <summary>Builds each model once. Safe to call from several threads.</summary>
/// <param name="standing">What names mean at the moment.</param>
sealed class RemoteModels(Settings settings, StandingModels standing, TimeProvider clock) : IDisposable
{
    /// <summary>Where there is someone else to ask, nobody waits long for one who is busy.</summary>
    static readonly RetryBudget OnARoute = new() { Tries = 3, LongestPause = TimeSpan.FromSeconds(5) };

    static readonly RetryBudget Alone = new();

    /// <summary>Tokens below which a reply is not expected to say anything.</summary>
    const int SmallestReply = 64;

    readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Circuit> _circuits = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string Id, string Upstream, bool OnARoute), IChatModel> _models = new();

    public ModelLookup Find(string name) => standing.Now.FindAll(name) switch
    {
        Lookup<Sequence<Target>>.Found found => Found(found.Value),
        var other => new ModelLookup.Unknown($"model: {other}"),
    };

    public Sequence<ListedModel> All() => settings.Models.All.Where(listing => listing.HasKey)
        .Select(listing => new ListedModel(listing.Card, listing.Name, new((listing.Released ?? settings.Models.Date).ToDateTime(default), TimeSpan.Zero)))
        .ToSequence();

    ModelLookup.Found Found(Sequence<Target> targets)
    {
        // A candidate without a key would only say so; when none has one, the first says which to set.
        if (targets.Any(target => target.HasKey)) targets = targets.Where(target => target.HasKey).ToSequence();
        IChatModel model = targets is [var only] ? Model(only) : new Failover(targets.Select(Candidate).ToSequence());
        return new(model) { Cards = targets.Select(target => target.Card).ToSequence() };
    }

    // From the client's side to the upstream's. Steady stands outside of Retry, because an attempt at a reply is worth less than a try at a
    // request: what never began is tried again quickly and often, what broke off is put together with care and seldom.
    IChatModel Model(Target target) => _models.GetOrAdd((target.Card.Id, target.Upstream.Name, false), _ =>
        new Steady(
            new Retry(
                new Fitted(
                    new RemoteModel(Card(target), target.Upstream, Client(target.Upstream), clock)),
                Alone, clock, Random.Shared),
            Repairs(target.Card), new(), clock));

    // The same with a breaker. It stands inside of Retry, where it sees each try and not only what became of all of them; while it is open its
    // failure asks for a longer pause than Retry waits on a route, so the next candidate is asked at once. A model alone has none: with
    // nobody else to ask, Retry's own pauses spare the upstream enough.
    IChatModel Candidate(Target target) => _models.GetOrAdd((target.Card.Id, target.Upstream.Name, true), _ =>
        new Steady(
            new Retry(
                new Breaker(
                    new Fitted(
                        new RemoteModel(Card(target), target.Upstream, Client(target.Upstream), clock)),
                    _circuits.GetOrAdd(target.Upstream.Name, name => new(name, clock))),
                OnARoute, clock, Random.Shared),
            Repairs(target.Card), new(), clock));

    /// <summary>What mends the events of one attempt, in this order.</summary>
    static Func<ChatRequest, bool, IReplyRepair> Repairs(ModelCard card) => (request, isLastTry) => new Chain(
    [
        // What the vendor's server did not see must be found before anyone else looks.
        .. ToolMarkup.Applies(card) ? (IReplyRepair[])[new ToolMarkup(card, request, Broken(isLastTry))] : [],
        new ThinkingLoop(),
        new WholeCalls(DeclaredTools.In(request), Broken(isLastTry)),
        // Behind all that takes something out. A client that asks for a handful of tokens probes, and expects no more than that.
        .. request.OutputLimit < SmallestReply ? (IReplyRepair[])[] : [new Substance()],
        new ClientIds(request),
    ]);

    static BrokenCalls Broken(bool isLastTry) => isLastTry ? BrokenCalls.PassOn : BrokenCalls.Report;

    ModelCard Card(Target target) => target.Card with { LoopNudges = settings.LoopNudges };

    HttpClient Client(Upstream upstream) => _clients.GetOrAdd(upstream.Name, _ => RemoteModel.CreateHttpClient(upstream.Limits));

    public void Dispose()
    {
        foreach (HttpClient client in _clients.Values) client.Dispose();
    }
}
