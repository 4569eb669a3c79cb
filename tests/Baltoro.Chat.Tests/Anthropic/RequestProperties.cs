// What holds for every Messages request, not only for those that someone thought of.

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.Wire;
using CsCheck;

namespace Baltoro.Chat.Tests.Anthropic;

public class RequestProperties
{
    static readonly Gen<string> Words = Gen.OneOf("", "a", "Grüße", "\"quoted\"\n", "文字", "\U0001F600", "<system-reminder>", "\\u0041", new string('x', 300));
    static readonly Gen<string> Word = Words.Where(word => word.Length > 0);

    static Gen<JsonNode?> Text => Words.Select(word => (JsonNode?)word);

    /// <summary>Any JSON value, for the places where nothing is understood.</summary>
    static readonly Gen<JsonNode?> Any = Gen.OneOf(
        Text,
        Gen.Double[-1e6, 1e6].Select(number => (JsonNode?)number),
        Gen.Bool.Select(flag => (JsonNode?)flag),
        Gen.Dictionary(Word, Words.Select(word => (JsonNode?)word))[0, 3].Select(members => (JsonNode?)new JsonObject(members)),
        Text.Array[0, 3].Select(items => (JsonNode?)new JsonArray(items)));

    static Gen<JsonObject> Object(params (string Name, Gen<JsonNode?> Value)[] members) =>
        Gen.Select(Gen.Shuffle(members).SelectMany(order => order.Aggregate(
            Gen.Const(new List<KeyValuePair<string, JsonNode?>>()),
            (all, member) => Gen.Select(all, member.Value, (list, value) => (List<KeyValuePair<string, JsonNode?>>)
                (value is null ? list : [.. list, new KeyValuePair<string, JsonNode?>(member.Name, value.DeepClone())])))), list => new JsonObject(list));

    static Gen<JsonNode?> Maybe(Gen<JsonNode?> value) => Gen.Frequency((1, Gen.Const((JsonNode?)null)), (1, value));

    static Gen<JsonNode?> Const(string value) => Gen.Const(value).Select(text => (JsonNode?)text);

    static Gen<JsonNode?> As(Gen<JsonObject> obj) => obj.Select(value => (JsonNode?)value);

