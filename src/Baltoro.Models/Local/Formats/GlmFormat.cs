// The format of GLM-4.7. Knows no vocabulary.

using System.Text;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// <c>&lt;|ROLE|&gt;CONTENT</c>, a message ending where the next one begins; arguments are pairs of keys and values (chat_template.jinja of zai-org/GLM-4.7). Thinking of before the
/// user last spoke is dropped, unless all is to be kept.
/// </summary>
public sealed class GlmFormat : ChatFormat
{
    const string System = "<|system|>", User = "<|user|>", Assistant = "<|assistant|>", Observation = "<|observation|>", Think = "<think>", Thought = "</think>";

    internal const string CallBegin = "<tool_call>", CallEnd = "</tool_call>", KeyBegin = "<arg_key>", KeyEnd = "</arg_key>", ValueBegin = "<arg_value>", ValueEnd = "</arg_value>";

    const string ResponseBegin = "<tool_response>", ResponseEnd = "</tool_response>";

    public override string Name => "glm-4.7";

    public override Dialect Dialect => Dialect.Glm;

    public override ThinkingSupport Thinking => ThinkingSupport.Switchable;

    public override bool SystemTurns => true;

    public override CallMarks Calls { get; } = new(null, CallBegin, null, CallEnd, null, ArgumentForm.Pairs);

    public override IReadOnlyCollection<string> ReplyMarks { get; } = [Think, Thought, CallBegin, CallEnd, KeyBegin, KeyEnd, ValueBegin, ValueEnd];

    public override IReadOnlyCollection<string> Needed { get; } = [System, User, Assistant, Observation];

    public override ReplyReading Read(ChatRequest request, Seal? seal = null) =>
        new GlmReading(request, Message.ThinksAtEnd(request) ?? IsOn(request)) { Seal = seal };

    /// <summary>
    /// Whether an argument is a text that stands bare in a call. Only what the schema itself says of its own members counts: nothing else could be told from the call alone. Who writes under a grammar and who reads both ask
    /// this.
    /// </summary>
    internal static bool IsText(JsonElement schema, string argument)
    {
        return schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties"u8, out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty(argument, out JsonElement property) && property.ValueKind == JsonValueKind.Object && property.TryGetProperty("type"u8, out JsonElement type)
            && (type.ValueKind == JsonValueKind.Array ? type.GetArrayLength() == 1 && IsString(type[0]) : IsString(type));

        static bool IsString(JsonElement name) => name.ValueKind == JsonValueKind.String && name.ValueEquals("string"u8);
    }

    protected override void Write(ChatRequest request, IReadOnlyList<Message> messages, PromptBuilder prompt)
    {
        prompt.Control("[gMASK]").Control("<sop>");
        if (ToolDeclarations.Functions(request).Any()) Tools(request, prompt);
        int spoken = LastUser(messages);
        bool open = false, inResults = false;
        for (int i = 0; i < messages.Count; i++)
        {
            bool isResult = messages[i] is Message.Result;
            if (isResult && !inResults) prompt.Control(Observation);
            inResults = isResult;
            switch (messages[i])
            {
                case Message.System system: prompt.Control(System).Text(system.Text); break;
                case Message.User user: prompt.Control(User).Text(user.Text); break;
                case Message.Result result: prompt.Control(ResponseBegin).Text(result.Text).Control(ResponseEnd); break;
                case Message.Assistant assistant:
                    open = assistant.IsOpen;
                    Words(assistant, i > spoken || request.Thinking.KeepAll, prompt);
                    break;
                case var unknown: throw new InvalidOperationException($"Unknown message {unknown.GetType().Name}.");
            }
        }
        if (!open) prompt.Control(Assistant).Control(IsOn(request) ? Think : Thought);
    }

    static void Words(Message.Assistant message, bool keepsThinking, PromptBuilder prompt)
    {
        prompt.Control(Assistant);
        string thinking = message.Thinking.Trim(), text = message.IsOpen ? message.Text : message.Text.Trim();
        if ((keepsThinking || message.IsOpen) && thinking.Length > 0) prompt.Control(Think).Text(thinking);
        if (!message.IsOpen || text.Length > 0 || thinking.Length == 0) prompt.Control(Thought);
        prompt.Text(text);
        foreach (Block.ToolCall call in message.Calls)
        {
            prompt.Control(CallBegin).Text(call.Name);
            foreach ((string key, string value) in Pairs(call.Arguments)) prompt.Control(KeyBegin).Text(key).Control(KeyEnd).Control(ValueBegin).Text(value).Control(ValueEnd);
            prompt.Control(CallEnd);
        }
    }

