// What a reply to a request may be, as a grammar: thinking, words, calls of the tools that there are. Knows no prompt and no sampling.

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Chat;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Engine.Constraint.Schemas;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Models.Local;

/// <summary>
/// A call has the name of a tool of the request, the number that it has in the conversation, and arguments that satisfy the tool's schema; control tokens stand where the
/// format has them, and nowhere else. For one request.
/// </summary>
sealed class ReplyGrammar
{
    /// <summary>No reply has more calls.</summary>
    const int MostCalls = 32;

    /// <summary>Bytes that a model that must call may say before it does.</summary>
    const int MostWords = 4000;

    readonly GrammarBuilder _grammar;
    readonly Tokenizer _tokenizer;
    readonly ChatFormat _format;
    readonly ChatRequest _request;
    readonly Quoting _quoting;

    /// <summary>By tool and argument, what the thought has said of the call.</summary>
    readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, Sequence<string>>>? _called;

    ReplyGrammar(TokenTrie trie, Tokenizer tokenizer, ChatFormat format, ChatRequest request, Quoting quoting) =>
        (_grammar, _tokenizer, _format, _request, _quoting, _called) = (new(trie), tokenizer, format, request, quoting, quoting.Called);

    /// <summary>Whether a reply is more than words: there are tools that may be called, or its text has a form.</summary>
    /// <param name="thinks">Whether the prompt has opened the model's thinking.</param>
    public static bool IsNeeded(ChatFormat format, ChatRequest request, bool thinks) => Tools(format, request).Length > 0 || HasForm(request, thinks);

    /// <summary>The grammar of a reply, where one is needed.</summary>
    /// <param name="quoting">Which arguments are limited to quotations.</param>
    /// <exception cref="SchemaException">The schema of a tool or of the reply cannot be held to.</exception>
    public static Grammar Of(TokenTrie trie, Tokenizer tokenizer, ChatFormat format, ChatRequest request, bool thinks, Quoting quoting)
    {
        ReplyGrammar reply = new(trie, tokenizer, format, request, quoting);
        return reply._grammar.Build(reply._grammar.Sequence(reply.Thinking(thinks), reply.Answer(Tools(format, request), HasForm(request, thinks))));
    }

    /// <summary>The grammar of a thought that has to come first, with its marks; null where the vocabulary has none for it.</summary>
    /// <param name="quoting">What thoughts may be.</param>
    public static Grammar? OfThought(TokenTrie trie, Tokenizer tokenizer, ChatFormat format, bool thinks, Quoting quoting)
    {
        GrammarBuilder grammar = new(trie);
        if (!format.ReplyMarks.Contains("<think>") || !tokenizer.Controls.TryGetValue("<think>", out int begin) || !tokenizer.Controls.TryGetValue("</think>", out int end)) return null;
        Part rest = grammar.Sequence(new ThoughtGrammar(grammar, quoting.Matter).Of(quoting.Forms), grammar.Control(end));
        return grammar.Build(thinks ? rest : grammar.Sequence(grammar.Control(begin), rest));
    }

    /// <summary>The grammar of what comes behind a thought.</summary>
    /// <exception cref="SchemaException">The schema of a tool or of the reply cannot be held to.</exception>
    public static Grammar OfAnswer(TokenTrie trie, Tokenizer tokenizer, ChatFormat format, ChatRequest request, bool thinks, Quoting quoting)
    {
        ReplyGrammar reply = new(trie, tokenizer, format, request, quoting);
        return reply._grammar.Build(reply.Answer(Tools(format, request), HasForm(request, thinks)));
    }

    static ToolSpec.Function[] Tools(ChatFormat format, ChatRequest request) => format.Calls is null ? [] : request.ToolChoice switch
    {
        ToolChoice.None => [],
        ToolChoice.Named named => [.. ToolDeclarations.Functions(request).Where(tool => tool.Name == named.Name)],
        _ => [.. ToolDeclarations.Functions(request)],
    };

    /// <summary>An answer that somebody else has begun is not held to a form: its beginning is theirs.</summary>
    static bool HasForm(ChatRequest request, bool thinks) => request.ResponseFormat is not null && (thinks || request.Turns is not [.., Turn.Assistant]);

    Part Answer(ToolSpec.Function[] tools, bool hasForm)
    {
        Part words = hasForm ? Form() : _grammar.Text();
        if (tools.Length == 0) return words;
        if (_called is { Count: 0 } && _request.ToolChoice is not (ToolChoice.Named or ToolChoice.Required)) return words;
        if (_called is not null && tools.Where(tool => _called.ContainsKey(tool.Name)).ToArray() is { Length: > 0 } thoughtOf) return Calls(thoughtOf);
        Part calls = Calls(tools);
        return _request.ToolChoice switch
        {
            ToolChoice.Named => calls,
            ToolChoice.Required => _grammar.Sequence(_grammar.Text(MostWords), calls),
            _ when hasForm => _grammar.Choice(words, calls),
            _ => _grammar.Sequence(words, _grammar.Choice(_grammar.Empty(), calls)),
        };
    }

