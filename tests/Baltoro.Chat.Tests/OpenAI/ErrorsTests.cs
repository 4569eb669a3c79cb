// What the errors of many servers mean, and how ours look to a client.

using System.Text;
using Baltoro.Chat.OpenAI;
using Baltoro.Chat.Wire;
using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class ErrorsTests
{
    static Failure Read(int status, string body, TimeSpan? retryAfter = null) => Errors.Read(status, Encoding.UTF8.GetBytes(body), Kimi, retryAfter);

    [Theory]
    [InlineData(401, """{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", typeof(Failure.Unauthenticated))]
    [InlineData(400, """{"error":{"message":"no","type":"invalid_request_error"}}""", typeof(Failure.InvalidRequest))]
    [InlineData(404, """{"error":{"message":"no","code":"model_not_found"}}""", typeof(Failure.NotFound))]
    [InlineData(403, """{"error":{"message":"no","type":"permission_denied_error"}}""", typeof(Failure.Forbidden))]
    [InlineData(403, """{"error":{"message":"Your account balance is insufficient"}}""", typeof(Failure.QuotaExhausted))]
    [InlineData(402, """{"error":{"message":"no","code":402}}""", typeof(Failure.QuotaExhausted))]
    [InlineData(429, """{"error":{"message":"no","type":"engine_overloaded_error"}}""", typeof(Failure.Overloaded))]
    [InlineData(429, """{"error":{"message":"no","type":"rate_limit_reached_error"}}""", typeof(Failure.RateLimited))]
    [InlineData(429, """{"error":{"message":"no","type":"exceeded_current_quota_error"}}""", typeof(Failure.QuotaExhausted))]
    [InlineData(429, """{"error":{"message":"no","type":"insufficient_quota","code":"insufficient_quota"}}""", typeof(Failure.QuotaExhausted))]
    [InlineData(400, """{"error":{"message":"no","type":"content_filter"}}""", typeof(Failure.ContentFiltered))]
    [InlineData(400, """{"error":{"code":"1214","message":"modelCode not found"}}""", typeof(Failure.NotFound))]
    [InlineData(400, """{"error":{"code":"1214","message":"bad messages"}}""", typeof(Failure.InvalidRequest))]
    [InlineData(400, """{"error":{"code":"1220","message":"no"}}""", typeof(Failure.Forbidden))]
    [InlineData(400, """{"error":{"code":"1261","message":"Prompt exceeds max length"}}""", typeof(Failure.PromptTooLong))]
    [InlineData(429, """{"error":{"code":"1113","message":"Insufficient balance"}}""", typeof(Failure.QuotaExhausted))]
    [InlineData(429, """{"error":{"code":"1302","message":"no"}}""", typeof(Failure.RateLimited))]
    [InlineData(400, """{"error":{"code":"1301","message":"no"}}""", typeof(Failure.ContentFiltered))]
    [InlineData(400, """{"object":"error","message":"no","type":"BadRequestError","code":400}""", typeof(Failure.InvalidRequest))]
    [InlineData(422, """{"detail":[{"loc":["body","messages",0],"msg":"field required","type":"missing"}]}""", typeof(Failure.InvalidRequest))]
    [InlineData(404, """{"detail":"Not Found"}""", typeof(Failure.NotFound))]
    [InlineData(500, """{"error":"boom"}""", typeof(Failure.UpstreamError))]
    [InlineData(503, "", typeof(Failure.Overloaded))]
    [InlineData(502, "<html><head><title>502 Bad Gateway</title></head></html>", typeof(Failure.UpstreamError))]
    [InlineData(504, "<html></html>", typeof(Failure.TimedOut))]
    [InlineData(413, "too big", typeof(Failure.TooLarge))]
    [InlineData(418, "[]", typeof(Failure.InvalidRequest))]
    public void Every_shape_of_error_is_the_failure_it_means(int status, string body, Type expected)
    {
        Failure failure = Read(status, body);
        Assert.IsType(expected, failure);
        Assert.Equal(status, failure.Status);
        Assert.NotEmpty(failure.Message);
    }

    [Fact]
    public void OpenRouters_words_are_followed_by_the_providers() => Assert.Equal(
        new Failure.RateLimited("Provider returned error: slow down") { Status = 429 },
        Read(429, """{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"{\"error\":{\"message\":\"slow down\"}}","provider_name":"x"}}}"""));

    [Fact]
    public void A_list_of_details_names_each_place() =>
        Assert.Equal("body.messages.0: field required", Read(422, """{"detail":[{"loc":["body","messages",0],"msg":"field required"}]}""").Message);

    [Fact]
    public void A_proxys_page_is_told_by_its_title() =>
        Assert.Equal("The upstream answered with a web page: 502 Bad Gateway", Read(502, "<html><title>502 Bad Gateway</title>").Message);

    [Fact]
    public void The_time_to_wait_comes_from_the_header_or_from_the_words()
    {
        const string Body = """{"error":{"message":"Rate limit reached. Please try again in 1.5s.","type":"rate_limit_error"}}""";
        Assert.Equal(TimeSpan.FromSeconds(7), Read(429, Body, TimeSpan.FromSeconds(7)).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(1.5), Read(429, Body).RetryAfter);
        Assert.Null(Read(429, """{"error":{"message":"no"}}""").RetryAfter);
    }

    [Fact]
    public void A_key_that_an_upstream_quotes_goes_no_further() => Assert.Equal(
        "Incorrect API key provided: sk-… at http://…@host/v1",
        Read(401, """{"error":{"message":"Incorrect API key provided: sk-abc123_456 at http://me:secret@host/v1"}}""").Message);

    [Theory]
    [InlineData("prompt is too long: 270000 tokens > 262144 maximum", 270000, 262144)]
    [InlineData("input length and `max_tokens` exceed context limit: 240000 + 32000 > 262144, decrease input length or `max_tokens` and try again", 272000, 262144)]
    [InlineData("This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens. Please reduce the length of the messages.", 130000, 128000)]
    [InlineData("This model's maximum context length is 65536 tokens. However, you requested 70000 tokens (66000 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.", 70000, 65536)]
    [InlineData("This model's maximum context length is 32768 tokens. However, your request has 40000 input tokens. Please reduce the length of the input messages.", 40000, 32768)]
    [InlineData("'max_tokens' or 'max_completion_tokens' is too large: 30000. This model's maximum context length is 32768 tokens and your request has 5000 input tokens (30000 > 32768 - 5000).", 35000, 32768)]
    [InlineData("You passed 40000 input tokens and requested 100 output tokens. However, the model's context length is only 32768 tokens, resulting in a maximum input length of 32668 tokens.", 40000, 32768)]
    [InlineData("The decoder prompt (length 40000) is longer than the maximum model length of 32768. Make sure that `max_model_len` is no smaller.", 40000, 32768)]
    [InlineData("The prompt (total length 40000) is too long to fit into the model (context length 32768).", 40000, 32768)]
    [InlineData("The input (40000 tokens) is longer than the model's context length (32768 tokens).", 40000, 32768)]
    [InlineData("Requested token count exceeds the model's maximum context length of 32768 tokens. You requested a total of 40000 tokens: 30000 tokens from the input messages and 10000 tokens for the completion.", 40000, 32768)]
    [InlineData("request (40000 tokens) exceeds the available context size (32768 tokens), try increasing it", 40000, 32768)]
    [InlineData("Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)", 269030, 262144)]
    [InlineData("Your request exceeded model token limit: 131072", 131073, 131072)]
    [InlineData("This endpoint's maximum context length is 262144 tokens. However, you requested about 300000 tokens (290000 of text input, 10000 of tool input).", 300000, 262144)]
    [InlineData("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1200000, 1048576)]
    [InlineData("Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", 40000, 32768)]
    [InlineData("This model's maximum prompt length is 131072 but the request contains 200000 tokens.", 200000, 131072)]
    [InlineData("prompt token count of 140000 exceeds the limit of 128000", 140000, 128000)]
    [InlineData("Input tokens exceed the configured limit of 272,000 tokens. Your messages resulted in 300,000 tokens.", 300000, 272000)]
    [InlineData("`inputs` tokens + `max_new_tokens` must be <= 32769. Given: 40000 `inputs` tokens and 1000 `max_new_tokens`", 40000, 32769)]
    [InlineData("Please reduce the length of the messages or completion. Current length is 40000 while limit is 32768", 40000, 32768)]
    [InlineData("Input token length too long", 262145, 262144)]
    [InlineData("Your input exceeds the context window of this model. Please adjust your input and try again.", 262145, 262144)]
    [InlineData("Input is too long for requested model.", 262145, 262144)]
    public void Every_known_wording_of_an_overflow_gives_its_numbers(string message, long tokens, long maximum)
    {
        Assert.Equal(new Failure.PromptTooLong(tokens, maximum) { Status = 400 }, UpstreamErrors.Overflow(message, Kimi));
        Assert.Equal($"prompt is too long: {tokens} tokens > {maximum} maximum", Read(400, $$"""{"error":{"message":{{Quoted(message)}},"code":null} }""").Message);
    }

    static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    [Theory]
    [InlineData("Rate limit reached for tokens per min (TPM): Limit 30000, Requested 31000.")]
    [InlineData("max_tokens is too large: 500000. This model supports at most 16384 completion tokens.")]
    [InlineData("thinking is enabled but reasoning_content is missing in assistant tool call message at index 2")]
    [InlineData("Invalid 'user': string too long. Expected a string with maximum length 64, but got a string with length 120 instead.")]
    [InlineData("")]
    public void Other_complaints_are_no_overflow(string message) => Assert.Null(UpstreamErrors.Overflow(message, Kimi));

    [Fact]
    public void LlamaCpps_numbers_stand_in_fields_of_their_own() => Assert.Equal(
        new Failure.PromptTooLong(40000, 32768) { Status = 400 },
        Read(400, """{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":40000,"n_ctx":32768}}"""));

    [Fact]
    public void An_overflow_told_by_its_code_alone_is_one() =>
        Assert.Equal(new Failure.PromptTooLong(262145, 262144) { Status = 400 }, Read(400, """{"error":{"message":"no","code":"context_length_exceeded"}}"""));

    public static TheoryData<Failure, int, string> Failures => new()
    {
        { new Failure.InvalidRequest("a"), 400, """{"error":{"message":"a","type":"invalid_request_error","param":null,"code":null}}""" },
        { new Failure.Unauthenticated("a"), 401, """{"error":{"message":"a","type":"authentication_error","param":null,"code":"invalid_api_key"}}""" },
        { new Failure.NotFound("a"), 404, """{"error":{"message":"a","type":"invalid_request_error","param":null,"code":"model_not_found"}}""" },
        { new Failure.PromptTooLong(2, 1), 400, """{"error":{"message":"prompt is too long: 2 tokens > 1 maximum","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}}""" },
        { new Failure.RateLimited("a"), 429, """{"error":{"message":"a","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""" },
        { new Failure.QuotaExhausted("a"), 429, """{"error":{"message":"a","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""" },
        { new Failure.Overloaded("a"), 503, """{"error":{"message":"a","type":"server_error","param":null,"code":"overloaded"}}""" },
        { new Failure.TimedOut("a"), 504, """{"error":{"message":"a","type":"server_error","param":null,"code":"upstream_timeout"}}""" },
    };

    [Theory, MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void A_failure_is_written_as_OpenAI_writes_it(Failure failure, int status, string body)
    {
        (int written, byte[] bytes) = Errors.Write(failure);
        Assert.Equal((status, body), (written, Encoding.UTF8.GetString(bytes)));
    }

    [Fact]
    public void Every_failure_can_be_written()
    {
        foreach (Type type in typeof(Failure).GetNestedTypes().Where(type => type != typeof(Failure.PromptTooLong)))
            Assert.InRange(Errors.Write((Failure)Activator.CreateInstance(type, "a")!).Status, 400, 599);
    }
}
