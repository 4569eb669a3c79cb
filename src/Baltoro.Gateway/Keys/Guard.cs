// Stands in front of all endpoints: no request without a key where there are keys, and none for a model that its key may not ask.

using Baltoro.Chat;
using Baltoro.Gateway.Clients;
using Baltoro.Gateway.Endpoints;
using Baltoro.Gateway.Ledger;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Keys;

/// <summary>A request that came through carries its <see cref="VirtualKey"/> as a feature. Safe for all threads.</summary>
sealed class Guard(Keyring keyring, Turnstile turnstile, GatewayModels models, TimeProvider clock)
{
    /// <summary>Middleware. Only <c>/health</c> is answered to everyone: it says no more than that the gateway lives.</summary>
    public Task Pass(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == "/health") return next(context);
        switch (keyring.Check(context.Request.Headers))
        {
            case Keys.Pass.Refused refused:
                return Replies.Refuse(context, Listings.FormatOf(context).Error(refused.Failure, context.TraceIdentifier));
            case Keys.Pass.Known known:
                context.Features.Set(known.Key);
                return next(context);
            default:
                return next(context);
        }
    }

    /// <summary>Lets a request for a model in, or says why not; the client is told how its key stands.</summary>
    /// <returns>What is to be settled when the request has ended; or the failure.</returns>
    public async ValueTask<(IReadOnlyList<Turnstile.Claim> Claims, Failure? Failure)> Admit(
        HttpContext context, IClientFormat format, VirtualKey key, ChatRequest request, ModelLookup.Found found)
    {
        if (Forbidden(key, request.Model, found) is { } forbidden) return ([], forbidden);
        Admission admission = await turnstile.Enter(key, request, found.Cards[0]);
        (Standing standing, IReadOnlyList<Turnstile.Claim> claims, Failure? failure) = admission switch
        {
            Admission.Admitted admitted => (admitted.Standing, admitted.Reserved, (Failure?)null),
            Admission.Refused refused => (refused.Standing, [], refused.Failure),
            _ => throw new InvalidOperationException($"Unknown admission {admission.GetType().Name}."),
        };
        format.Tell(standing, clock.GetUtcNow(), context.Response.Headers);
        return (claims, failure);
    }

    public ValueTask Settle(IReadOnlyList<Turnstile.Claim> claims, LedgerRow row) => claims.Count == 0
        ? ValueTask.CompletedTask
        : turnstile.Settle(claims, row.Usage.TotalInput + row.Usage.Output, row.Cost);

    /// <summary>Whether a key may ask a model, by the catalogue's id.</summary>
    public bool MayAsk(VirtualKey? key, string id) => key is null || key.Models.IsEmpty || Allowed(key).Contains(id);

    Failure.Forbidden? Forbidden(VirtualKey key, string asked, ModelLookup.Found found)
    {
        if (!key.Models.IsEmpty)
        {
            HashSet<string> allowed = Allowed(key);
            // Of a route, whoever may be asked in the end.
            if (found.Cards.FirstOrDefault(card => !allowed.Contains(card.Id)) is { } other)
                return new($"model: the key \"{key.Name}\" may ask {string.Join(", ", key.Models)}; {(other.Id == asked ? asked : $"{asked} leads to {other.Id}, which")} is not among them");
        }
        // OpenRouter says what each reply cost; of all others a price must be known.
        return !key.Caps.IsEmpty && found.Cards.FirstOrDefault(card => card.Prices is null && card.Dialect != Dialect.OpenRouter) is { } unpriced
            ? new($"model: no price is known of {unpriced.Id}, and what the key \"{key.Name}\" may spend is limited; \"prices\" under \"models\" in the gateway's configuration states one")
            : null;
    }

    HashSet<string> Allowed(VirtualKey key) => key.Models.SelectMany(name => models.Find(name) is ModelLookup.Found found ? found.Cards.Select(card => card.Id) : [])
        .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
