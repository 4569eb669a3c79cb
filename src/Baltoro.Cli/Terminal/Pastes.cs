// Long texts that were pasted, each standing as one sign in what a person writes, so that it can be moved over and deleted as one. It refuses to know keys.

using System.Globalization;
using System.Text;

namespace Baltoro.Cli.Terminal;

/// <summary>Not thread-safe.</summary>
sealed class Pastes
{
    const int MostLines = 8, MostLetters = 1_000;

    /// <summary>The signs: the last of Unicode's private planes, which no font and no writing uses.</summary>
    const int First = 0x10f000, Last = 0x10ffff;

    readonly List<string> _contents = [];

    /// <summary>The text itself where it is short, else the sign that it stands behind.</summary>
    public string Fold(string text)
    {
        text = WithoutSigns(text);
        if (text.Length <= MostLetters && Lines(text) <= MostLines || _contents.Count > Last - First) return text;
        _contents.Add(text);
        return char.ConvertFromUtf32(First + _contents.Count - 1);
    }

    /// <summary>The text with what its signs stand for.</summary>
    public string Unfold(string text) => With(text, content => content);

    /// <summary>The text as it is seen, with a label for each sign.</summary>
    public string Labelled(string text) => With(text, Label);

    /// <summary>What is shown for a letter of the text; null where it is shown as it is.</summary>
    public string? Label(ReadOnlySpan<char> letter) =>
        Rune.DecodeFromUtf16(letter, out Rune rune, out int length) == System.Buffers.OperationStatus.Done && length == letter.Length && Content(rune) is { } content ? Label(content) : null;

    /// <summary>A text that someone typed or pasted, which must not hold signs of its own.</summary>
    public static string WithoutSigns(string text) =>
        text.Contains(char.ConvertFromUtf32(First)[0], StringComparison.Ordinal) ? string.Concat(text.EnumerateRunes().Where(rune => rune.Value is < First or > Last).Select(rune => rune.ToString())) : text;

    static string Label(string content) =>
        string.Create(CultureInfo.InvariantCulture, $"[pasted: {(Lines(content) is > 1 and var lines ? $"{lines} lines" : $"{content.Length} letters")}]");

    string With(string text, Func<string, string> shown)
    {
        StringBuilder whole = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) whole.Append(Content(rune) is { } content ? shown(content) : rune.ToString());
        return whole.ToString();
    }

    string? Content(Rune rune) => rune.Value is >= First and <= Last && rune.Value - First is var place && place < _contents.Count ? _contents[place] : null;

    static int Lines(string text) => text.AsSpan().TrimEnd('\n').Count('\n') + 1;
}
