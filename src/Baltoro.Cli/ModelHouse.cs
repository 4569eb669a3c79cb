// The composition root of all models, remote ones and files: from a name to a model wrapped in its policies, in the order written here.

using System.Collections.Concurrent;
using Baltoro.Chat;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.History;
using Baltoro.Chat.Repair;
using Baltoro.Cli.Commands;
using Baltoro.Cli.Demo;
using Baltoro.Engine;
using Baltoro.Gateway;
using Baltoro.Models;
using Baltoro.Models.Local;
using Baltoro.Models.Policy;
using Baltoro.Models.Remote;

namespace Baltoro.Cli;

/// <summary>Builds each model once. Safe to call from several threads.</summary>
/// <param name="standing">What names mean at the moment.</param>
/// <param name="loading">Where to tell how far the loading of a model file is; null for nowhere.</param>
/// <param name="told">Gets sentences about packed weights that cannot be kept, and about kept beginnings of conversations that are of no use; from any thread.</param>
sealed class ModelHouse(Settings settings, StandingModels standing, TimeProvider clock, Func<string, IProgress<double>?> loading, Action<string> told) : IDisposable
{
    /// <summary>Where there is someone else to ask, nobody waits long for one who is busy.</summary>
    static readonly RetryBudget OnARoute = new() { Tries = 3, LongestPause = TimeSpan.FromSeconds(5) };

    static readonly RetryBudget Alone = new();

    /// <summary>Tokens below which a reply is not expected to say anything.</summary>
    const int SmallestReply = 64;

    // Packed weights are kept beside the file, as by `baltoro bench`: the next start maps them.
    readonly LocalEngines _engines = new(path => Piolet.Is(path) ? Piolet.Options : new()
    {
        PanelFile = ModelPath.Panels(path), Prefixes = settings.Prefixes is { } kept ? new(kept.Folder, kept.Bytes, told) : null,
    }, loading, told);
    readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Circuit> _circuits = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string Id, string Upstream, bool OnARoute), IChatModel> _models = new();

    public ModelLookup Find(string name) => Found(standing.Now.FindAll(name));

    /// <summary>The same for clients of a gateway, who may not have this machine's files opened.</summary>
    /// <param name="named">What the gateway's own user named when it was started.</param>
    public ModelLookup FindForClient(string name, IReadOnlyCollection<string> named) => Found(standing.Now.FindForClient(name, settings.LocalFolders, named));

    ModelLookup Found(Lookup<Sequence<Target>> outcome) => outcome switch
    {
        Lookup<Sequence<Target>>.Found found => Found(found.Value),
        var other => new ModelLookup.Unknown($"model: {other}"),
    };

    /// <summary>Loads the model files that a name means.</summary>
    /// <exception cref="UserException">One cannot be loaded.</exception>
    public async Task Load(string name, CancellationToken cancellation)
    {
        if (standing.Now.FindAll(name) is not Lookup<Sequence<Target>>.Found { Value: var targets }) return;
        foreach (Target target in targets)
        {
            if (target.File is not { } file) continue;
            try
            {
                await _engines.Get(file, cancellation);
            }
            catch (Exception e) when (e is ModelFileException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new UserException($"{target.Card.Id}: {e.Message}");
            }
        }
    }

    public Sequence<ListedModel> All() => settings.Models.All.Where(listing => listing.HasKey)
        .Select(listing => new ListedModel(listing.Card, listing.Name, new((listing.Released ?? settings.Models.Date).ToDateTime(default), TimeSpan.Zero)))
        .ToSequence();

    ModelLookup.Found Found(Sequence<Target> targets)
    {
        // A candidate without a key would only say so; when none has one, the first says which to set.
        if (targets.Any(target => target.HasKey)) targets = targets.Where(target => target.HasKey).ToSequence();
        IChatModel model = targets is [var only] ? Model(only) : new Failover(targets.Select(Candidate).ToSequence());
        return new(model) { Cards = targets.Select(target => target.Card).ToSequence(), Count = targets[0].File is { } file ? Fitted.Counter(Local(targets[0], file)) : null };
    }

    // From the client's side to the upstream's. Steady stands outside of Retry, because an attempt at a reply is worth less than a try at a
    // request: what never began is tried again quickly and often, what broke off is put together with care and seldom.
    IChatModel Model(Target target) => _models.GetOrAdd((target.Card.Id, target.Upstream.Name, false), _ =>
        new Steady(
            new Retry(
                new Fitted(
                    Bare(target)),
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
                        Bare(target)),
                    _circuits.GetOrAdd(target.Upstream.Name, name => new(name, clock))),
                OnARoute, clock, Random.Shared),
            Repairs(target.Card), new(), clock));

    // A file on this machine is asked through the same policies: a model that runs here falls silent, circles and breaks calls like any other.
    IChatModel Bare(Target target) => target.File is { } file ? Local(target, file) : new RemoteModel(Card(target), target.Upstream, Client(target.Upstream), clock);

    LocalModel Local(Target target, string file) => new(Card(target), file, _engines);

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
        _engines.Dispose();
    }
}
