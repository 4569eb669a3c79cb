// Makes a model's card from the facts about it; what no one said gets its stated default here.

using Baltoro.Chat;

namespace Baltoro.Models;

static class Cards
{
    public static ModelCard Card(string id, Upstream upstream, Place place)
    {
        Facts facts = place.Facts;
        Dialect dialect = ChooseDialect(upstream, place);
        int window = facts.Window ?? Default.Window;
        return Default with
        {
            Id = id,
            Origin = new(upstream.Name, upstream.Endpoint, place.Model),
            Dialect = dialect,
            Window = window,
            OutputLimit = Math.Min(facts.OutputLimit ?? Default.OutputLimit, window),
            Prices = facts.Prices,
            // A vendor's own Messages endpoint takes and gives ids of its own making.
            Ids = dialect == Dialect.Messages ? IdDialect.Any : facts.Ids ?? IdDialect.Any,
            KnowsKimiTokens = dialect == Dialect.Messages && facts.Ids == IdDialect.Kimi,
            Thinking = facts.Thinking ?? ThinkingSupport.None,
            Efforts = facts.Efforts ?? [],
            ToolChoices = facts.ToolChoices ?? ToolChoiceSupport.AutoOnly,
            FixedSampling = facts.Sampling,
            Schemas = facts.Schemas ?? SchemaDialect.Any,
            OutputField = facts.OutputField ?? OutputField.MaxTokens,
            MaxTools = facts.MaxTools,
            Images = facts.Images ?? false,
            Documents = facts.Documents ?? false,
            SystemTurns = facts.SystemTurns ?? false,
            Prefill = facts.Prefill ?? Prefills(dialect, facts.Thinking),
            CacheControl = facts.CacheControl ?? (upstream.Format == WireFormat.Anthropic ? CacheControlSupport.Plain : CacheControlSupport.None),
        };
    }

    /// <summary>Z.ai, DeepSeek (but for a beta address), OpenRouter's choice of hosts and current Claude models begin a new reply instead, or refuse.</summary>
    static bool Prefills(Dialect dialect, ThinkingSupport? thinking) => dialect switch
    {
        Dialect.Kimi or Dialect.SelfHosted or Dialect.Messages => true,
        Dialect.Claude => thinking != ThinkingSupport.Adaptive,
        _ => false,
    };

    static readonly ModelCard Default = new() { Id = "", Origin = new("", "", ""), Dialect = Dialect.Plain };

    static Dialect ChooseDialect(Upstream upstream, Place place)
    {
        if (place.Facts.Dialect is { } said && CatalogueReader.Fits(said, upstream.Format)) return said;
        if (upstream.Format == WireFormat.Anthropic) return place.FamilyDialect == Dialect.Claude ? Dialect.Claude : Dialect.Messages;
        // A server on this machine or a private net is someone's own vLLM, SGLang or llama.cpp, whichever family it serves.
        // A known vendor behind a proxy there is still that vendor.
        if (!upstream.IsBuiltIn && IsPrivate(upstream.Url)) return Dialect.SelfHosted;
        return place.FamilyDialect is { } family && CatalogueReader.Fits(family, upstream.Format) ? family : Dialect.Plain;
    }

    static bool IsPrivate(Uri url) =>
        url.IsLoopback || System.Net.IPAddress.TryParse(url.Host.Trim('[', ']'), out System.Net.IPAddress? address) && IsPrivate(address);

    static bool IsPrivate(System.Net.IPAddress address) => address.IsIPv6UniqueLocal || address.GetAddressBytes() switch
    {
        [10, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..] => true,
        _ => false,
    };
}
