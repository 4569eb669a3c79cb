// Whole replies, error bodies, the list of models: everything that is answered in one piece.

using System.Text;
using Baltoro.Chat.Anthropic;

namespace Baltoro.Chat.Tests.Anthropic;

public class WholeReplyTests
{
    [Fact]
    public void A_reply_is_one_message()
    {
        Reply reply = new()
        {
            Blocks =
            [
                new Block.Thinking("t", new Seal(null, "Eq")), new Block.Text("x"), new Block.ToolCall("a", "N", "{\"b\": 1}"), new Block.ToolCall("b", "N", "{\"b"),
            ],
            Reason = StopReason.ToolUse,
            Usage = new() { Input = 3, Output = 4 },
            Extra = new(WireFormat.Anthropic, [new("stop_details", RawJson.Of("{}"))]),
        };
        Wire.SameJson("""
            {"id":"msg_1","type":"message","role":"assistant","model":"kimi",
             "content":[{"type":"thinking","thinking":"t","signature":"Eq"},{"type":"text","text":"x"},{"type":"tool_use","id":"a","name":"N","input":{"b":1},"caller":{"type":"direct"}},
               {"type":"tool_use","id":"b","name":"N","input":{"__unparsedToolInput":{"raw":"{\"b","len":3}},"caller":{"type":"direct"}}],
             "stop_reason":"tool_use","stop_sequence":null,"stop_details":{},
             "usage":{"input_tokens":3,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":4,"output_tokens_details":{"thinking_tokens":0}}}
            """, Wire.Text(into => WholeReplyWriter.Write(reply, "msg_1", "kimi", into)));
    }

    [Fact]
    public void The_list_of_models_serves_both_kinds_of_client() =>
        Wire.SameJson("""
            {"object":"list","data":[{"type":"model","id":"kimi","display_name":"Kimi K2 Thinking","created_at":"2025-11-06T00:00:00Z","max_input_tokens":262144,
              "max_tokens":32768,"capabilities":null,"object":"model","created":1762387200,"owned_by":"moonshot"}],"has_more":false,"first_id":"kimi","last_id":"kimi"}
            """, Wire.Text(into => ModelList.Write([new(Wire.KimiCard, "Kimi K2 Thinking", new(2025, 11, 6, 0, 0, 0, TimeSpan.Zero))], into)));

    [Fact]
    public void An_empty_list_of_models_has_no_ends() =>
        Assert.Equal("""{"object":"list","data":[],"has_more":false,"first_id":null,"last_id":null}""", Wire.Text(into => ModelList.Write([], into)));

    [Fact]
    public void Row_27_a_count_of_tokens_is_a_number() => Assert.Equal("""{"input_tokens":42}""", Wire.Text(into => TokenCount.Write(42, into)));
}

public class ErrorsTests
{
    static Failure Read(int status, string body) => Errors.Read(status, Encoding.UTF8.GetBytes(body), null, Wire.KimiCard);

    [Theory]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"m"}}""", typeof(Failure.Overloaded))]
    [InlineData(429, """{"type":"error","error":{"type":"rate_limit_error","message":"m"}}""", typeof(Failure.RateLimited))]
    [InlineData(429, """{"error":{"type":"exceeded_current_quota_error","message":"m"}}""", typeof(Failure.QuotaExhausted))]
    [InlineData(429, """{"error":{"type":"engine_overloaded_error","message":"m"}}""", typeof(Failure.Overloaded))]
    [InlineData(401, """{"error":{"type":"authentication_error","message":"m"}}""", typeof(Failure.Unauthenticated))]
    [InlineData(400, """{"error":{"type":"invalid_request_error","message":"m"}}""", typeof(Failure.InvalidRequest))]
    [InlineData(413, """{"error":{"type":"request_too_large","message":"m"}}""", typeof(Failure.TooLarge))]
    [InlineData(404, """{"detail":"m"}""", typeof(Failure.NotFound))]
    [InlineData(500, """{"error":"m"}""", typeof(Failure.UpstreamError))]
    [InlineData(502, "m", typeof(Failure.UpstreamError))]
    public void An_upstreams_error_is_the_failure_it_names(int status, string body, Type failure)
    {
        Failure read = Read(status, body);
        Assert.IsType(failure, read);
        Assert.Equal(("m", status), (read.Message, read.Status));
    }

    [Fact]
    public void A_web_page_is_not_a_message() => Assert.DoesNotContain("<", Read(503, "<html><body>down</body></html>").Message);

    [Fact]
    public void Row_26_an_overflow_keeps_its_true_numbers() =>
        Assert.Equal(new Failure.PromptTooLong(270000, 262144) { Status = 400 },
            Read(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 270000 tokens > 262144 maximum"}}"""));

    [Fact]
    public void The_wait_that_an_upstream_asks_for_is_passed_on()
    {
        Failure read = Errors.Read(429, "{}"u8, TimeSpan.FromSeconds(1.2), Wire.KimiCard);
        ErrorReply reply = Errors.Write(read, "req_1");
        Assert.Equal(429, reply.Status);
        Assert.Equal([new Header("request-id", "req_1"), new Header("retry-after", "2")], reply.Headers);
    }

    [Fact]
    public void An_error_body_has_the_formats_shape() =>
        Assert.Equal(
            """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"},"request_id":"req_1"}""",
            Errors.Write(new Failure.PromptTooLong(9, 8), "req_1").Body.ToString());

    public static TheoryData<Failure, int, string, bool> Written => new()
    {
        { new Failure.InvalidRequest("m"), 400, "invalid_request_error", true },
        { new Failure.ContentFiltered("m"), 400, "invalid_request_error", true },
        { new Failure.Unauthenticated("m"), 401, "authentication_error", false },
        { new Failure.Forbidden("m"), 403, "permission_error", true },
        { new Failure.NotFound("m"), 404, "not_found_error", true },
        { new Failure.TooLarge("m"), 413, "request_too_large", true },
        { new Failure.RateLimited("m"), 429, "rate_limit_error", true },
        { new Failure.QuotaExhausted("m"), 429, "billing_error", false },
        { new Failure.UpstreamError("m"), 502, "api_error", true },
        { new Failure.UpstreamError("m") { Status = 500 }, 500, "api_error", true },
        { new Failure.Unreachable("m"), 502, "api_error", true },
        { new Failure.Cut("m"), 502, "api_error", true },
        { new Failure.Garbled("m"), 502, "api_error", true },
        { new Failure.Unsupported("m"), 501, "not_supported", false },
        { new Failure.TimedOut("m"), 504, "timeout_error", true },
        { new Failure.Overloaded("m"), 529, "overloaded_error", true },
        { new Failure.Empty("m"), 529, "overloaded_error", true },
        { new Failure.OutOfRoom("m"), 529, "overloaded_error", true },
        { new Failure.BrokenCall("m"), 502, "api_error", true },
        { new Failure.Looping("m"), 502, "api_error", true },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Every_failure_has_a_status_and_a_type(Failure failure, int status, string type, bool mayRetry)
    {
        ErrorReply reply = Errors.Write(failure, null);
        Assert.Equal((status, type), (reply.Status, (string?)Wire.Parse(reply.Body.ToString())["error"]!["type"]));
        Assert.Equal(mayRetry ? [] : [new Header("x-should-retry", "false")], reply.Headers);
    }
}
