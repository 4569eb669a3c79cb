// Clients that speak Anthropic Messages.

using System.Buffers;
using Baltoro.Chat;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.Wire;
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

    public Refusal Error(Failure failure, string requestId)
    {
        ErrorReply error = Errors.Write(failure, requestId);
        return new(error.Status, error.Body.Utf8, error.Headers);
    }
}
