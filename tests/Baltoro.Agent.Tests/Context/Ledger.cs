// A task that outgrows any window: many books to read, one sum to keep, and a word from the beginning to write at the end. The scripted model knows no more
// than what stands in front of it: what it did not carry over is lost to it.

using System.Globalization;
using System.Text.RegularExpressions;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Agent.Tests.Context;

/// <param name="Books">How many there are to read, one a step.</param>
sealed partial record Ledger(int Books, string Folder)
{
    const string Word = "glacier-7f3a";

    public string AnswerFile => Path.Combine(Folder, "sum.txt");

    public string Task => $"The word is {Word}. Add up the entries of the {Books} books `{Book(1)}` and so on, then write the word and the sum into `{AnswerFile}`.";

    public string Answer => string.Create(CultureInfo.InvariantCulture, $"{Word} {Enumerable.Range(1, Books).Sum(Entry)}");

    /// <summary>Most are too small to be put away; each tenth is not.</summary>
    public void Lay()
    {
        for (int book = 1; book <= Books; book++)
            File.WriteAllText(Book(book), $"BOOK {book} ENTRY {Entry(book)}\n{string.Concat(Enumerable.Repeat("All the rest of the page is blank.\n", book % 10 == 0 ? 170 : 40))}");
    }

    string Book(int number) => Path.Combine(Folder, $"book-{number}.txt");

    static int Entry(int book) => book * 7919 % 1000;

    /// <summary>Whether the model is asked for its hand-off note.</summary>
    public static bool IsHandOff(Conversation conversation) => conversation.Turns[^1] is Turn.User last && last.Text.Contains("hand-off note", StringComparison.Ordinal);

    /// <param name="note">What it answers when it is to hand over, given its own honest note; null for that.</param>
    public static Script Script(Func<string, Reply?>? note = null) => (_, conversation) =>
    {
        string said = string.Join('\n', conversation.Turns.OfType<Turn.User>().Select(turn => turn.Text));
        Match task = TaskText().Match(said);
        (int book, int sum) = NoteText().Matches(said) is [.., var last] ? (Number(last.Groups[1]), Number(last.Groups[2])) : (0, 0);
        foreach (Turn.Result result in conversation.Turns.OfType<Turn.Result>())
        {
            if (BookText().Match(result.Text) is not { Success: true } entry || Number(entry.Groups[1]) != book + 1) continue;
            (book, sum) = (book + 1, sum + Number(entry.Groups[2]));
        }
        string word = task.Groups[1].Value, first = task.Groups[3].Value, answer = task.Groups[4].Value;
        if (IsHandOff(conversation))
        {
            string words = $"I have read {book} books, and their sum is {sum}. The next one is {book + 1}.";
            return note?.Invoke(words) ?? Reply.Of(new Part.Think("What must I not forget?"), new Part.Say(words));
        }
        if (conversation.Turns.OfType<Turn.Result>().Any(result => result.Text.StartsWith("Written", StringComparison.Ordinal))) return Reply.Of(new Part.Say("The sum is written."));
        if (book == Number(task.Groups[2]))
            return Reply.Of(new Part.Think("All are read."), new Part.Call("Write", Json(("file_path", answer), ("content", string.Create(CultureInfo.InvariantCulture, $"{word} {sum}")))));
        return Reply.Of(new Part.Think($"Book {book + 1} is next; so far it is {sum}."), new Part.Call("Read", Json(("file_path", first.Replace("book-1.", $"book-{book + 1}.", StringComparison.Ordinal)))));
    };

    static string Json(params (string Name, string Value)[] members) =>
        new System.Text.Json.Nodes.JsonObject(members.Select(member => KeyValuePair.Create(member.Name, (System.Text.Json.Nodes.JsonNode?)member.Value))).ToJsonString();

    static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("The word is ([^.]+)\\. Add up the entries of the ([0-9]+) books `([^`]+)`.*into `([^`]+)`")]
    private static partial Regex TaskText();

    [GeneratedRegex("I have read ([0-9]+) books, and their sum is ([0-9]+)")]
    private static partial Regex NoteText();

    [GeneratedRegex("BOOK ([0-9]+) ENTRY ([0-9]+)")]
    private static partial Regex BookText();
}
