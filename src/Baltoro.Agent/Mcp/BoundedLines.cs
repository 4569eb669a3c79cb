// Passes a stream on until one of its lines is longer than anyone should hold. It does not know what the lines mean.

namespace Baltoro.Agent.Mcp;

/// <summary>A stream to read from, for a reader that holds whole lines in memory. Owns <paramref name="inner"/>.</summary>
/// <param name="longest">Bytes of a line; behind more the stream ends as if the other side had closed it.</param>
sealed class BoundedLines(Stream inner, int longest) : Stream
{
    int _line;
    bool _burst;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_burst) return 0;
        int read = await inner.ReadAsync(buffer, cancellationToken);
        return Passed(buffer.Span[..read]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => _burst ? 0 : Passed(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    int Passed(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.LastIndexOf((byte)'\n');
        _line = end < 0 ? _line + bytes.Length : bytes.Length - end - 1;
        _burst = _line > longest;
        return _burst ? 0 : bytes.Length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
