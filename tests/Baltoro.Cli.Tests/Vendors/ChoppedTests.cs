// What the scripted vendors send is cut where it hurts.

using System.IO.Pipelines;
using System.Text;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Vendors;

public class ChoppedTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Cuts_fall_inside_events_and_characters_never_between_events(int seed)
    {
        string[] events = [.. Enumerable.Range(1, 200).Select(i => $"data: {new string('大', i % 23)} {i}\n\n")];
        var pieces = new Pieces();
        var chopped = new Chopped(PipeWriter.Create(pieces), new Random(seed));
        foreach (var text in events) await chopped.Send(text, TestContext.Current.CancellationToken);
        await chopped.Drain(TestContext.Current.CancellationToken);

        Assert.Equal(string.Concat(events), Encoding.UTF8.GetString([.. pieces.Written.SelectMany(p => p)]));
        var borders = Sums(events.Select(Encoding.UTF8.GetByteCount));
        Assert.Empty(Sums(pieces.Written.Select(p => p.Length)).SkipLast(1).Intersect(borders));
        Assert.Contains(pieces.Written, p => Encoding.UTF8.GetString(p).Contains('\uFFFD'));
    }

    static List<int> Sums(IEnumerable<int> lengths)
    {
        var sum = 0;
        return [.. lengths.Select(l => sum += l)];
    }

    /// <summary>Keeps what is written apart.</summary>
    sealed class Pieces : MemoryStream
    {
        public List<byte[]> Written { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written.Add(buffer.ToArray());
            return ValueTask.CompletedTask;
        }
    }
}
