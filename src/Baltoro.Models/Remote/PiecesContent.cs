// A body that lies in several pieces of memory, sent without putting them together. It refuses to know what they say.

using System.Buffers;
using System.Net;

namespace Baltoro.Models.Remote;

/// <param name="body">Not to be changed until the request is sent or given up.</param>
sealed class PiecesContent(ReadOnlySequence<byte> body) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> piece in body) await stream.WriteAsync(piece, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
