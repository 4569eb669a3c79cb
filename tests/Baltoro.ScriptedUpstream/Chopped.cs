// Sends events as bytes cut in random places, each piece flushed on its own, so that a reader that trusts the borders of what
// it receives fails. Cuts fall inside events and inside characters, never between two events. It does not know what it sends.

using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Baltoro.ScriptedUpstream;

public sealed class Chopped(PipeWriter output, Random random)
{
    const int LongestPiece = 160;

    readonly ArrayBufferWriter<byte> _held = new();
    readonly List<int> _borders = [];

    /// <summary>Takes one event. Its last bytes stay behind until the next event or <see cref="Drain"/>.</summary>
    public async Task Send(string text, CancellationToken stop)
    {
        _borders.Add(_held.WrittenCount);
        Encoding.UTF8.GetBytes(text, _held);
        var sent = 0;
        for (var size = Next(); size < _held.WrittenCount - sent; size = Next())
        {
            if (_borders.Contains(sent + size)) continue;
            await output.WriteAsync(_held.WrittenMemory.Slice(sent, size), stop);
            sent += size;
        }
        Forget(sent);
    }

    /// <summary>Sends what was held back: before a pause or the end.</summary>
    public async Task Drain(CancellationToken stop)
    {
        if (_held.WrittenCount == 0) return;
        await output.WriteAsync(_held.WrittenMemory, stop);
        Forget(_held.WrittenCount);
    }

    void Forget(int sent)
    {
        var rest = _held.WrittenSpan[sent..].ToArray();
        _held.ResetWrittenCount();
        _held.Write(rest);
        _borders.RemoveAll(b => b <= sent);
        for (var i = 0; i < _borders.Count; i++) _borders[i] -= sent;
    }

    int Next() => random.Next(1, LongestPiece + 1);
}
