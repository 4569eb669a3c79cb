// What open streams cost while nothing happens on them: the gateway's resident memory.

namespace Baltoro.Load;

/// <summary>Resident memory in bytes.</summary>
/// <param name="Before">After a first stream, so that what the first request loads is no part of the streams' cost.</param>
sealed record Residence(int Streams, long Started, long Before, long With);

static class IdleStreams
{
    const string Body = """{"model":"held","max_tokens":1000,"stream":true,"messages":[{"role":"user","content":"hello"}]}""";

    public static async Task<Residence> Measure(GatewayProcess gateway, int count, CancellationToken cancellation)
    {
        long started = gateway.Resident();
        byte[] request = Line.Request(gateway.Url, "/v1/messages", Body);
        List<Line> lines = [];
        try
        {
            await Open(gateway, request, lines, cancellation);
            long before = gateway.Resident();
            while (lines.Count < count) await Open(gateway, request, lines, cancellation);
            // The peak of opening them is over; what is left is what they hold.
            await Task.Delay(TimeSpan.FromSeconds(5), cancellation);
            return new(count, started, before, gateway.Resident());
        }
        finally
        {
            foreach (Line line in lines) line.Dispose();
        }
    }

    static async Task Open(GatewayProcess gateway, byte[] request, List<Line> lines, CancellationToken cancellation)
    {
        Line line = await Line.To(gateway.Url);
        lines.Add(line);
        if (!await line.Begin(request, "Let me look.", cancellation)) throw new IOException("a stream did not begin");
    }
}
