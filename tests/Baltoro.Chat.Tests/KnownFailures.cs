// Failures known from other gateways that cross from one wire format to the other, each named after its symptom.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Tests.History;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Tests;

public class KnownFailures
{
    [Theory, Trait("row", "11"), Trait("row", "23")]
    [InlineData(100, 40, 7), InlineData(262_000, 261_000, 900)]
    public void Token_counts_are_passed_on_as_they_are_and_never_scaled(int prompt, int cached, int output)
    {
        string told = FromChat(
            """{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}""",
            $$"""{"choices":[],"usage":{"prompt_tokens":{{prompt}},"completion_tokens":{{output}},"prompt_tokens_details":{"cached_tokens":{{cached}} } } }""");
        Assert.Contains($"\"input_tokens\":{prompt - cached},", told);
        Assert.Contains($"\"cache_read_input_tokens\":{cached},", told);
        Assert.Contains($"\"output_tokens\":{output},", told);
    }

    [Fact, Trait("row", "28")]
    public void Context_management_goes_with_its_header_or_not_at_all()
    {
        const string body = """{"model":"m","max_tokens":9,"thinking":{"type":"adaptive"},"context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},"messages":[{"role":"user","content":"x"}]}""";
        Header beta = new("anthropic-beta", "context-management-2025-06-27");
        ChatRequest request = Read(body, beta);

        Assert.Contains("context_management", Sent(request, Cards.Claude));
        Assert.Contains(beta, Chat.Anthropic.RequestWriter.Headers(request.Fit(Cards.Claude), Cards.Claude));
        foreach (ModelCard card in Cards.All.Where(card => card.Dialect != Dialect.Claude))
            Assert.DoesNotContain("context_management", Sent(request, card));
        Assert.DoesNotContain(Chat.Anthropic.RequestWriter.Headers(request.Fit(Cards.KimiMessages), Cards.KimiMessages), header => header.Name == "anthropic-beta");
    }

    [Fact, Trait("row", "37")]
    public void Blocks_of_server_tools_that_come_back_in_the_history_are_accepted_and_returned_whole()
    {
        const string use = """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"k2"}}""";
        const string result = """{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","url":"https://x","encrypted_content":"e"}]}""";
        ChatRequest request = Read($$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{{use}},{{result}},{"type":"text","text":"so"}]},{"role":"user","content":"y"}]}""");
        Assert.Contains($"{use},{result}", Sent(request, Cards.Claude));
        Assert.DoesNotContain("encrypted_content", Sent(request, Cards.Kimi));
    }

    [Fact, Trait("row", "37")]
    public void A_paused_turn_stays_paused_and_is_billed_by_its_last_count()
    {
        string told = FromMessages(
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"pause_turn","stop_sequence":null},"usage":{"input_tokens":5500,"output_tokens":40}}""",
            """{"type":"message_stop"}""");
        Assert.Contains("\"stop_reason\":\"pause_turn\"", told);
        Assert.Contains("\"input_tokens\":5500,", told);
    }

    [Fact, Trait("row", "43")]
    public void A_client_that_says_nothing_of_thinking_gets_the_models_own_default()
    {
        ChatRequest request = Read("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]}""");
        foreach (ModelCard card in Cards.All.Where(card => card.Dialect != Dialect.Glm))
        {
            using JsonDocument sent = JsonDocument.Parse(Sent(request, card));
            Assert.False(sent.RootElement.TryGetProperty("thinking", out _), card.Id);
            Assert.False(sent.RootElement.TryGetProperty("reasoning", out _), card.Id);
            Assert.False(sent.RootElement.TryGetProperty("reasoning_effort", out _), card.Id);
        }
        // GLM thinks by default; it is told so because only then can it be told to keep what it thought.
        Assert.Contains("\"thinking\":{\"type\":\"enabled\",\"clear_thinking\":false}", Sent(request, Cards.Glm));
    }

    static ChatRequest Read(string body, params Header[] headers) =>
        Assert.IsType<Reading.Read>(Chat.Anthropic.RequestReader.Read(Encoding.UTF8.GetBytes(body), headers.ToSequence())).Request.Request;

    static string Sent(ChatRequest request, ModelCard card) => Encoding.UTF8.GetString(request.Body(card));

    static string FromChat(params string[] chunks) => Told(new Chat.OpenAI.ReplyReader(Cards.Kimi), [.. chunks, "[DONE]"]);

    static string FromMessages(params string[] events) => Told(new Chat.Anthropic.ReplyReader(Cards.Claude), events);

    static string Told(IReplyReader reader, string[] data)
    {
        Chat.Anthropic.ReplyWriter writer = new("msg_1", "m");
        List<ReplyEvent> events = [];
        ArrayBufferWriter<byte> told = new();
        foreach (string piece in data) reader.Read(Encoding.UTF8.GetBytes(piece), events);
        reader.End(events);
        foreach (ReplyEvent step in events) writer.Write(step, told);
        return Encoding.UTF8.GetString(told.WrittenSpan);
    }
}
