// The turns that a conversation's requests begin with, as bytes that were written once and are sent again. It refuses to know the format that they are in.

using System.Buffers;
using System.Text.Json;

namespace Baltoro.Chat.Wire;

/// <summary>Writes one turn into the array that is open: one value or several.</summary>
/// <param name="isLast">True for the last turn of its request.</param>
delegate void TurnWriting(Utf8JsonWriter json, Turn turn, bool isLast);

/// <summary>
/// Kept are turns that two requests had in common, in front of their last. Bytes that were given out are never written again, for a request may still be on its
/// way while the next is made.
/// </summary>
sealed class WrittenBeginning
{
    const int SmallestChunk = 64 * 1024;

    readonly SameBeginning _same = new();

    /// <summary>Each but the last is full. A comma stands behind each turn.</summary>
    readonly List<(byte[] Bytes, int Length)> _chunks = [];
    int _turns;

    /// <summary>Ends a body whose last member is the array of turns.</summary>
    /// <param name="json">Stands in that array.</param>
    /// <param name="written">What <paramref name="json"/> writes into.</param>
    /// <param name="isEmpty">Whether nothing stands in the array yet.</param>
    /// <returns>The whole body, in pieces that are shared with other bodies of the conversation and must not be changed.</returns>
    public static ReadOnlySequence<byte> End(Utf8JsonWriter json, ArrayBufferWriter<byte> written, bool isEmpty, ChatRequest request, ModelCard card, TurnWriting write)
    {
        WrittenBeginning? before = request.Groundwork?.Written(card);
        before?.Keep(request.Turns, json.Options, write);
        if (before is null or { _turns: 0 })
        {
            Write(json, request.Turns, 0, request.Turns.Count, write);
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            return new(written.WrittenMemory);
        }
        json.Flush();
        if (!isEmpty) written.Write(","u8);
        ArrayBufferWriter<byte> rest = new(4096);
        Run(rest, json.Options, request.Turns, before._turns, request.Turns.Count, write);
        rest.Write("]}"u8);

        Piece first = new(written.WrittenMemory, null), last = first;
        foreach ((byte[] bytes, int length) in before._chunks) last = new(bytes.AsMemory(0, length), last);
        // Without the bracket that the run began with.
        last = new(rest.WrittenMemory[1..], last);
        return new(first, 0, last, last.Memory.Length);
    }

    void Keep(Sequence<Turn> turns, JsonWriterOptions options, TurnWriting write)
    {
        int same = Math.Min(_same.Of(turns), turns.Count - 1);
        if (same < _turns)
        {
            _chunks.Clear();
            _turns = 0;
        }
        if (same <= _turns) return;
        ArrayBufferWriter<byte> run = new(4096);
        Run(run, options, turns, _turns, same, write);
        run.Write(","u8);
        Keep(run.WrittenSpan[1..]);
        _turns = same;
    }

    void Keep(ReadOnlySpan<byte> run)
    {
        while (!run.IsEmpty)
        {
            if (_chunks is not [.., var (bytes, length)] || length == bytes.Length)
            {
                // Each as large as all before it: few pieces, and little that waits unused.
                _chunks.Add((new byte[Math.Max(SmallestChunk, _chunks.Sum(chunk => chunk.Length))], 0));
                continue;
            }
            int count = Math.Min(run.Length, bytes.Length - length);
            run[..count].CopyTo(bytes.AsSpan(length));
            _chunks[^1] = (bytes, length + count);
            run = run[count..];
        }
    }

    /// <summary>Turns with commas between them, behind a bracket.</summary>
    static void Run(ArrayBufferWriter<byte> into, JsonWriterOptions options, Sequence<Turn> turns, int from, int to, TurnWriting write)
    {
        using Utf8JsonWriter json = new(into, options);
        json.WriteStartArray();
        Write(json, turns, from, to, write);
    }

    static void Write(Utf8JsonWriter json, Sequence<Turn> turns, int from, int to, TurnWriting write)
    {
        for (int i = from; i < to; i++) write(json, turns[i], i == turns.Count - 1);
    }

    sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? before)
        {
            Memory = bytes;
            if (before is null) return;
            before.Next = this;
            RunningIndex = before.RunningIndex + before.Memory.Length;
        }
    }
}
