// What the gateway needs of a client's wire format; it refuses to know which endpoint is served with it.

using System.Buffers;
using Baltoro.Chat;
using Baltoro.Chat.Wire;
using Baltoro.Gateway.Keys;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Clients;

/// <summary>One of the formats in which clients speak. Stateless.</summary>
interface IClientFormat
{
    /// <summary>Shown in the log.</summary>
    string Name { get; }

    Reading Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers);

    /// <summary>A writer for one streamed reply.</summary>
    IReplyWriter Writer(ClientRequest request, string id, DateTimeOffset now);

    void Whole(Reply reply, ClientRequest request, string id, DateTimeOffset now, IBufferWriter<byte> into);

    Refusal Error(Failure failure, string requestId);

    /// <summary>Tells a client how its key stands, in the headers that its format has for it.</summary>
    void Tell(Standing standing, DateTimeOffset now, IHeaderDictionary headers);
}

/// <summary>An error as it goes over the wire.</summary>
sealed record Refusal(int Status, ReadOnlyMemory<byte> Body, Sequence<Header> Headers);
