// Whether upstreams answer, take the key, and have the same time as we. It asks for their lists of models, which cost nothing.

using System.Diagnostics;
using System.Globalization;
using System.Net;
using Baltoro.Chat;
using Baltoro.Models;
using Baltoro.Models.Remote;

namespace Baltoro.Cli.Checkup;

static class UpstreamChecks
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Beyond it certificates and signatures of time begin to fail, and a ledger's days are wrong.</summary>
    static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    public static async Task<IEnumerable<Finding>> Reach(Settings settings, TimeProvider clock, CancellationToken cancellation)
    {
        // Where a key comes from is no longer known once it is there.
        Dictionary<string, string> variables = Configuration.Read(new()) is Configuration.Valid { Settings: var bare }
            ? bare.Upstreams.Where(upstream => upstream.Key is Key.Missing).ToDictionary(upstream => upstream.Name, upstream => ((Key.Missing)upstream.Key).Variable) : [];
        Upstream[] asked = [.. settings.Upstreams.Where(upstream => upstream.Key is not Key.Missing)];
        (Finding Finding, TimeSpan? Skew)[] seen = await Task.WhenAll(asked.Select(upstream => Ask(upstream, variables.GetValueOrDefault(upstream.Name), clock, cancellation)));
        return [.. seen.Select(answer => answer.Finding), .. Clock([.. seen.Select(answer => answer.Skew).OfType<TimeSpan>()])];
    }

    static IEnumerable<Finding> Clock(TimeSpan[] skews)
    {
        if (skews.Length == 0) yield break;
        // One server's clock may be wrong; the one in the middle is not.
        TimeSpan skew = skews.Order().ElementAt(skews.Length / 2);
        if (skew.Duration() <= MostSkew) yield return new Finding.Good("clock", "agrees with the upstreams'");
        else yield return new Finding.Wrong("clock", $"{Math.Round(skew.Duration().TotalMinutes)} minutes {(skew > TimeSpan.Zero ? "behind" : "ahead of")} the upstreams'", "set it by the network (timedatectl set-ntp true)");
    }

    /// <returns>With how far the upstream's clock is ahead of ours, where it told.</returns>
    static async Task<(Finding, TimeSpan?)> Ask(Upstream upstream, string? variable, TimeProvider clock, CancellationToken cancellation)
    {
        string mend = variable is null ? $"check the key of upstreams.{upstream.Name} in the configuration" : $"check {variable}";
        using HttpClient http = RemoteModel.CreateHttpClient(new() { Connect = Patience });
        http.Timeout = Patience;
        using HttpRequestMessage request = new(HttpMethod.Get, Address(upstream));
        foreach (Header header in upstream.Headers) request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (upstream.Key is Key.Set key)
        {
            request.Headers.TryAddWithoutValidation("authorization", $"Bearer {key.Secret}");
            if (upstream.Format == WireFormat.Anthropic)
            {
                // Anthropic takes its key in a header of its own, and refuses two.
                if (upstream.Url.Host.EndsWith("anthropic.com", StringComparison.Ordinal)) request.Headers.Remove("authorization");
                request.Headers.TryAddWithoutValidation("x-api-key", key.Secret);
                request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
            }
        }
        long started = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            string took = $"{Stopwatch.GetElapsedTime(started).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms";
            TimeSpan? skew = answer.Headers.Date is { } date ? date - clock.GetUtcNow() : null;
            int status = (int)answer.StatusCode;
            return (answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new Finding.Wrong(upstream.Name, $"refuses the key ({status})", mend),
                HttpStatusCode.PaymentRequired => new Finding.Wrong(upstream.Name, "answers that there is no money left (402)", "fill up the account there"),
                >= HttpStatusCode.InternalServerError => new Finding.Wrong(upstream.Name, $"answers with an error of its own ({status})", "wait, or use another upstream"),
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new Finding.Wrong(upstream.Name, $"sends elsewhere ({status})", $"put the address that it means into upstreams.{upstream.Name}.url"),
                // Not every server lists its models; that it answers is enough.
                HttpStatusCode.NotFound => new Finding.Good(upstream.Name, $"answers in {took}; it lists no models, so the key was not tried"),
                _ => new Finding.Good(upstream.Name, $"answers in {took}"),
            }, skew);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (new Finding.Wrong(upstream.Name, $"did not answer within {Patience.TotalSeconds:0} s", $"look at the network, a proxy, or upstreams.{upstream.Name}.url"), null);
        }
        catch (HttpRequestException e)
        {
            return (new Finding.Wrong(upstream.Name, Words(e, upstream), $"look at the network, a proxy, or upstreams.{upstream.Name}.url"), null);
        }
    }

    static string Words(HttpRequestException failure, Upstream upstream) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the name {upstream.Url.Host} was not found",
        HttpRequestError.SecureConnectionError => $"no secure connection to {upstream.Url.Host}",
        HttpRequestError.ConnectionError => $"no connection to {upstream.Url.Authority}",
        _ => "the connection broke",
    };

    static string Address(Upstream upstream) => upstream.Endpoint + (upstream.Format switch
    {
        WireFormat.Anthropic when !upstream.Url.AbsolutePath.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal) => "/v1/models",
        _ => "/models",
    });
}