    static Gen<JsonNode?> List(Gen<JsonNode?> item, int least = 0) => item.Array[least, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(one => one?.DeepClone())]));

    static readonly Gen<JsonNode?> Marker = Maybe(As(Object(("type", Const("ephemeral")), ("ttl", Maybe(Const("1h"))))));

    static readonly (string, Gen<JsonNode?>)[] Unknown = [("cache_control", Marker), ("future", Maybe(Any))];

    static readonly Gen<JsonNode?> TextBlock = As(Object([("type", Const("text")), ("text", Text), ("citations", Maybe(List(Any))), .. Unknown]));

    static readonly Gen<JsonNode?> Source = Gen.OneOf(
        As(Object(("type", Const("base64")), ("media_type", Const("image/png")), ("data", Const("aGk=")))),
        As(Object(("type", Const("url")), ("url", Const("https://a.b/c")))),
        As(Object(("type", Const("file")), ("file_id", Const("f")), ("future", Maybe(Any)))));

    static readonly Gen<JsonNode?> ResultPart = Gen.OneOf(
        TextBlock,
        As(Object([("type", Const("image")), ("source", Source), .. Unknown])),
        As(Object([("type", Const("document")), ("source", Source), ("title", Maybe(Text)), ("context", Maybe(Text)), .. Unknown])),
        As(Object([("type", Const("tool_reference")), ("tool_name", Text), .. Unknown])),
        As(Object([("type", Const("search_result")), ("content", Any), .. Unknown])));

    static readonly Gen<JsonNode?> AnyBlock = Gen.OneOf(
        ResultPart,
        As(Object([("type", Const("thinking")), ("thinking", Text), ("signature", Text), .. Unknown])),
        As(Object([("type", Const("redacted_thinking")), ("data", Text), .. Unknown])),
        As(Object([("type", Const("tool_use")), ("id", Text), ("name", Text), ("input", As(Object(("a", Maybe(Any)), ("b", Maybe(Any))))), ("caller", Maybe(Any)), .. Unknown])),
        As(Object([("type", Const("tool_result")), ("tool_use_id", Text), ("content", Maybe(List(ResultPart, 1))), ("is_error", Maybe(Gen.Const(true).Select(flag => (JsonNode?)flag))), .. Unknown])));

    static readonly Gen<JsonNode?> Message = Gen.OneOf(
        As(Object(("role", Const("user")), ("content", List(AnyBlock)), ("future", Maybe(Any)))),
        As(Object(("role", Const("assistant")), ("content", List(AnyBlock)))),
        As(Object(("role", Const("system")), ("content", List(AnyBlock)), ("clear_at", Maybe(Const("next_user_message"))))));

    static readonly Gen<JsonNode?> Tool = Gen.OneOf(
        As(Object([("name", Text), ("description", Maybe(Text)), ("input_schema", As(Object(("type", Const("object")), ("properties", Any)))),
            ("type", Maybe(Const("custom"))), ("strict", Maybe(Gen.Bool.Select(flag => (JsonNode?)flag))),
            ("defer_loading", Maybe(Gen.Const(true).Select(flag => (JsonNode?)flag))), ("input_examples", Maybe(List(Any, 1))), .. Unknown])),
        As(Object([("type", Const("web_search_20250305")), ("name", Const("web_search")), ("max_uses", Maybe(Any)), .. Unknown])));

    static Gen<JsonNode?> Number(int from, int to) => Gen.Int[from, to].Select(number => (JsonNode?)number);

    static readonly Gen<JsonObject> Request = Object(
        ("model", Const("m")),
        ("stream", Gen.Const(true).Select(flag => (JsonNode?)flag)),
        ("max_tokens", Number(0, 100_000)),
        ("messages", List(Message)),
        ("system", Maybe(List(TextBlock, 1))),
        ("tools", Maybe(List(Tool, 1))),
        ("thinking", Maybe(As(Object(("type", Const("adaptive")), ("display", Maybe(Const("omitted"))))))),
        ("output_config", Maybe(As(Object(
            ("effort", Const("high")), ("format", Maybe(As(Object(("type", Const("json_schema")), ("schema", As(Object(("a", Any)))))))), ("task_budget", Maybe(Any)))))),
        ("metadata", Maybe(As(Object(("user_id", Text), ("future", Maybe(Any)))))),
        ("context_management", Maybe(As(Object(("edits", List(As(Object(("type", Const("clear_thinking_20251015")), ("keep", Const("all")))))))))),
        ("temperature", Maybe(Gen.Double[0, 1].Select(number => (JsonNode?)number))),
        ("top_p", Maybe(Gen.Double[0, 1].Select(number => (JsonNode?)number))),
        ("top_k", Maybe(Number(1, 100))),
        ("stop_sequences", Maybe(List(Text, 1))),
        ("mcp_servers", Maybe(Any)),
        ("service_tier", Maybe(Any)));

    static readonly ModelCard Same = Wire.ClaudeCard with { Origin = Wire.Claude with { Model = "m" } };

    [Fact]
    public void From_wire_to_words_to_wire_every_field_is_kept() => Request.Sample(request =>
    {
        string body = request.ToJsonString();
        Wire.SameJson(body, Wire.Write(Wire.Read(body).Request, Same));
    }, iter: 2000);

    [Fact]
    public void From_words_to_wire_to_words_nothing_changes() => Request.Sample(request =>
    {
        ChatRequest words = Wire.Read(request.ToJsonString()).Request;
        ChatRequest again = Wire.Read(Wire.Write(words, Same)).Request;
        // The order in which unknown fields stood at the top is not a part of what they say.
        return Sorted(words) == Sorted(again);
    }, iter: 1000);

    static ChatRequest Sorted(ChatRequest request) => request.Extra is null ? request : request with
    {
        Extra = request.Extra with { Fields = [.. request.Extra.Fields.OrderBy(field => field.Name, StringComparer.Ordinal)] },
    };

    [Fact]
    public void The_written_prefix_of_a_growing_conversation_stays_as_it_is() =>
        Gen.Select(Request, Message).Sample((request, next) =>
        {
            ChatRequest shorter = Wire.Read(request.ToJsonString()).Request;
            ChatRequest longer = shorter with { Turns = [.. shorter.Turns, .. Wire.Read($$"""{"model":"m","messages":[{{next!.ToJsonString()}}]}""").Request.Turns] };
            return Wire.Write(longer, Wire.KimiCard).StartsWith(Wire.Write(shorter, Wire.KimiCard)[..^"]}".Length], StringComparison.Ordinal);
        }, iter: 300);

    [Fact]
    public void Random_bytes_are_rejected_and_never_throw() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.IsType<Reading.Rejected>(RequestReader.Read(bytes, [])), iter: 5000);

    [Fact]
    public void A_request_with_bytes_changed_is_read_or_rejected_and_never_throws() =>
        Gen.Select(Request, Gen.Select(Gen.Int, Gen.OneOf(Gen.Byte, Gen.OneOf("{}[]\",:\\0tn"u8.ToArray()))).Array[1, 4]).Sample((request, changes) =>
        {
            byte[] body = Encoding.UTF8.GetBytes(request.ToJsonString());
            foreach ((int at, byte value) in changes) body[(int)((uint)at % body.Length)] = value;
            if (RequestReader.Read(body, []) is Reading.Read read)
            {
                // What was taken can be written.
                using JsonDocument document = JsonDocument.Parse(Wire.Write(read.Request.Request, Wire.ClaudeCard), new() { MaxDepth = 256 });
            }
        }, iter: 5000);

    [Fact]
    public void A_request_with_any_value_replaced_is_read_or_rejected_and_never_throws() =>
        Gen.Select(Request, Gen.Int[0, int.MaxValue], Any).Sample((request, at, value) =>
        {
            List<JsonNode> nodes = [.. Inner(request)];
            nodes[at % nodes.Count].ReplaceWith(value?.DeepClone());
            RequestReader.Read(Encoding.UTF8.GetBytes(request.ToJsonString()), []);
        }, iter: 5000);

    static IEnumerable<JsonNode> Inner(JsonNode? node) => node switch
    {
        JsonObject obj => obj.Where(member => member.Value is not null).SelectMany(member => Inner(member.Value).Append(member.Value!)),
        JsonArray array => array.Where(item => item is not null).SelectMany(item => Inner(item).Append(item!)),
        _ => [],
    };
}
