// One agent's task: each request carries all turns before it, so its body grows from a few hundred bytes to hundreds of kilobytes.

using System.Diagnostics;
using System.Text;

namespace Baltoro.Load;

/// <param name="Bytes">The request's size.</param>
/// <param name="Gateway">Milliseconds through the gateway.</param>
/// <param name="Direct">Milliseconds of the same bytes straight to the upstream.</param>
sealed record TurnTime(int Turn, int Bytes, double Gateway, double Direct);

/// <param name="Processor">The gateway's processor time for all turns.</param>
sealed record Task300(IReadOnlyList<TurnTime> Turns, TimeSpan Processor);

static class GrowingConversation
{
    public static async Task<Task300> Measure(GatewayProcess gateway, InstantUpstream upstream, int turns, CancellationToken cancellation)
    {
        using Line through = await Line.To(gateway.Url), direct = await Line.To(upstream.Url);
        // Once for the JIT, once to be measured.
        await Walk(turns);
        TimeSpan before = gateway.Processor();
        List<TurnTime> times = await Walk(turns);
        return new(times, gateway.Processor() - before);

        async Task<List<TurnTime>> Walk(int count)
        {
            List<TurnTime> measured = [];
            StringBuilder body = new("""{"model":"at-once","max_tokens":32000,"stream":true,"tools":[{"name":"Read","description":"Reads a file.","input_schema":{"type":"object","properties":{"file_path":{"type":"string"}},"required":["file_path"]}}],"messages":[{"role":"user","content":"Follow the trail."}""");
            for (int turn = 1; turn <= count; turn++)
            {
                cancellation.ThrowIfCancellationRequested();
                string whole = $"{body}]}}";
                double gatewayMs = await Time(through, Line.Request(gateway.Url, "/v1/messages", whole));
                double directMs = await Time(direct, Line.Request(upstream.Url, "/at-once/v1/chat/completions", whole));
                measured.Add(new(turn, whole.Length, gatewayMs, directMs));
                body.Append(Turn(turn));
            }
            return measured;
        }
    }

    static async Task<double> Time(Line line, byte[] request)
    {
        long sent = Stopwatch.GetTimestamp();
        if (!await line.Ask(request)) throw new IOException("no good reply");
        return Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
    }

    static string Turn(int turn)
    {
        string file = string.Concat(Enumerable.Repeat($"line {turn}: the word is \\\"glacier\\\", and the next file is number {turn + 1}.\\n", 10));
        return $$"""
            ,{"role":"assistant","content":[
                {"type":"thinking","thinking":"The last file named number {{turn}}; I read that one next, and keep its word.","signature":""},
                {"type":"tool_use","id":"toolu_{{turn}}","name":"Read","input":{"file_path":"/trail/{{turn}}.txt"} }]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_{{turn}}","content":"{{file}}"}]}
            """;
    }
}
