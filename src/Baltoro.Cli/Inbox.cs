// What the user says to a run, one message after the other; it refuses to know what is answered.

using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli;

/// <summary>Read by one reader.</summary>
sealed class Inbox
{
    readonly Func<Task<Sequence<Block>?>> _next;

    Inbox(Func<Task<Sequence<Block>?>> next) => _next = next;

    /// <summary>One message, which may be empty, and no other.</summary>
    public static Inbox Of(Sequence<Block> only)
    {
        Sequence<Block>? left = only;
        return new(() =>
        {
            Sequence<Block>? next = left;
            left = null;
            return Task.FromResult(next);
        });
    }

    /// <summary>
    /// One message a line, in the schema of Claude Code's <c>--input-format stream-json</c>:
    /// <c>{"type":"user","message":{"role":"user","content":…}}</c>, the content a text or a list of text and image blocks. Empty lines are passed over.
    /// </summary>
    public static Inbox Lines(TextReader input)
    {
        int number = 0;
        return new(async () =>
        {
            while (await input.ReadLineAsync() is { } line)
            {
                number++;
                if (line.AsSpan().Trim().Length > 0) return Message(line, number);
            }
            return null;
        });
    }

    /// <returns>Null at the end.</returns>
    /// <exception cref="UserException">A line is none of these.</exception>
    public Task<Sequence<Block>?> Next() => _next();

    static Sequence<Block> Message(string line, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement json = document.RootElement;
            if (Text(json, "type") is var type and not "user") throw Wrong(number, $"found type \"{type}\", expected \"user\"");
            JsonElement content = json.GetProperty("message").GetProperty("content");
            Sequence<Block> blocks = content.ValueKind == JsonValueKind.String ? [new Block.Text(content.GetString()!)]
                : content.EnumerateArray().Select(block => Read(block, number)).ToSequence();
            return blocks.IsEmpty || blocks is [Block.Text { Content: "" }] ? throw Wrong(number, "the message says nothing") : blocks;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Wrong(number, """expected {"type":"user","message":{"role":"user","content":"…"}}""");
        }
    }

    static Block Read(JsonElement block, int number) => Text(block, "type") switch
    {
        "text" => new Block.Text(Text(block, "text")),
        "image" when block.GetProperty("source") is var source && Text(source, "type") == "base64" => new Block.Image(new Media.Inline(Text(source, "media_type"), Text(source, "data"))),
        var other => throw Wrong(number, $"found a block of type \"{other}\", expected text or an image in base64"),
    };

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new InvalidOperationException();

    static UserException Wrong(int number, string problem) => new($"input, line {number}: {problem}");
}
