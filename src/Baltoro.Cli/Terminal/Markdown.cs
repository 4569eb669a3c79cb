// Markdown as a model writes it, line by line, as styled lines; it refuses to know how much of the text is still to come.

using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>
/// The part of CommonMark that reads better styled than raw. A line is styled by itself and by whether it stands in a code fence, so that it can be
/// printed as soon as it is whole and never has to be taken back. Not thread-safe: it remembers the fence.
/// </summary>
sealed partial class Markdown
{
    string? _fence;

    /// <summary>How far rows that a long line is broken into are moved in.</summary>
    public static int Hang(Styled line) => Bullet().Match(line.ToString()) is { Success: true } bullet ? bullet.Length : 0;

    /// <summary>The line, which is whole.</summary>
    public Styled Line(string line)
    {
        (Styled styled, _fence) = Read(line);
        return styled;
    }

    /// <summary>How the line would look if it were at its end.</summary>
    public Styled Look(string line) => Read(line).Styled;

    (Styled Styled, string? Fence) Read(string line)
    {
        line = Shown.Line(line);
        if (Fence().Match(line) is { Success: true } fence)
        {
            string marks = fence.Groups["marks"].Value;
            if (_fence is null) return (new([new(line, Style.Dim)]), marks);
            if (marks[0] == _fence[0] && marks.Length >= _fence.Length && fence.Groups["info"].Length == 0) return (new([new(line, Style.Dim)]), null);
        }
        return (_fence is null ? Prose(line) : new([new(line, Style.Code)]), _fence);
    }

    static Styled Prose(string line)
    {
        if (Heading().Match(line) is { Success: true } heading) return new([new(heading.Groups["text"].Value, Style.Heading)]);
        if (Quote().Match(line) is { Success: true } quote) return new([new("│ ", Style.Dim), .. Inline(line[quote.Length..], Style.Slanted)]);
        if (Rule().IsMatch(line)) return new([new("────────────────", Style.Dim)]);
        if (Bullet().Match(line) is { Success: true } bullet && bullet.Groups["mark"].Success)
            return new([new($"{bullet.Groups["space"].Value}• "), .. Inline(line[bullet.Length..], Style.Plain)]);
        return new(Inline(line, Style.Plain));
    }

    /// <summary>Code, strong and slanted text, and links: the marks are taken away, what stands inside of code stays as it is.</summary>
    static Sequence<Piece> Inline(string text, Style plain)
    {
        List<Piece> pieces = [];
        int at = 0;
        foreach (Match match in Span().Matches(text))
        {
            if (match.Index > at) pieces.Add(new(text[at..match.Index], plain));
            at = match.Index + match.Length;
            if (match.Groups["code"] is { Success: true } code) pieces.Add(new(code.Value, Style.Code));
            else if (match.Groups["strong"] is { Success: true } strong) pieces.Add(new(strong.Value, Style.Strong));
            else if (match.Groups["slanted"] is { Success: true } slanted) pieces.Add(new(slanted.Value, Style.Slanted));
            else
            {
                pieces.Add(new(match.Groups["name"].Value, plain));
                pieces.Add(new($" ({match.Groups["url"].Value})", Style.Dim));
            }
        }
        if (at < text.Length || pieces.Count == 0) pieces.Add(new(text[at..], plain));
        return pieces.ToSequence();
    }

    [GeneratedRegex(@"^ {0,3}(?<marks>`{3,}|~{3,})(?<info>[^`]*)$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.*?)\s*#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ {0,3}>\s?")]
    private static partial Regex Quote();

    [GeneratedRegex(@"^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^(?<space>\s*)(?:(?<mark>[-*+•])|\d{1,9}[.)])\s+")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"(?<ticks>`+)(?<code>[^`]+)\k<ticks>|\*\*(?<strong>\S(?:[^*]*\S)?)\*\*|(?<![\w*])\*(?<slanted>\S(?:[^*]*\S)?)\*(?![\w*])|(?<!\w)_(?<slanted>\S(?:[^_]*\S)?)_(?!\w)|\[(?<name>[^\]]+)\]\((?<url>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Span();
}
