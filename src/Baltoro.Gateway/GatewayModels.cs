// The models as the gateway sees them: names in, repliers out. It refuses to know where they come from.

using Baltoro.Chat;
using Baltoro.Chat.Anthropic;

namespace Baltoro.Gateway;

/// <summary>What a model's name leads to.</summary>
public abstract record ModelLookup
{
    private ModelLookup() { }

    public sealed record Found(IChatModel Model) : ModelLookup
    {
        /// <summary>Every model that may answer: more than one on a route.</summary>
        public Sequence<ModelCard> Cards { get; init; } = [Model.Card];

        /// <summary>Counts the prompt that a request becomes, token by token; null where only the vendor can. Gives null when it cannot after all.</summary>
        public Func<ChatRequest, CancellationToken, Task<long?>>? Count { get; init; }
    }

    /// <param name="Message">Says which name was asked for and which exist that are near; shown to the client.</param>
    public sealed record Unknown(string Message) : ModelLookup;
}

/// <summary>The models that the gateway serves. Both functions are safe to call from several threads.</summary>
public sealed record GatewayModels(Func<string, ModelLookup> Find, Func<Sequence<ListedModel>> All);

/// <summary>Where and how the gateway listens.</summary>
public sealed record GatewaySettings
{
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Zero for any free one.</summary>
    public int Port { get; init; } = 8611;

    /// <summary>The largest request body taken; what Anthropic takes.</summary>
    public long LargestBody { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long a stream may be quiet before the gateway shows that it lives. Clients give up after 300 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Shown by <c>GET /health</c>.</summary>
    public string Version { get; init; } = "0";
}
