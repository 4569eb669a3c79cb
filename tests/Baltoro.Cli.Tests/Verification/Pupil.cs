// A model that knows the answers of the examination. It knows nothing of how they are judged.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Verification;

static class Pupil
{
    static readonly Dictionary<string, Part[]> Answers = new()
    {
        ["What is the weather in Lhasa at the moment? Look it up."] = [Weather("Lhasa")],
        ["How warm is it in Oslo now, in degrees Fahrenheit? Look it up."] = [new Part.Call("get_weather", """{"city":"Oslo","unit":"fahrenheit"}""")],
        ["Show me the first 20 lines of /var/log/boot.log."] = [new Part.Call("read_file", """{"path":"/var/log/boot.log","limit":20}""")],
        ["Convert 12.5 euros to US dollars with the tool."] = [new Part.Call("convert", """{"amount":12.5,"from":"EUR","to":"USD"}""")],
        ["Switch the lamp in the bedroom off."] = [new Part.Call("set_light", """{"room":"bedroom","on":false}""")],
        ["Search the .cs and .md files for the word glacier."] = [new Part.Call("search_files", """{"text":"glacier","endings":[".cs",".md"]}""")],
        ["Enter the appointment"] = [new Part.Call("create_event", """{"title":"Base camp","start":"2026-12-01T09:00","attendees":[{"name":"Ana","email":"ana@example.org"},{"name":"Bo","email":"bo@example.org"}],"reminder":{"minutes":30,"by":"mail"}}""")],
        ["Look up the weather in Skardu and in Islamabad"] = [Weather("Skardu"), Weather("Islamabad")],
        ["Switch the lamps in kitchen, bedroom and hall on"] = [Lamp("kitchen"), Lamp("bedroom"), Lamp("hall")],
        ["札幌の今の天気"] = [Weather("札幌")],
        ["Write a file /tmp/quote.txt"] = [new Part.Call("write_file", """{"path":"/tmp/quote.txt","content":"He said \"C:\\new\\table\" – naïve?"}""")],
        ["Write a file /tmp/list.txt"] = [new Part.Call("write_file", $$"""{"path":"/tmp/list.txt","content":"{{string.Concat(Enumerable.Range(1, 60).Select(i => $"line {i} of the list\\n"))}}"}""")],
        ["What is the weather in Gilgit at the moment? Look it up."] = [Weather("Gilgit")],
        ["What is 17 + 25?"] = [new Part.Say("42")],
        ["Say hello in three languages."] = [new Part.Say("Hello, salaam, namaste.")],
        ["Which of your tools would tell the weather?"] = [new Part.Say("get_weather would.")],
        ["Do not use any tool for this"] = [new Part.Say("In Dubai, as a rule.")],
    };

    public static Reply Answer(int number, Conversation conversation)
    {
        var results = conversation.Turns.OfType<Turn.Result>().Select(result => result.Text).ToList();
        var text = conversation.Turns.OfType<Turn.User>().First().Text;
        Part[] parts = (text, results) switch
        {
            ({ } asked, []) when Answers.FirstOrDefault(answer => asked.StartsWith(answer.Key, StringComparison.Ordinal)).Value is { } known => known,
            _ when text.StartsWith("Walk the trail", StringComparison.Ordinal) => [Read($"/trail/{results.Count + 1}.txt")],
            _ when text.StartsWith("Read /tmp/start.txt", StringComparison.Ordinal) => [Read("/tmp/next.txt")],
            _ when text.StartsWith("Read the notes", StringComparison.Ordinal) => [Read("/tmp/notes.md")],
            _ => [new Part.Say("It is so: " + string.Concat(results))],
        };
        return Reply.Of([new Part.Think($"What is asked for is plain: {text[..10]}"), .. parts]);
    }

    static Part.Call Weather(string city) => new("get_weather", $$"""{"city":"{{city}}"}""");

    static Part.Call Lamp(string room) => new("set_light", $$"""{"room":"{{room}}","on":true}""");

    static Part.Call Read(string path) => new("read_file", $$"""{"path":"{{path}}"}""");
}
