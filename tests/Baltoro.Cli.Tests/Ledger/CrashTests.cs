// The executable is killed in the middle of its work, again and again: the ledger opens each time, and lacks nothing that was over a
// quarter of a second before.

using System.Collections.Concurrent;
using System.Text;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;
using Microsoft.Data.Sqlite;
using Reply = Baltoro.ScriptedUpstream.Reply;

namespace Baltoro.Cli.Tests.Ledger;

/// <summary>Alone: what a busy machine delays would look like a loss.</summary>
[CollectionDefinition("crashes", DisableParallelization = true)]
public class AloneOnTheMachine;

[Collection("crashes")]
public class CrashTests
{
    const int Crashes = 20, AtOnce = 6;
    const string Body = """{"model":"kimi","max_tokens":1000,"messages":[{"role":"user","content":"hello"}]}""";
    static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Killed_twenty_times_under_load_the_ledger_opens_and_lacks_at_most_the_last_quarter_of_a_second()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of((_, _) => Reply.Of(new Part.Say("hello")), "kimi");
        var random = new Random(20);
        var answered = new ConcurrentDictionary<string, long>();
        var lost = new List<string>();
        for (var crash = 0; crash < Crashes; crash++)
        {
            long killed;
            await using (var gateway = await GatewayProcess.Before(scratch, cast))
            {
                await Load(gateway, answered, until: answered.Count + random.Next(200, 700));
                killed = TimeProvider.System.GetTimestamp();
            }
            var kept = Kept(scratch);
            foreach (var (id, over) in answered.Where(one => !kept.Contains(one.Key)))
            {
                var before = TimeProvider.System.GetElapsedTime(over, killed);
                if (before > Bound) lost.Add($"crash {crash}: a row of {before.TotalMilliseconds:0} ms before");
                answered.TryRemove(id, out _);
            }
        }
        Assert.Empty(lost);
        // Rows and sums are written together or not at all.
        Assert.Equal(Read(scratch, "SELECT COUNT(*), SUM(input), SUM(output), SUM(cost) FROM requests"), Read(scratch, "SELECT SUM(requests), SUM(input), SUM(output), SUM(cost) FROM totals"));
        Assert.Equal(["ok"], Read(scratch, "PRAGMA integrity_check"));
        Assert.True(answered.Count > Crashes * 100, $"only {answered.Count} rows were kept");
    }

    /// <summary>Returns while requests are still under way.</summary>
    static async Task Load(GatewayProcess gateway, ConcurrentDictionary<string, long> answered, int until)
    {
        var enough = new TaskCompletionSource();
        using var http = new HttpClient { BaseAddress = new Uri(gateway.Url) };
        for (var client = 0; client < AtOnce; client++) _ = Ask(http);
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        async Task Ask(HttpClient http)
        {
            try
            {
                while (!enough.Task.IsCompleted)
                {
                    using var answer = await http.PostAsync("/v1/messages", new StringContent(Body, Encoding.UTF8, "application/json"));
                    await answer.Content.ReadAsStringAsync();
                    answered[answer.Headers.GetValues("request-id").Single()["req_".Length..]] = TimeProvider.System.GetTimestamp();
                    if (answered.Count >= until) enough.TrySetResult();
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                // The gateway is gone.
            }
        }
    }

    static HashSet<string> Kept(Scratch scratch) => [.. Read(scratch, "SELECT id FROM requests")];

    static List<string> Read(Scratch scratch, string query)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(GatewayProcess.Home(scratch), ".local", "state", "baltoro", "ledger.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Words of this test.
        command.CommandText = query;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}")));
        return rows;
    }
}
