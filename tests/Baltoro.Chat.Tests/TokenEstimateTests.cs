// The estimate against the true counts of Kimi's vocabulary, and what is counted beside text.

namespace Baltoro.Chat.Tests;

public class TokenEstimateTests
{
    const string Prose =
        "The gateway keeps no conversation of its own. What it must remember about a turn travels in the turn: a thinking block carries, as its signature, a small envelope that names its issuer. Clients return signatures verbatim, so the next request brings everything back, even after a restart or on another machine.";

    const string Code =
        "public static long Count(ReadOnlySpan<char> text)\n{\n    long cost = 0;\n    for (int i = 0; i < text.Length; i++)\n    {\n        if (char.IsWhiteSpace(text[i])) continue;\n        cost += KindOf(text[i]) switch { Kind.Digit => 333, _ => 250 };\n    }\n    return (cost + 999) / 1000;\n}\n";

    const string Schema =
        """{"type":"object","properties":{"file_path":{"type":"string","description":"The absolute path to the file to read"},"offset":{"type":"integer","minimum":0},"limit":{"type":"integer","maximum":2000}},"required":["file_path"],"additionalProperties":false}""";

    const string Chinese = "如果上游的连接在中途断开，网关不会假装回答已经完成，而是发送一个错误事件，让客户端自己决定是否重试。每一次请求所消耗的输入、缓存读取、缓存写入和输出令牌都会被记录下来，方便以后核对账单。";

    const string Log = "2026-11-23 21:31:07.482 INFO  requests=10482 p50=0.8ms p99=4.71ms rss=149MB sockets=1000 errors=0";

    const string Hash = "dXMIIztipcAyL3a19gtUrih/RLrE33/4VJdICoinYqIXXo1KLtsMPsaQ9dO2pE8xajDguwE2kqVbBqE5/EoJ0Q";

    [Theory]
    [InlineData(Prose, 60)]
    [InlineData(Code, 87)]
    [InlineData(Schema, 57)]
    [InlineData(Chinese, 48)]
    [InlineData(Log, 45)]
    [InlineData(Hash, 63)]
    public void The_estimate_is_within_a_tenth_of_the_true_count(string text, int tokens) =>
        Assert.InRange(TokenEstimate.Of(text), tokens * 0.9, tokens * 1.1);

    [Fact]
    public void Nothing_costs_nothing() => Assert.Equal(0, TokenEstimate.Of(""));

    static long Of(params Block[] blocks) => TokenEstimate.Of(new ChatRequest { Model = "m", Turns = [new Turn.User([.. blocks])] });

    [Fact]
    public void Row_27_system_tools_thinking_calls_and_results_are_counted()
    {
        ChatRequest empty = new() { Model = "m" };
        long text = TokenEstimate.Of(Prose), none = TokenEstimate.Of(empty);
        Assert.Equal(text, TokenEstimate.Of(empty with { System = [new Block.Text(Prose)] }) - none);
        Assert.Equal(text, Of(new Block.Thinking(Prose)) - Of());
        Assert.InRange(Of(new Block.ToolCall("a", "N", Prose)) - Of(), text, text + 20);
        Assert.InRange(Of(new Block.ToolResult("a", [new Block.Text(Prose)])) - Of(), text, text + 20);
        Assert.InRange(TokenEstimate.Of(empty with { Tools = [new ToolSpec.Function("Read", Prose, RawJson.Of(Schema))] }) - none,
            text + TokenEstimate.Of(Schema), text + TokenEstimate.Of(Schema) + 20);
    }

    [Fact]
    public void A_deferred_tool_costs_nothing_until_a_reference_brings_it()
    {
        ChatRequest request = new() { Model = "m", Tools = [new ToolSpec.Function("WebFetch", Prose, RawJson.Of(Schema)) { Deferred = true }] };
        Turn loads = new Turn.User([new Block.ToolResult("a", [new Block.ToolReference("WebFetch")])]);
        Assert.Equal(TokenEstimate.Of(request with { Tools = [] }), TokenEstimate.Of(request));
        Assert.True(TokenEstimate.Of(request with { Turns = [loads] }) - Of(new Block.ToolResult("a", [new Block.ToolReference("WebFetch")])) > TokenEstimate.Of(Prose));
    }

    static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 3, 32, 0, 0, 2, 88];
    static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xDB, 0, 3, 9, 0xFF, 0xC0, 0, 17, 8, 2, 88, 3, 32, 3];
    static readonly byte[] Gif = [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'9', (byte)'a', 32, 3, 88, 2];

    public static TheoryData<string, long> Images => new()
    {
        { Convert.ToBase64String(Png), 800 * 600 / 750 },
        { Convert.ToBase64String(Jpeg), 800 * 600 / 750 },
        { Convert.ToBase64String(Gif), 800 * 600 / 750 },
        { Convert.ToBase64String([.. Png[..16], 0, 0, 40, 0, 0, 0, 40, 0]), 1600 },
        { "not base64 at all", 1600 },
        { "", 1600 },
        { "/9j/", 1600 },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void An_image_costs_its_area_up_to_a_limit(string base64, long tokens) =>
        Assert.Equal(tokens, Of(new Block.Image(new Media.Inline("image/png", base64))) - Of());

    [Fact]
    public void A_document_costs_at_least_a_page() => Assert.True(Of(new Block.Document(new Media.Link("https://a.b/c.pdf"))) - Of() >= 1500);

    [Fact]
    public void Time_grows_with_the_text_and_not_with_its_square() =>
        Assert.True(TokenEstimate.Of(new string('a', 2_000_000)) > 0 && TokenEstimate.Of(string.Concat(Enumerable.Repeat("a+/1", 500_000))) > 0);
}