    static List<(string Key, string Value)> Pairs(string arguments)
    {
        List<(string, string)> pairs = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return pairs;
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
                pairs.Add((member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : PythonJson.Of(member.Value)));
        }
        catch (JsonException)
        {
            // A call whose arguments no one could read is remembered by its name; its result says what was wrong.
        }
        return pairs;
    }

    static void Tools(ChatRequest request, PromptBuilder prompt)
    {
        prompt.Control(System).Text("\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>\n");
        foreach (ToolSpec.Function tool in ToolDeclarations.Functions(request)) prompt.Text(ToolDeclarations.One(tool)).Text("\n");
        prompt.Text("</tools>\n\nFor each function call, output the function name and arguments within the following XML format:\n").Control(CallBegin).Text("{function-name}");
        Pair("1");
        Pair("2");
        prompt.Text("...").Control(CallEnd);

        void Pair(string number) => prompt.Control(KeyBegin).Text($"{{arg-key-{number}}}").Control(KeyEnd).Control(ValueBegin).Text($"{{arg-value-{number}}}").Control(ValueEnd);
    }

    static int LastUser(IReadOnlyList<Message> messages)
    {
        for (int i = messages.Count - 1; i >= 0; i--)
            if (messages[i] is Message.User) return i;
        return -1;
    }

    static bool IsOn(ChatRequest request) => request.Thinking.Mode != ThinkingMode.Off;
}

/// <summary>Values become what the tool's schema says that they are: a text is taken as it stands, all else as JSON where it is some.</summary>
sealed class GlmReading : ReplyReading
{
    readonly ChatRequest _request;
    readonly StringBuilder _text = new();
    readonly List<(string Key, string Value)> _pairs = [];
    readonly int _before;
    string _name = "", _key = "";
    bool _inCall, _named;
    string? _problem;

    public GlmReading(ChatRequest request, bool thinks) => (_request, IsThinking, _before) = (request, thinks, CallsIn(request));

    public override bool IsInCall => _inCall;

    protected override string? Unfinished => _problem;

    public override void Mark(string name, List<ReplyEvent> into)
    {
        switch (name)
        {
            case "<think>" when !_inCall: IsThinking = true; break;
            case "</think>" when !_inCall: IsThinking = false; break;
            case GlmFormat.CallBegin:
                (IsThinking, _inCall, _named, _name) = (false, true, false, "");
                _pairs.Clear();
                _text.Clear();
                break;
            case GlmFormat.KeyBegin when _inCall:
                Named();
                _text.Clear();
                break;
            case GlmFormat.KeyEnd when _inCall: _key = _text.ToString().Trim(); break;
            case GlmFormat.ValueBegin when _inCall: _text.Clear(); break;
            case GlmFormat.ValueEnd when _inCall:
                _pairs.Add((_key, _text.ToString()));
                _text.Clear();
                break;
            case GlmFormat.CallEnd when _inCall: Leave(into); break;
        }
    }

    public override void Text(string text, List<ReplyEvent> into)
    {
        if (_inCall) _text.Append(text);
        // Line ends that models write between calls are no words.
        else if (Calls == 0 || !string.IsNullOrWhiteSpace(text)) Say(text, into);
    }

    protected override void Complete(List<ReplyEvent> into)
    {
        if (_inCall) _problem = $"The call of \"{(_named ? _name : _text.ToString().Trim())}\" was not finished.";
    }

    void Named()
    {
        if (_named) return;
        (_named, _name) = (true, _text.ToString().Trim());
    }

    void Leave(List<ReplyEvent> into)
    {
        Named();
        _inCall = false;
        if (_name.Length == 0)
        {
            _problem = "A call names no tool.";
            return;
        }
        _problem = null;
        Call($"call_{_before + Calls}", _name, Arguments(), into);
    }

    string Arguments()
    {
        using JsonDocument? schema = (ToolDeclarations.Functions(_request).FirstOrDefault(tool => tool.Name == _name))?.Schema.Parse();
        StringBuilder json = new("{");
        foreach ((string key, string value) in _pairs)
        {
            if (json.Length > 1) json.Append(", ");
            PythonJson.Text(key, json);
            json.Append(": ");
            if (!(schema is not null && GlmFormat.IsText(schema.RootElement, key)) && IsJson(value)) json.Append(value.Trim());
            else PythonJson.Text(value, json);
        }
        return json.Append('}').ToString();
    }

    static bool IsJson(string text)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(text));
        try
        {
            if (!reader.Read()) return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
