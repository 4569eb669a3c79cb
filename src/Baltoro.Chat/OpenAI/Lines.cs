// The frame of a Chat Completions stream: one line of data an event; it refuses to know what the data says.

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Baltoro.Chat.OpenAI;

static class Lines
{
    /// <summary>Text goes out as itself: bodies are JSON by content type, never part of a web page. Structure is this assembly's own, so unchecked.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlySpan<byte> Data => "data: "u8;

    public static ReadOnlySpan<byte> End => "\n\n"u8;

    /// <summary>The event that proves a stream's end.</summary>
    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>A comment, which every SSE client skips.</summary>
    public static ReadOnlySpan<byte> Ping => ": ping\n\n"u8;
}
