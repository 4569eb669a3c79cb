// The scripted faults do what they say, and what is sent in between arrives cut in pieces but whole in sum.

using System.Text;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.Vendors;

public class FaultTests
{
    const string Body = """{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}""";
    const string Text = "Größe 大きさ 🧭 and enough letters for a dozen pieces";

    [Fact]
    public async Task Pieces_make_up_the_whole_and_end_inside_events_and_characters()
    {
        await using var upstream = await Start(new Fault.None());
        using var answer = await upstream.Ask(Body);
        await using var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var all = new StringBuilder();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        all.Append(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.EndsWith("data: [DONE]\n\n", all.ToString());
        Assert.Contains("大きさ", all.ToString());
        Assert.DoesNotContain('\uFFFD', all.ToString());
    }

    [Fact]
    public async Task A_status_comes_with_its_headers_and_body()
    {
        await using var upstream = await Start(new Fault.Status(429, """{"busy":true}""", new Dictionary<string, string> { ["retry-after"] = "7" }));
        using var answer = await upstream.Ask(Body);
        Assert.Equal(429, (int)answer.StatusCode);
        Assert.Equal("7", answer.Headers.GetValues("retry-after").Single());
        Assert.Equal("""{"busy":true}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cut_stream_breaks_off_after_its_events()
    {
        await using var upstream = await Start(new Fault.CutAfter(2));
        using var answer = await upstream.Ask(Body);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        for (var line = 0; line < 4; line++) Assert.NotNull(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<IOException>(() => reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_ended_stream_has_its_events_and_no_end_marker()
    {
        await using var upstream = await Start(new Fault.EndAfter(2));
        using var answer = await upstream.Ask(Body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("[DONE]", text);
    }

    [Fact]
    public async Task A_stalled_stream_goes_on_when_the_test_says_so()
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await Start(new Fault.StallAfter(2, signal.Task));
        using var answer = await upstream.Ask(Body);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        for (var line = 0; line < 4; line++) await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        var rest = reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.False(rest.IsCompleted);
        signal.SetResult();
        Assert.EndsWith("[DONE]\n\n", await rest);
    }

    static Task<Upstream> Start(Fault fault) => Upstream.Start(new Kimi(), Asking.Says(Text), (_, _) => fault);
}
