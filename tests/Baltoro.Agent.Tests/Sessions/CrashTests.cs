// A run whose process died at each point of its log: opened again, it goes on to the right answer and runs nothing twice.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Agent.Tests.Sessions;

public sealed class CrashTests
{
    const int Calls = 40;

    [Fact]
    public Task After_every_single_event() => Die(line => [line.End]);

    [Fact]
    public Task In_the_middle_of_writing_every_event() => Die(line => [line.Begin + 1, (line.Begin + line.End) / 2, line.End - 1]);

    /// <summary>Runs to the end once; then cuts its log at each place and resumes what is left.</summary>
    /// <param name="cuts">Places in a line, as offsets into the log.</param>
    static async Task Die(Func<(int Begin, int End), int[]> cuts)
    {
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", Trail.Script());
        Trail trail = Trail.Of(Calls, scene.Project, forkEvery: 4);
        trail.Lay();
        Assert.Equal(new RunEnd.Done(Trail.Finished), await scene.Run(trail.Task));
        byte[] log = await File.ReadAllBytesAsync(scene.LogPath, TestContext.Current.CancellationToken);

        foreach ((int Begin, int End) line in LinesOf(log).Skip(2))
        {
            foreach (int cut in cuts(line))
            {
                File.Delete(trail.AnswerFile);
                await File.WriteAllBytesAsync(scene.LogPath, log[..cut], TestContext.Current.CancellationToken);
                IEnumerable<string> before = Finished(scene, out SessionEvent last);
                if (before.Contains($"Write {trail.AnswerFile}")) await File.WriteAllTextAsync(trail.AnswerFile, trail.Answer, TestContext.Current.CancellationToken);
                scene.Diary.Clear();

                Assert.Equal(new RunEnd.Done(Trail.Finished), await scene.Resume());

                Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
                // What was running when the process died was not run again by itself: the model asked for it once more, having been told.
                Assert.Equal([.. trail.Files.Keys.Select(path => $"Read {path}").Append($"Write {trail.AnswerFile}").Except(before).Order(StringComparer.Ordinal)],
                    scene.Diary.Done.Order(StringComparer.Ordinal));
                if (last is SessionEvent.CallBegan)
                    Assert.Contains(scene.Upstream.Asked[^1].Conversation!.Turns.OfType<ScriptedUpstream.Turn.Result>(), result => result.Text.StartsWith("Interrupted:", StringComparison.Ordinal));
            }
        }
        Assert.Empty(scene.Upstream.Violations);
    }

    static IEnumerable<(int Begin, int End)> LinesOf(byte[] log)
    {
        for (int begin = 0; begin < log.Length;)
        {
            int end = begin + log.AsSpan(begin).IndexOf((byte)'\n') + 1;
            yield return (begin, end);
            begin = end;
        }
    }

    /// <summary>The calls that have a result in the log as it is, in the words of the diary; and its last whole event.</summary>
    static List<string> Finished(Scene scene, out SessionEvent last)
    {
        using Session session = scene.Open();
        IReadOnlyList<LoggedEvent> events = LogReading.Of(scene.LogPath, null).Events;
        last = events[^1].Event;
        Dictionary<string, Chat.Block.ToolCall> calls = [];
        List<string> finished = [];
        foreach (LoggedEvent logged in events)
        {
            if (logged.Event is SessionEvent.Replied replied)
                foreach (Chat.Block.ToolCall call in replied.Blocks.OfType<Chat.Block.ToolCall>()) calls[call.Id] = call;
            if (logged.Event is not SessionEvent.CallEnded ended) continue;
            using System.Text.Json.JsonDocument arguments = System.Text.Json.JsonDocument.Parse(calls[ended.CallId].Arguments);
            finished.Add($"{calls[ended.CallId].Name} {arguments.RootElement.GetProperty("file_path").GetString()}");
        }
        return finished;
    }
}
