// What a client without any library hears of one reply, in either format: no repair, no retry, no judgement.

using System.Text;
using System.Text.Json;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Vendors;

/// <summary>How a reply's connection ended.</summary>
enum Ending { InOrder, Broken, Silent }

/// <param name="Marked">Whether the format's end marker came.</param>
/// <param name="Alive">Whether signs of life were the last that came.</param>
sealed record Heard(int Status, string Thinking, string Text, string Calls, string? Stop, bool Marked, bool Alive, Ending Ending)
{
    // A vendor on loopback that says nothing for so long says nothing.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public static async Task<Heard> Of(Upstream upstream, string body)
    {
        var raw = new StringBuilder();
        var (status, ending) = (0, Ending.InOrder);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Patience);
        try
        {
            using var answer = await upstream.Ask(body, end.Token);
            status = (int)answer.StatusCode;
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(end.Token));
            var buffer = new char[4096];
            while (await reader.ReadAsync(buffer, end.Token) is > 0 and var count)
            {
                raw.Append(buffer, 0, count);
                if (!IsSignOfLife(raw)) end.CancelAfter(Patience);
            }
        }
        catch (OperationCanceledException) { ending = Ending.Silent; }
        catch (Exception e) when (e is HttpRequestException or IOException) { ending = Ending.Broken; }
        return status == 200 ? Read(raw.ToString(), IsSignOfLife(raw), ending) : new Heard(status, "", "", "", null, false, false, ending);
    }

    static bool IsSignOfLife(StringBuilder raw)
    {
        const int Longest = 30;
        var tail = raw.ToString(Math.Max(0, raw.Length - Longest), Math.Min(Longest, raw.Length));
        return tail.EndsWith(": keep-alive\n\n", StringComparison.Ordinal) || tail.EndsWith("\"ping\"}\n\n", StringComparison.Ordinal);
    }

    static Heard Read(string raw, bool alive, Ending ending)
    {
        var (thinking, text, calls, stop, marked) = (new StringBuilder(), new StringBuilder(), new StringBuilder(), default(string), false);
        foreach (var line in raw.Split("\n\n").SkipLast(1).SelectMany(e => e.Split('\n')).Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l[6..]))
        {
            if (line == "[DONE]") { marked = true; continue; }
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            marked |= Member(root, "type") == "message_stop";
            foreach (var delta in Deltas(root))
            {
                thinking.Append(Member(delta, "reasoning_content") ?? Member(delta, "reasoning") ?? Member(delta, "thinking"));
                text.Append(Member(delta, "content") ?? Member(delta, "text"));
                stop = Member(delta, "finish_reason") ?? Member(delta, "stop_reason") ?? stop;
                if (Member(delta, "type") == "tool_use") calls.Append($"[{Member(delta, "id")}|{Member(delta, "name")}|");
                calls.Append(Member(delta, "partial_json"));
                if (!delta.TryGetProperty("tool_calls", out var pieces)) continue;
                foreach (var piece in pieces.EnumerateArray())
                {
                    var function = piece.GetProperty("function");
                    if (Member(function, "name") is { } name) calls.Append($"[{piece.GetProperty("index")}:{Member(piece, "id")}|{name}|");
                    calls.Append(Member(function, "arguments"));
                }
            }
        }
        return new Heard(200, thinking.ToString(), text.ToString(), calls.ToString(), stop, marked, alive, ending);
    }

    static IEnumerable<JsonElement> Deltas(JsonElement root)
    {
        if (root.TryGetProperty("choices", out var choices))
            foreach (var choice in choices.EnumerateArray())
            {
                yield return choice;
                yield return choice.GetProperty("delta");
            }
        if (root.TryGetProperty("delta", out var delta)) yield return delta;
        if (root.TryGetProperty("content_block", out var block)) yield return block;
    }

    static string? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
