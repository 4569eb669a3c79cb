// Clients that speak Anthropic Messages.

using System.Buffers;
using System.Globalization;
using Baltoro.Chat;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.Wire;
using Baltoro.Gateway.Keys;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Clients;

sealed class AnthropicClient : IClientFormat
{
    public static readonly AnthropicClient Instance = new();

    public string Name => "messages";

    public Reading Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers) => RequestReader.Read(body,
        headers.Where(header => Matters(header.Key))
            .Select(header => new Header(header.Key.ToLowerInvariant(), header.Value.ToString()))
            .OrderBy(header => header.Name, StringComparer.Ordinal).ToSequence());

    static bool Matters(string name) =>
        name.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("x-claude-code-", StringComparison.OrdinalIgnoreCase);

    public IReplyWriter Writer(ClientRequest request, string id, DateTimeOffset now) => new ReplyWriter($"msg_{id}", request.Request.Model, $"req_{id}");

    public void Whole(Reply reply, ClientRequest request, string id, DateTimeOffset now, IBufferWriter<byte> into) =>
        WholeReplyWriter.Write(reply, $"msg_{id}", request.Request.Model, into);

    /// <summary>
    /// Rate limits: platform.claude.com/docs/en/api/rate-limits, "Response headers". Spending: the gateway contract that Claude Code 2.1.330 carries, where
    /// it counts as overage.
    /// </summary>
    public void Tell(Standing standing, DateTimeOffset now, IHeaderDictionary headers)
    {
        Write("requests", standing.Requests);
        Write("tokens", standing.Tokens);
        if (standing.Spending is not { } spending) return;
        const string Unified = "anthropic-ratelimit-unified-";
        string resets = spending.Resets.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        headers[Unified + "status"] = spending.IsReached ? "rejected" : "allowed";
        headers[Unified + "reset"] = resets;
        headers[Unified + "overage-reset"] = resets;
        if (spending.IsReached)
        {
            headers[Unified + "overage-period"] = spending.Cap.Period switch { CapPeriod.Day => "daily", CapPeriod.Week => "weekly", _ => "monthly" };
            headers[Unified + "overage-disabled-reason"] = "org_spend_cap_reached";
            return;
        }
        headers[Unified + "representative-claim"] = "overage";
        headers[Unified + "overage-status"] = "allowed";
        headers[Unified + "overage-utilization"] = spending.Utilization.ToString("0.00", CultureInfo.InvariantCulture);
        if (spending.Utilization >= 0.75m) headers[Unified + "overage-surpassed-threshold"] = spending.Utilization >= 0.95m ? "0.95" : "0.75";

        void Write(string what, Allowance? allowance)
        {
            if (allowance is null) return;
            headers[$"anthropic-ratelimit-{what}-limit"] = allowance.Limit.ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{what}-remaining"] = allowance.Remaining.ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{what}-reset"] = allowance.Resets.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
    }

    public Refusal Error(Failure failure, string requestId)
    {
        ErrorReply error = Errors.Write(failure, requestId);
        return new(error.Status, error.Body.Utf8, error.Headers);
    }
}
