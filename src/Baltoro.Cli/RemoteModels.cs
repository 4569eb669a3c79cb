// The composition root of the gateway's models: from a name to a model wrapped in its policies, in the order written here.

using System.Collections.Concurrent;
using Baltoro.Chat;
using Baltoro.Chat.Anthropic;
using Baltoro.Gateway;
using Baltoro.Models;
using Baltoro.Models.Policy;
using Baltoro.Models.Remote;

namespace Baltoro.Cli;

/// <summary>Builds each model once. Safe to call from several threads.</summary>
sealed class RemoteModels(Settings settings, TimeProvider clock) : IDisposable
{
    readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string Id, string Upstream), IChatModel> _models = new();

    public ModelLookup Find(string name) => settings.Models.Find(name) switch
    {
        Lookup<Target>.Found found => new ModelLookup.Found(Model(found.Value)),
        var other => new ModelLookup.Unknown($"model: {other}"),
    };

    public Sequence<ListedModel> All() => settings.Models.All.Where(listing => listing.HasKey)
        .Select(listing => new ListedModel(listing.Card, listing.Name, new((listing.Released ?? settings.Models.Date).ToDateTime(default), TimeSpan.Zero)))
        .ToSequence();

    IChatModel Model(Target target) => _models.GetOrAdd((target.Card.Id, target.Upstream.Name), _ =>
        new Fitted(
            new RemoteModel(target.Card, target.Upstream, Client(target.Upstream), clock)));

    HttpClient Client(Upstream upstream) => _clients.GetOrAdd(upstream.Name, _ => RemoteModel.CreateHttpClient(upstream.Limits));

    public void Dispose()
    {
        foreach (HttpClient client in _clients.Values) client.Dispose();
    }
}
