// Clients that speak OpenAI Chat Completions.

using System.Buffers;
using System.Globalization;
using Baltoro.Chat;
using Baltoro.Chat.OpenAI;
using Baltoro.Chat.Wire;
using Baltoro.Gateway.Keys;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Clients;

sealed class OpenAIClient : IClientFormat
{
    public static readonly OpenAIClient Instance = new();

    public string Name => "chat";

    public Reading Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers) => RequestReader.Read(body);

    public IReplyWriter Writer(ClientRequest request, string id, DateTimeOffset now) =>
        new ReplyWriter($"chatcmpl-{id}", request.Request.Model, now.ToUnixTimeSeconds(), request.CountAtEnd);

    public void Whole(Reply reply, ClientRequest request, string id, DateTimeOffset now, IBufferWriter<byte> into) =>
        into.Write(WholeReplyWriter.Write(reply, $"chatcmpl-{id}", request.Request.Model, now.ToUnixTimeSeconds()));

    public Refusal Error(Failure failure, string requestId)
    {
        (int status, byte[] body) = Errors.Write(failure);
        return new(status, body, RetryHeaders(failure));
    }

    /// <summary>OpenAI API reference, rate limits: "Rate limits in headers". Spending has none there.</summary>
    public void Tell(Standing standing, DateTimeOffset now, IHeaderDictionary headers)
    {
        Write("requests", standing.Requests);
        Write("tokens", standing.Tokens);

        void Write(string what, Allowance? allowance)
        {
            if (allowance is null) return;
            headers[$"x-ratelimit-limit-{what}"] = allowance.Limit.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-remaining-{what}"] = allowance.Remaining.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-reset-{what}"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling((allowance.Resets - now).TotalSeconds)}s");
        }
    }

    static Sequence<Header> RetryHeaders(Failure failure)
    {
        List<Header> headers = [];
        if (failure.RetryAfter is { } wait)
            headers.Add(new("retry-after", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));
        // OpenAI's own clients would try a 429 again, whatever its reason.
        if (failure is Failure.QuotaExhausted) headers.Add(new("x-should-retry", "false"));
        return headers.ToSequence();
    }
}
