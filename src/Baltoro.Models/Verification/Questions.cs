// The examination: requests that call for a tool, that call for none, and that make calling hard. It refuses to know who is examined.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Models.Verification;

public static class Questions
{
    /// <summary>Claude caches what is marked, the others by themselves.</summary>
    static readonly RawJson CacheMark = RawJson.Of("""{"type":"ephemeral"}""");

    static readonly ToolSpec Weather = Tool("get_weather", "The weather in a city at present.",
        """{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city"],"additionalProperties":false}""");

    static readonly ToolSpec Read = Tool("read_file", "Reads a text file.",
        """{"type":"object","properties":{"path":{"type":"string"},"limit":{"type":"integer","minimum":1}},"required":["path"],"additionalProperties":false}""");

    static readonly ToolSpec Write = Tool("write_file", "Writes a text file.",
        """{"type":"object","properties":{"path":{"type":"string"},"content":{"type":"string"}},"required":["path","content"],"additionalProperties":false}""");

    static readonly ToolSpec Search = Tool("search_files", "Searches files for a text.",
        """{"type":"object","properties":{"text":{"type":"string"},"endings":{"type":"array","items":{"type":"string"}}},"required":["text","endings"],"additionalProperties":false}""");

    static readonly ToolSpec Light = Tool("set_light", "Switches a lamp.",
        """{"type":"object","properties":{"room":{"type":"string","enum":["kitchen","bedroom","hall"]},"on":{"type":"boolean"},"level":{"type":"integer","minimum":0,"maximum":100}},"required":["room","on"],"additionalProperties":false}""");

    static readonly ToolSpec Convert = Tool("convert", "Converts an amount of money.",
        """{"type":"object","properties":{"amount":{"type":"number"},"from":{"type":"string","enum":["EUR","USD","PKR"]},"to":{"type":"string","enum":["EUR","USD","PKR"]}},"required":["amount","from","to"],"additionalProperties":false}""");

    static readonly ToolSpec Event = Tool("create_event", "Puts an appointment into the calendar.",
        """{"type":"object","properties":{"title":{"type":"string"},"start":{"type":"string"},"attendees":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"email":{"type":"string"}},"required":["name","email"],"additionalProperties":false}},"reminder":{"type":"object","properties":{"minutes":{"type":"integer"},"by":{"type":"string","enum":["mail","phone"]}},"required":["minutes","by"],"additionalProperties":false}},"required":["title","start","attendees","reminder"],"additionalProperties":false}""");

    static readonly Sequence<ToolSpec> Tools = [Weather, Read, Write, Search, Light, Convert, Event];

    /// <summary>In the order in which they are asked. The last three are one conversation that grows.</summary>
    public static readonly Sequence<Question> All =
    [
        Call("a lookup", "What is the weather in Lhasa at the moment? Look it up."),
        Call("an enumeration", "How warm is it in Oslo now, in degrees Fahrenheit? Look it up."),
        Call("an integer", "Show me the first 20 lines of /var/log/boot.log."),
        Call("a fraction", "Convert 12.5 euros to US dollars with the tool."),
        Call("a truth value", "Switch the lamp in the bedroom off."),
        Call("a list of texts", "Search the .cs and .md files for the word glacier."),
        Call("nested objects", "Enter the appointment \"Base camp\" for 2026-12-01T09:00 with Ana (ana@example.org) and Bo (bo@example.org); remind me 30 minutes before by mail."),
        Call("two calls at once", "Look up the weather in Skardu and in Islamabad, both in one step."),
        Call("three calls at once", "Switch the lamps in kitchen, bedroom and hall on, all in one step."),
        Call("letters of other scripts", "札幌の今の天気をツールで調べてください。"),
        Call("quotes and backslashes", "Write a file /tmp/quote.txt that holds exactly this line: He said \"C:\\new\\table\" – naïve?"),
        Call("long arguments", "Write a file /tmp/list.txt with 60 lines; each is \"line N of the list\" with its own number N from 1 to 60."),
        Call("one tool among many", "What is the weather in Gilgit at the moment? Look it up.", [.. Tools, .. Enumerable.Range(1, 25).Select(Filler)]),
        Talk("arithmetic", "What is 17 + 25? Answer with the number only."),
        Talk("a greeting", "Say hello in three languages."),
        Talk("a question about the tools", "Which of your tools would tell the weather? Only name it, use none."),
        Talk("an order not to call", "Do not use any tool for this: is it warmer in Dubai or in Oslo in January, as a rule?"),
        Talk("a result to be told", "What does /tmp/a.txt say?", Called("read_file", """{"path":"/tmp/a.txt"}""", "The tent is green.")),
        Talk("a finished task", "Switch the lamp in the hall on.", Called("set_light", """{"room":"hall","on":true}""", "Done: the lamp is on.")),
        Call("a result that leads on", "Read /tmp/start.txt, and the file that it names.", Called("read_file", """{"path":"/tmp/start.txt"}""", "Go on with /tmp/next.txt.")),
        Call("a failed call", "Read the notes: /tmp/notes.txt, or /tmp/notes.md where there is no such file.", Failed("read_file", """{"path":"/tmp/notes.txt"}""", "No such file: /tmp/notes.txt")),
        .. Growing(),
    ];

