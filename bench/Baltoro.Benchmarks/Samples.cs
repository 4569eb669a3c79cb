// Inputs of the size and shape that real clients and vendors send; made here, so that nothing recorded is needed.

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Benchmarks;

static class Samples
{
    public static readonly ModelCard Kimi = new()
    {
        Id = "moonshotai/kimi-k2-thinking",
        Origin = new("novita", "https://api.novita.ai/openai/v1", "moonshotai/kimi-k2-thinking"),
        Dialect = Dialect.Kimi,
        Ids = IdDialect.Kimi,
        Window = 262_144,
        OutputLimit = 262_144,
        Thinking = ThinkingSupport.Always,
        ToolChoices = ToolChoiceSupport.AutoOrNone,
        FixedSampling = new() { Temperature = 1.0 },
        Schemas = SchemaDialect.Moonshot,
        MaxTools = 128,
    };

    public static byte[] Chunk(string delta) => Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-7f3a","object":"chat.completion.chunk","created":1763900000,"model":"moonshotai/kimi-k2-thinking","choices":[{"index":0,"delta":"""
        + delta + ""","finish_reason":null}],"system_fingerprint":"fp_1"}""");

    public static byte[] Event(string delta) => Encoding.UTF8.GetBytes(
        """{"type":"content_block_delta","index":0,"delta":""" + delta + "}");

    /// <summary>A first turn of Claude Code grown by a few tool calls: about 50 KB, 21 tools.</summary>
    public static byte[] MessagesRequest()
    {
        using MemoryStream bytes = new();
        // Characters as themselves, as clients write them.
        using Utf8JsonWriter json = new(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("model", "baltoro");
        json.WriteNumber("max_tokens", 32_000);
        json.WriteBoolean("stream", true);
        json.WriteStartObject("thinking");
        json.WriteString("type", "adaptive");
        json.WriteString("display", "omitted");
        json.WriteEndObject();
        json.WriteStartArray("system");
        Text(json, "x-anthropic-billing-header: cc_version=2.1.330.1; cc_entrypoint=cli;");
        Text(json, "You are a coding agent.");
        Text(json, Prose(9_000));
        json.WriteEndArray();
        json.WriteStartArray("tools");
        for (int i = 0; i < 21; i++) Tool(json, i);
        json.WriteEndArray();
        json.WriteStartArray("messages");
        Message(json, "user", () => Text(json, Prose(2_000)));
        for (int i = 0; i < 6; i++)
        {
            int n = i;
            Message(json, "assistant", () =>
            {
                json.WriteStartObject();
                json.WriteString("type", "thinking");
                json.WriteString("thinking", Prose(400));
                json.WriteString("signature", Envelope.Pack(new Seal(Kimi.Origin)));
                json.WriteEndObject();
                json.WriteStartObject();
                json.WriteString("type", "tool_use");
                json.WriteString("id", $"toolu_b0_functions-2eRead-3a{n}");
                json.WriteString("name", "Read");
                json.WriteStartObject("input");
                json.WriteString("file_path", $"/home/user/project/src/File{n}.cs");
                json.WriteEndObject();
                json.WriteEndObject();
            });
            Message(json, "user", () =>
            {
                json.WriteStartObject();
                json.WriteString("type", "tool_result");
                json.WriteString("tool_use_id", $"toolu_b0_functions-2eRead-3a{n}");
                json.WriteString("content", Prose(1_100));
                json.WriteEndObject();
            });
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes.ToArray();
    }

    static void Message(Utf8JsonWriter json, string role, Action content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteStartArray("content");
        content();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Text(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    static void Tool(Utf8JsonWriter json, int i)
    {
        json.WriteStartObject();
        json.WriteString("name", i == 0 ? "Read" : $"Tool{i}");
        json.WriteString("description", Prose(600));
        json.WriteStartObject("input_schema");
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        for (int p = 0; p < 4; p++)
        {
            json.WriteStartObject($"property_{p}");
            json.WriteString("type", p == 3 ? "number" : "string");
            json.WriteString("description", "What this property means to the tool, in about ten words.");
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartArray("required");
        json.WriteStringValue("property_0");
        json.WriteEndArray();
        json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static string Prose(int length)
    {
        const string sentence = "The file `src/Gateway.cs` holds a \"state machine\";\n\tit closes the open block — then opens the next. ";
        StringBuilder text = new(length + sentence.Length);
        while (text.Length < length) text.Append(sentence);
        return text.ToString(0, length);
    }
}
