// The models' names that may become labels; it refuses to know what they stand for.

using System.Collections.Frozen;
using Baltoro.Chat.Anthropic;

namespace Baltoro.Gateway.Measures;

/// <summary>
/// The names of the models that were listed at the start. Clients and upstreams can name anything, and each new label costs memory for good, so
/// all other names count as one.
/// </summary>
sealed class KnownModels(IEnumerable<ListedModel> models)
{
    /// <summary>Stands for every other name; OpenTelemetry's word.</summary>
    public const string Other = "_OTHER";

    readonly FrozenDictionary<string, string> _names = models
        .SelectMany(model => (string[])[model.Card.Id, model.Card.Origin.Model])
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    public string Label(string? name) => name is not null && _names.TryGetValue(name, out string? known) ? known : Other;
}