    static Question Call(string name, string text, Sequence<Turn> history) => new(name, Ask(text, Tools, history), CallIsDue: true);

    static Question Call(string name, string text, Sequence<ToolSpec>? tools = null) => new(name, Ask(text, tools ?? Tools, []), CallIsDue: true);

    static Question Talk(string name, string text, Sequence<Turn> history = default) => new(name, Ask(text, Tools, history), CallIsDue: false);

    static ChatRequest Ask(string text, Sequence<ToolSpec> tools, Sequence<Turn> history) => new()
    {
        Model = "", System = [new Block.Text("You are a helpful assistant. Use the tools where they are needed, and only there.")], Tools = tools,
        Turns = [new Turn.User([new Block.Text(text)]), .. history],
        // Vendors of Messages think when they are asked to.
        Thinking = new() { Mode = ThinkingMode.On },
    };

    static Sequence<Turn> Called(string tool, string arguments, string result) => Step(0, tool, arguments, result, isError: false);

    static Sequence<Turn> Failed(string tool, string arguments, string result) => Step(0, tool, arguments, result, isError: true);

    /// <summary>Ids are those of Kimi, which reads the tool's name out of them; for others they are made to fit.</summary>
    static Sequence<Turn> Step(int number, string tool, string arguments, string result, bool isError) =>
    [
        new Turn.Assistant([new Block.Thinking("The tool will tell."), new Block.ToolCall($"functions.{tool}:{number}", tool, arguments)]),
        new Turn.User([new Block.ToolResult($"functions.{tool}:{number}", [new Block.Text(result)], isError)]),
    ];

    /// <summary>Long enough that every vendor caches it: they begin at 1,024 or 2,048 tokens.</summary>
    static IEnumerable<Question> Growing()
    {
        StringBuilder rules = new("You walk trails of files: read the file that was named last, each time. These rules hold on the way.\n");
        for (int i = 1; i <= 220; i++) rules.Append(System.Globalization.CultureInfo.InvariantCulture, $"Rule {i}: at marker {i * 37 % 221} keep to the left of the ice, and count the stones.\n");
        Sequence<Turn> history = [];
        for (int step = 1; step <= 3; step++)
        {
            ChatRequest request = Ask("Walk the trail that begins in /trail/1.txt.", Tools, history);
            yield return new($"a trail, step {step}", request with
            {
                System = [new Block.Text(rules.ToString()) { CacheControl = CacheMark }],
                Turns = [.. request.Turns.SkipLast(1), new Turn.User([.. request.Turns[^1].Blocks.Select(block => block with { CacheControl = CacheMark })])],
            }, CallIsDue: true, FollowsTheOneBefore: step > 1);
            history = [.. history, .. Step(step - 1, "read_file", $$"""{"path":"/trail/{{step}}.txt"}""", $"Go on with /trail/{step + 1}.txt.", isError: false)];
        }
    }

    static ToolSpec Filler(int number) => Tool($"station_{number}", $"Reads the instruments of station {number}.",
        """{"type":"object","properties":{"instrument":{"type":"string"}},"required":["instrument"],"additionalProperties":false}""");

    static ToolSpec.Function Tool(string name, string description, string schema) => new(name, description, RawJson.Of(schema));
}