    Part Thinking(bool thinks)
    {
        // Where the vocabulary has no marks for it, thinking is words.
        if (Mark("<think>") is not { } begin || Mark("</think>") is not { } end || !_format.ReplyMarks.Contains("<think>")) return _grammar.Empty();
        int most = _request.Thinking is { Mode: ThinkingMode.On, Budget: { } budget } ? (int)Math.Min(int.MaxValue, 4L * budget) : int.MaxValue;
        Part rest = _grammar.Sequence(_grammar.Text(most), end);
        if (thinks) return rest;
        return _format.Thinking == ThinkingSupport.None ? _grammar.Empty() : _grammar.Choice(_grammar.Empty(), _grammar.Sequence(begin, rest));
    }

    /// <summary>The form that the request asks of the reply's text.</summary>
    Part Form()
    {
        using JsonDocument schema = _request.ResponseFormat is ResponseFormat.JsonSchema format ? format.Schema.Parse() : JsonDocument.Parse("""{"type":"object"}""");
        return _grammar.Json(schema.RootElement);
    }

    Part Calls(ToolSpec.Function[] tools)
    {
        CallMarks marks = _format.Calls!;
        (ToolSpec.Function Tool, Part Arguments)[] known = [.. tools.Select(tool => (tool, Arguments(tool, marks)))];
        Part end = marks.SectionEnd is { } name ? Needed(name) : _grammar.Empty();
        int first = _request.Turns.Sum(turn => turn.Blocks.Count(block => block is Block.ToolCall));
        int most = _request.ToolChoice is { OneAtATime: true } ? 1 : MostCalls;
        Part calls = end;
        for (int i = most - 1; i >= 0; i--)
        {
            string number = marks.Numbered ? string.Create(CultureInfo.InvariantCulture, $":{first + i}") : "";
            Part call = _grammar.Sequence(Needed(marks.CallBegin),
                _grammar.Branch([.. known.Select(one => (Encoding.UTF8.GetBytes($"{marks.NamePrefix}{one.Tool.Name}{number}"), one.Arguments))]), Needed(marks.CallEnd));
            calls = i == 0 ? _grammar.Sequence(call, calls) : _grammar.Choice(end, _grammar.Sequence(call, calls));
        }
        return marks.SectionBegin is { } begin ? _grammar.Sequence(Needed(begin), calls) : calls;
    }

    Part Arguments(ToolSpec.Function tool, CallMarks marks)
    {
        using JsonDocument schema = Limited(tool);
        try
        {
            Part arguments = marks.Arguments == ArgumentForm.Json ? _grammar.Json(schema.RootElement, _quoting.Of(tool.Name)) : Pairs(schema.RootElement);
            return marks.ArgumentsBegin is { } begin ? _grammar.Sequence(Needed(begin), arguments) : arguments;
        }
        catch (SchemaException e)
        {
            throw new SchemaException($"tools/{tool.Name}{e.Pointer}", e.Keyword, e.Problem);
        }
    }

    /// <summary>A tool's schema, its whole numbers limited where they are to be quotations, its texts where the thought has said what they are.</summary>
    JsonDocument Limited(ToolSpec.Function tool)
    {
        IReadOnlyDictionary<string, Sequence<long>> numbers = _quoting.NumbersOf(tool.Name);
        IReadOnlyDictionary<string, Sequence<string>> texts = _called?.GetValueOrDefault(tool.Name) ?? new Dictionary<string, Sequence<string>>();
        JsonDocument schema = tool.Schema.Parse();
        if (numbers.Count + texts.Count == 0 || JsonNode.Parse(tool.Schema.Utf8.Span) is not JsonObject { } limited || limited["properties"] is not JsonObject properties) return schema;
        foreach (var (name, values) in numbers)
        {
            if (properties[name] is not JsonObject { } property || property["type"]?.ToString() != "integer") continue;
            if (values.IsEmpty) properties.Remove(name);
            else property["enum"] = new JsonArray([.. values.Distinct().Select(value => JsonValue.Create(value))]);
        }
        foreach (var (name, values) in texts)
            if (properties[name] is JsonObject { } property && property["type"]?.ToString() == "string" && !values.IsEmpty) property["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        schema.Dispose();
        return JsonDocument.Parse(limited.ToJsonString());
    }

    /// <summary>Members in the order in which they are declared, texts bare.</summary>
    Part Pairs(JsonElement schema) => _grammar.Members(schema, name => GlmFormat.IsText(schema, name), (name, value) => name.Trim() == name
        ? _grammar.Sequence(Needed(GlmFormat.KeyBegin), _grammar.Literal(Encoding.UTF8.GetBytes(name)), Needed(GlmFormat.KeyEnd), Needed(GlmFormat.ValueBegin), value, Needed(GlmFormat.ValueEnd))
        : throw new SchemaException("", "properties", $"\"{name}\" has blanks around it, which the format takes away"));

    Part? Mark(string name) => _tokenizer.Controls.TryGetValue(name, out int token) ? _grammar.Control(token) : null;

    Part Needed(string name) => Mark(name) ?? throw new SchemaException("", null, $"the vocabulary has no {name}, without which no call can be written");
}
