// Reads one upstream of a configuration; it refuses to know which models are served there.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

static class UpstreamReader
{
    const string UrlExpected = "an http or https URL without credentials, query or fragment";

    /// <summary>Stands in for a URL that an unset variable leaves open. Never asked: such an upstream is without a key.</summary>
    static readonly Uri Nowhere = new("http://unset.invalid");

    public static Upstream? Read((string Name, Fields Value) named)
    {
        (string name, Fields fields) = named;
        Node? url = fields.Secret("url"), key = fields.Secret("key");
        WireFormat? format = fields.Choice("format", Vocabulary.Formats);
        Dialect? dialect = fields.Choice("dialect", Vocabulary.Dialects);
        if (fields.Object("assume") is { } assumed)
        {
            Facts.Read(assumed);
            assumed.Close();
        }
        Limits defaults = new();
        Limits limits = new()
        {
            Connect = Seconds(fields, "connect") ?? defaults.Connect,
            FirstByte = Seconds(fields, "firstByte") ?? defaults.FirstByte,
            Idle = Seconds(fields, "idle") ?? defaults.Idle,
        };
        (List<Header> headers, Node.Unset? unset) = ReadHeaders(fields);
        fields.Close();
        CheckName(name, fields);
        if (url is null && fields.Source["url"] is null or Node.Null) fields.Complain(fields.At, "no \"url\"", UrlExpected);
        if (format is null && fields.Source["format"] is null or Node.Null) fields.Complain(fields.At, "no \"format\"", Vocabulary.Formats.Listed);
        // A built-in dialect gives way when the user says another format; two words of his own must fit each other.
        if (format is { } spoken && dialect is { } accent && !CatalogueReader.Fits(accent, spoken)
            && fields.Source["dialect"]!.At is var at && at.File != Catalogue.File)
            fields.Complain(at, $"\"{Vocabulary.Dialects[accent]}\"", $"a dialect of the format \"{Vocabulary.Formats[spoken]}\"");
        Uri? address = url switch { Node.Text text => Address(text, fields), Node.Unset => Nowhere, _ => null };
        return address is null || format is null ? null : new Upstream
        {
            Name = name,
            Url = address,
            Format = format.Value,
            Key = (url as Node.Unset ?? unset ?? key) switch
            {
                Node.Unset missing => new Key.Missing(missing.Variable),
                Node.Text { Value: not "" } secret => new Key.Set(secret.Value),
                _ => Key.NotNeeded.Instance,
            },
            Limits = limits,
            Headers = headers.ToSequence(),
        };
    }

    static void CheckName(string name, Fields fields)
    {
        // `upstream/model` and `upstream:model` must have one reading.
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            fields.Complain(fields.At, $"an upstream called \"{name}\"", "a name of letters, digits, \"-\", \"_\" and \".\"");
    }

    static Uri? Address(Node.Text text, Fields fields)
    {
        if (Uri.TryCreate(text.Value.TrimEnd('/'), UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            && url is { UserInfo: "", Query: "", Fragment: "" })
            return url;
        // What looks like a URL with credentials in it is not shown.
        fields.Complain(text.At, text.Value.Contains('@', StringComparison.Ordinal) ? text.Kind : text.Shown, UrlExpected);
        return null;
    }

    static TimeSpan? Seconds(Fields fields, string name) =>
        fields.Number(name, "seconds, more than 0 and at most 86400", 0.001, 86400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    static (List<Header>, Node.Unset?) ReadHeaders(Fields fields)
    {
        List<Header> headers = [];
        Node.Unset? unset = null;
        if (fields.Object("headers") is not { } map) return (headers, null);
        foreach (Member member in map.Members)
        {
            switch (map.Secret(member.Name))
            {
                case Node.Unset missing: unset ??= missing; break;
                case Node.Text { Value: var value } text:
                    if (member.Name.Length == 0 || member.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
                        map.Complain(text.At, "a header's name with a character that none may have", "a name such as \"x-title\"");
                    else if (value.Any(char.IsControl)) map.Complain(text.At, "a line break or control character", "a header's value on one line");
                    else headers.Add(new(member.Name.ToLowerInvariant(), value));
                    break;
                default: break;
            }
        }
        return (headers, unset);
    }
}
