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
    /// <summary>Of a test that hangs; nothing is measured by it.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static async Task<Heard> Of(Upstream upstream, string body)
    {
        using var raw = new MemoryStream();
        var (status, ending) = (0, Ending.InOrder);
        var silence = upstream.NextSilence;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Limit);
        try
        {
            var asked = upstream.Ask(body, end.Token);
            if (await Task.WhenAny(asked, silence) == silence && !(await silence).Began) return Silent(end, status, raw);
            using var answer = await asked;
            status = (int)answer.StatusCode;
            await using var stream = await answer.Content.ReadAsStreamAsync(end.Token);
            var buffer = new byte[4096];
            while (true)
            {
                var read = stream.ReadAsync(buffer, end.Token).AsTask();
                if (!IsOver(silence, raw)) await Task.WhenAny(read, silence);
                if (!read.IsCompleted && IsOver(silence, raw)) return Silent(end, status, raw);
                if (await read is not (> 0 and var count)) break;
                raw.Write(buffer, 0, count);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException) { ending = Ending.Broken; }
        return Of(status, raw, ending);
    }

    /// <summary>Whether the vendor has fallen silent and all that it sent before is here, with a sign of life where some follow.</summary>
    static bool IsOver(Task<Silence> silence, MemoryStream raw) =>
        silence.IsCompletedSuccessfully && raw.Length >= silence.Result.Bytes && (!silence.Result.HasPings || IsSignOfLife(Decoded(raw)));

    static Heard Silent(CancellationTokenSource end, int status, MemoryStream raw)
    {
        end.Cancel();
        return Of(status, raw, Ending.Silent);
    }

    static Heard Of(int status, MemoryStream raw, Ending ending) =>
        status == 200 ? Read(Decoded(raw), IsSignOfLife(Decoded(raw)), ending) : new Heard(status, "", "", "", null, false, false, ending);

    static string Decoded(MemoryStream raw) => Encoding.UTF8.GetString(raw.GetBuffer(), 0, (int)raw.Length);

    static bool IsSignOfLife(string raw) => raw.EndsWith(": keep-alive\n\n", StringComparison.Ordinal) || raw.EndsWith("\"ping\"}\n\n", StringComparison.Ordinal);

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
