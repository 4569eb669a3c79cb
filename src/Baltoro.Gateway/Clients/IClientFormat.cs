// What the gateway needs of a client's wire format; it refuses to know which endpoint is served with it.

using Baltoro.Chat;
using Baltoro.Chat.Wire;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Clients;

/// <summary>One of the formats in which clients speak. Stateless.</summary>
interface IClientFormat
{
    /// <summary>Shown in the log.</summary>
    string Name { get; }

    Reading Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers);

    /// <summary>A writer for one streamed reply.</summary>
    /// <param name="model">The name that the client asked for.</param>
    IReplyWriter Writer(ClientRequest request, string id, DateTimeOffset now);

    byte[] Whole(Reply reply, ClientRequest request, string id, DateTimeOffset now);

    ErrorReply Error(Failure failure, string requestId);
}

/// <summary>An error as it goes over the wire.</summary>
sealed record ErrorReply(int Status, byte[] Body, Sequence<Header> Headers);
