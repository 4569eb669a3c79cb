// What comes to a run through its input: the user's messages, in order, and meanwhile what a wrapper asks of the process. It refuses to know what is answered.

using System.Text.Json;
using System.Threading.Channels;
using Baltoro.Agent.Loop;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli;

/// <summary>One of the user's messages, and what stops the work on it.</summary>
sealed record Message(Sequence<Block> Words, Interruption Interruption);

/// <summary>Read by one reader. While that works on a message, lines are read on: an interruption must not wait for what it is to interrupt.</summary>
sealed class Inbox
{
    readonly Channel<Message> _waiting = Channel.CreateUnbounded<Message>(new() { SingleReader = true, SingleWriter = true });
    readonly Lock _gate = new();

    /// <summary>Of the messages that are waiting or worked on, the oldest first.</summary>
    readonly Queue<Message> _unfinished = [];
    bool _isAtWork;

    Inbox()
    {
    }

    /// <summary>One message, which may be empty, and no other.</summary>
    public static Inbox Of(Sequence<Block> only, Interruption interruption)
    {
        Inbox inbox = new();
        inbox.Add(new(only, interruption));
        inbox._waiting.Writer.Complete();
        return inbox;
    }

    /// <summary>
    /// One message a line, in the schema of Claude Code's <c>--input-format stream-json</c>:
    /// <c>{"type":"user","message":{"role":"user","content":…}}</c>, the content a text or a list of text and image blocks; and between them
    /// <c>{"type":"control_request",…}</c>. Empty lines and signs of life are passed over.
    /// </summary>
    /// <param name="interruption">Interrupts the work on each message.</param>
    /// <param name="control">Told of control requests as they come, on a thread of the inbox.</param>
    public static Inbox Lines(TextReader input, Interruption interruption, Action<ControlRequest, Inbox> control)
    {
        Inbox inbox = new();
        // The standard input is read as by a person who waits: its thread is away until a line comes, and nobody waits for it at the end.
        _ = Task.Run(() => inbox.Read(input, interruption, control));
        return inbox;
    }

    /// <summary>The next message; the one before is then done with.</summary>
    /// <returns>Null at the end.</returns>
    /// <exception cref="UserException">A line is none of these.</exception>
    public async Task<Message?> Next()
    {
        lock (_gate)
        {
            if (_isAtWork) _unfinished.Dequeue();
            _isAtWork = false;
        }
        if (!await _waiting.Reader.WaitToReadAsync()) return null;
        lock (_gate) _isAtWork = true;
        return _waiting.Reader.TryRead(out Message? next) ? next : throw new InvalidOperationException("Somebody else reads.");
    }

    /// <summary>Stops the work on the oldest message that is not done with, at once. Nothing where there is none.</summary>
    public void Interrupt()
    {
        Message? first;
        lock (_gate) _unfinished.TryPeek(out first);
        first?.Interruption.AskAtOnce();
    }

    void Add(Message message)
    {
        lock (_gate) _unfinished.Enqueue(message);
        _waiting.Writer.TryWrite(message);
    }

    void Read(TextReader input, Interruption interruption, Action<ControlRequest, Inbox> control)
    {
        try
        {
            int number = 0;
            while (input.ReadLine() is { } line)
            {
                number++;
                if (line.AsSpan().Trim().Length == 0) continue;
                switch (InputLine.Read(line, number))
                {
                    case InputLine.Said said: Add(new(said.Words, new(interruption))); break;
                    case InputLine.Asked asked: control(asked.Request, this); break;
                }
            }
            _waiting.Writer.Complete();
        }
        catch (Exception e)
        {
            // Thrown where the next message is waited for, behind those that came before.
            _waiting.Writer.Complete(e);
        }
    }
}

/// <summary>What one line of the input says.</summary>
abstract record InputLine
{
    private InputLine() { }

    public sealed record Said(Sequence<Block> Words) : InputLine;

    public sealed record Asked(ControlRequest Request) : InputLine;

    /// <summary>Nothing that concerns the work: every control request has been answered by the time that it could be taken back.</summary>
    public sealed record OfNoMatter : InputLine;

    /// <exception cref="UserException">It is none of these.</exception>
    public static InputLine Read(string line, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement json = document.RootElement;
            return Text(json, "type") switch
            {
                "user" => new Said(Blocks(json.GetProperty("message").GetProperty("content"), number)),
                "control_request" => new Asked(ControlRequest.Read(json)),
                "keep_alive" or "control_cancel_request" => new OfNoMatter(),
                var type => throw Wrong(number, $"found type \"{type}\", expected \"user\""),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Wrong(number, """expected {"type":"user","message":{"role":"user","content":"…"}}""");
        }
    }

    static Sequence<Block> Blocks(JsonElement content, int number)
    {
        Sequence<Block> blocks = content.ValueKind == JsonValueKind.String ? [new Block.Text(content.GetString()!)]
            : content.EnumerateArray().Select(block => Read(block, number)).ToSequence();
        return blocks.IsEmpty || blocks is [Block.Text { Content: "" }] ? throw Wrong(number, "the message says nothing") : blocks;
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
