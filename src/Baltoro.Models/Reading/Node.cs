// A JSON value that remembers where it stood, so that a complaint can name the line. It refuses to know what the value means.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Models.Reading;

abstract record Node(Spot At)
{
    /// <summary>Members in the order of the file; names are unique.</summary>
    public sealed record Object(Spot At, Sequence<Member> Members) : Node(At)
    {
        public Node? this[string name]
        {
            get
            {
                foreach (Member member in Members)
                    if (member.Name == name) return member.Value;
                return null;
            }
        }

        public Object Without(Sequence<string> names) => this with { Members = Members.Where(member => !names.Contains(member.Name)).ToSequence() };
    }

    public sealed record List(Spot At, Sequence<Node> Items) : Node(At);

    public sealed record Text(Spot At, string Value) : Node(At);

    /// <param name="Digits">As written.</param>
    public sealed record Number(Spot At, string Digits) : Node(At);

    public sealed record Flag(Spot At, bool Value) : Node(At);

    public sealed record Null(Spot At) : Node(At);

    /// <summary>A text that names an environment variable which is not set.</summary>
    public sealed record Unset(Spot At, string Variable) : Node(At);

    /// <summary>What it is, without its value: safe for values that may be secret.</summary>
    public string Kind => this switch
    {
        Object => "an object",
        List => "a list",
        Text => "a text",
        Number => "a number",
        Flag => "true or false",
        Unset unset => $"${{{unset.Variable}}} (not set)",
        _ => "null",
    };

    /// <summary>What it is, with its value where that fits in a sentence.</summary>
    public string Shown => this switch
    {
        Text { Value.Length: <= 60 } text => $"\"{text.Value}\"",
        Number number => number.Digits,
        Flag flag => flag.Value ? "true" : "false",
        _ => Kind,
    };

    /// <summary>A value whose variables are not yet replaced, as JSON again, for a reader of another format.</summary>
    public string Json()
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter writer = new(text)) Write(writer);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    void Write(Utf8JsonWriter writer)
    {
        switch (this)
        {
            case Object map:
                writer.WriteStartObject();
                foreach (Member member in map.Members)
                {
                    writer.WritePropertyName(member.Name);
                    member.Value.Write(writer);
                }
                writer.WriteEndObject();
                break;
            case List list:
                writer.WriteStartArray();
                foreach (Node item in list.Items) item.Write(writer);
                writer.WriteEndArray();
                break;
            case Text text: writer.WriteStringValue(text.Value); break;
            case Number number: writer.WriteRawValue(number.Digits); break;
            case Flag flag: writer.WriteBooleanValue(flag.Value); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <summary>
    /// <paramref name="upper"/> laid over <paramref name="lower"/>: objects are merged member by member, anything else above hides what is
    /// below. A null above unsets what is below.
    /// </summary>
    public static Node Over(Node upper, Node? lower) => (upper, lower) switch
    {
        (Object above, Object below) => Over(above, below),
        _ => upper,
    };

    public static Object Over(Object upper, Object lower) => upper with
    {
        Members = lower.Members
            .Select(below => upper[below.Name] is { } above ? new Member(below.Name, Over(above, below.Value)) : below)
            .Concat(upper.Members.Where(above => lower[above.Name] is null))
            .ToSequence(),
    };

    /// <summary>All of them, each over the ones before it.</summary>
    public static Object Layered(params ReadOnlySpan<Object?> layers)
    {
        Object? result = null;
        foreach (Object? layer in layers)
            if (layer is not null) result = result is null ? layer : Over(layer, result);
        return result ?? new Object(default, []);
    }
}

sealed record Member(string Name, Node Value);
