// Clients that speak OpenAI Chat Completions.

using Baltoro.Chat;
using Baltoro.Chat.OpenAI;
using Baltoro.Chat.Wire;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Clients;

sealed class OpenAIClient : IClientFormat
{
    public static readonly OpenAIClient Instance = new();

    public string Name => "chat";

    public Reading Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers) => RequestReader.Read(body);

    public IReplyWriter Writer(ClientRequest request, string id, DateTimeOffset now) =>
        new ReplyWriter($"chatcmpl-{id}", request.Request.Model, now.ToUnixTimeSeconds(), request.CountAtEnd);

    public byte[] Whole(Reply reply, ClientRequest request, string id, DateTimeOffset now) =>
        WholeReplyWriter.Write(reply, $"chatcmpl-{id}", request.Request.Model, now.ToUnixTimeSeconds());

    public ErrorReply Error(Failure failure, string requestId)
    {
        (int status, byte[] body) = Errors.Write(failure);
        return new(status, body, RetryHeaders(failure));
    }

    static Sequence<Header> RetryHeaders(Failure failure) => failure.RetryAfter is { } wait
        ? [new("retry-after", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture))]
        : [];
}
