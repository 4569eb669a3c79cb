// Every fault that tests play, by the words in which the fault table of the design names it, and where it can happen.

namespace Baltoro.ScriptedUpstream;

public static class Faults
{
    static readonly Dictionary<string, string> InASecond = new() { ["retry-after"] = "1" };
    static readonly Dictionary<string, string> InMilliseconds = new() { ["retry-after-ms"] = "30", ["retry-after"] = "30" };

    /// <summary>Faults that can happen at any vendor.</summary>
    public static IReadOnlyDictionary<string, Fault> Anywhere { get; } = new Dictionary<string, Fault>
    {
        ["429"] = new Fault.Status(429),
        ["429 with retry-after"] = new Fault.Status(429, Headers: InASecond),
        ["429 with retry-after-ms"] = new Fault.Status(429, Headers: InMilliseconds),
        ["500"] = new Fault.Status(500),
        ["502 with a page"] = new Fault.Status(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
        ["503"] = new Fault.Status(503),
        ["529"] = new Fault.Status(529),
        ["reset"] = new Fault.Reset(),
        ["cut before the first event"] = new Fault.Broken(Breaking.Cut, Place.First),
        ["cut in thinking"] = new Fault.Broken(Breaking.Cut, Place.Thinking),
        ["cut in text"] = new Fault.Broken(Breaking.Cut, Place.Text),
        ["cut in a call"] = new Fault.Broken(Breaking.Cut, Place.Call),
        ["cut before the end marker"] = new Fault.Broken(Breaking.Cut, Place.Close),
        ["end before the first event"] = new Fault.Broken(Breaking.End, Place.First),
        ["end in thinking"] = new Fault.Broken(Breaking.End, Place.Thinking),
        ["end in text"] = new Fault.Broken(Breaking.End, Place.Text),
        ["end in a call"] = new Fault.Broken(Breaking.End, Place.Call),
        ["end without its marker"] = new Fault.Broken(Breaking.End, Place.Close),
        ["stall before the first byte"] = new Fault.Broken(Breaking.Stall, Place.First),
        ["stall in thinking"] = new Fault.Broken(Breaking.Stall, Place.Thinking),
        ["stall in text"] = new Fault.Broken(Breaking.Stall, Place.Text),
        ["stall in a call"] = new Fault.Broken(Breaking.Stall, Place.Call),
        ["pings before the first event"] = new Fault.Broken(Breaking.StallWithPings, Place.First),
        ["pings in text"] = new Fault.Broken(Breaking.StallWithPings, Place.Text),
        ["pings in a call"] = new Fault.Broken(Breaking.StallWithPings, Place.Call),
        ["empty reply"] = new Fault.Empty(),
        ["thinking only"] = new Fault.ThinkingOnly(),
        ["length stop in thinking"] = new Fault.LengthStop(),
        ["the same call again and again"] = new Fault.SameCall(),
        ["the same lines in thinking"] = new Fault.SameLines(),
    };

    /// <summary>Mistakes of a model whose server does not watch over its calls: all but Claude's.</summary>
    public static IReadOnlyDictionary<string, Fault> OfCalls { get; } = new Dictionary<string, Fault>
    {
        ["arguments that are no JSON"] = new Fault.Arguments(Damage.NotJson),
        ["arguments cut off"] = new Fault.Arguments(Damage.CutOff),
        ["arguments in a string"] = new Fault.Arguments(Damage.InString),
        ["a number as text"] = new Fault.Arguments(Damage.NumberAsText),
        ["a wrong argument name"] = new Fault.Arguments(Damage.WrongName),
        ["an unknown tool"] = new Fault.ToolName(Spelling.Unknown),
        ["a tool with a prefix"] = new Fault.ToolName(Spelling.Prefixed),
        ["a tool in other case"] = new Fault.ToolName(Spelling.OtherCase),
        ["repeated ids"] = new Fault.CallIds(IdSlip.Repeated),
        ["missing ids"] = new Fault.CallIds(IdSlip.Missing),
        ["stop beside a call"] = new Fault.StopBesideCall(),
    };

    /// <summary>Mistakes that the format of Messages cannot express: there a call is a block, and its index the block's place.</summary>
    public static IReadOnlyDictionary<string, Fault> OfChat { get; } = new Dictionary<string, Fault>
    {
        ["merged calls"] = new Fault.MergedCalls(),
    };

    /// <summary>Kimi's own tokens where they do not belong, in whatever format; models of others have none such.</summary>
    public static IReadOnlyDictionary<string, Fault> OfKimi { get; } =
        (from place in (Place[])[Place.Text, Place.Thinking]
         from markers in Enum.GetValues<Markup>()
         select new KeyValuePair<string, Fault>($"tokens in {place.ToString().ToLowerInvariant()}, {Words(markers)}", new Fault.Leak(place, markers)))
        .ToDictionary();

    /// <summary>What is an agent's to survive, because nobody between it and the model could mend it without guessing.</summary>
    public static IReadOnlyDictionary<string, Fault> OfTasks { get; } = new Dictionary<string, Fault>
    {
        ["length stop before any content"] = new Fault.LengthStop(BeforeAnything: true),
        ["two calls in turn, again and again"] = new Fault.CallsInTurn(),
        ["a wrong argument type"] = new Fault.Arguments(Damage.WrongType),
        ["a next step announced and not taken"] = new Fault.Announced(),
    };

    /// <summary>All that can happen at a vendor.</summary>
    /// <param name="vendor">Its name.</param>
    public static IReadOnlyDictionary<string, Fault> At(string vendor) => vendor switch
    {
        // Anthropic's server lets no call out that is not whole, and counts and names them itself.
        "claude" => Anywhere,
        "messages" => Joined(Anywhere, OfCalls, OfKimi),
        "kimi" => Joined(Anywhere, OfCalls, OfChat, OfKimi),
        _ => Joined(Anywhere, OfCalls, OfChat),
    };

    static Dictionary<string, Fault> Joined(params IReadOnlyDictionary<string, Fault>[] tables) => tables.SelectMany(t => t).ToDictionary();

    static string Words(Markup markers) => markers switch
    {
        Markup.Section => "in a section",
        Markup.SingularSection => "in a section called otherwise",
        Markup.NoSection => "without a section",
        _ => "never closed",
    };
}
