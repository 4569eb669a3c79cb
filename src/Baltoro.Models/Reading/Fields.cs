// Typed access to the members of an object; every value that is not what it should be becomes a problem, and reading goes on.

using System.Globalization;
using Baltoro.Chat;

namespace Baltoro.Models.Reading;

/// <summary>The members of one object. What is absent or null reads as null. Not thread-safe.</summary>
sealed class Fields(Node.Object node, List<Problem> problems)
{
    readonly List<string> _known = [];

    public Spot At => node.At;

    /// <summary>The value of a member, whatever it is.</summary>
    public Node? this[string name]
    {
        get
        {
            _known.Add(name);
            return node[name] is { } value and not Node.Null ? value : null;
        }
    }

    public string? Text(string name) => Read(name, static () => "a text", static value => (value as Node.Text)?.Value);

    public bool? Flag(string name) => Read(name, static () => "true or false", static value => (value as Node.Flag)?.Value);

    public int? Count(string name, int least, int most) =>
        Read<int?>(name, () => $"a whole number from {least} to {most}", value =>
            value is Node.Number number && int.TryParse(number.Digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count >= least && count <= most ? count : null);

    public decimal? Amount(string name) =>
        Read<decimal?>(name, static () => "an amount of US dollars, 0 or more", static value =>
            value is Node.Number number && decimal.TryParse(number.Digits, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount)
            && amount >= 0 ? amount : null);

    public double? Number(string name, string expected, double least, double most) =>
        Read<double?>(name, () => expected, value =>
            value is Node.Number digits && double.TryParse(digits.Digits, CultureInfo.InvariantCulture, out double number)
            && number >= least && number <= most ? number : null);

    public DateOnly? Date(string name) =>
        Read<DateOnly?>(name, static () => "a date such as 2026-05-25", static value =>
            value is Node.Text text && DateOnly.TryParseExact(text.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? date : null);

    public T? Choice<T>(string name, Words<T> words) where T : struct =>
        Read(name, () => words.Listed, value => value is Node.Text text ? words[text.Value] : null);

    /// <summary>A text that may be secret: a complaint about it does not show it.</summary>
    public Node? Secret(string name) => this[name] switch
    {
        null => null,
        Node.Text or Node.Unset => node[name],
        { } other => Complain<Node>(other, "a text"),
    };

    /// <summary>A list of texts; a text alone counts as a list of one. Null when absent.</summary>
    public Sequence<Node.Text>? Texts(string name)
    {
        switch (this[name])
        {
            case null: return null;
            case Node.Text only: return [only];
            case Node.List list: return list.Items.Select(Each).OfType<Node.Text>().ToSequence();
            case { } other:
                Complain<Node>(other, "a list of texts");
                return null;
        }

        Node.Text? Each(Node item) => item as Node.Text ?? Complain<Node.Text>(item, "a text");
    }

    public Fields? Object(string name) => this[name] switch
    {
        null => null,
        Node.Object value => new(value, problems),
        { } other => Complain<Fields>(other, "an object"),
    };

    /// <summary>Each member of an object whose keys are names of the user's choice.</summary>
    public IEnumerable<(string Name, Fields Value)> Named(string name)
    {
        if (Object(name) is not { } map) yield break;
        foreach (Member member in map.Members)
        {
            if (member.Value is Node.Object value) yield return (member.Name, new(value, problems));
            else if (member.Value is not Node.Null) Complain<Fields>(member.Value, "an object");
        }
    }

    /// <summary>An object that stands deeper in this one.</summary>
    public Fields Inside(Node.Object value) => new(value, problems);

    public Sequence<Member> Members => node.Members;

    public Node.Object Source => node;

    public void Complain(Spot at, string found, string expected) => problems.Add(new(at, found, expected));

    /// <summary>Complains of every member that nobody asked for.</summary>
    public void Close()
    {
        foreach (Member member in node.Members)
        {
            if (_known.Contains(member.Name)) continue;
            Complain(member.Value.At with { Path = node.At.Path }, $"\"{member.Name}\"", Nearest.To(member.Name, _known) switch
            {
                [var nearest, ..] => $"a known key; the nearest is \"{nearest}\"",
                _ => $"one of {string.Join(", ", _known.Distinct())}",
            });
        }
    }

    /// <param name="expected">Asked only where something is wrong: a catalogue has thousands of values.</param>
    T? Read<T>(string name, Func<string> expected, Func<Node, T?> read)
    {
        if (this[name] is not { } value) return default;
        T? result = read(value);
        if (result is null) Complain(value.At, value.Shown, expected());
        return result;
    }

    T? Complain<T>(Node value, string expected) where T : class
    {
        // Whatever stands in the wrong place may be a secret: it is not shown.
        Complain(value.At, value.Kind, expected);
        return null;
    }
}
