// Turns an HTML page into Markdown: its text with headings, lists, links, tables and code. It fetches nothing.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Baltoro.Agent.Tools.Web;

/// <summary>One page. What a reader would not see (hidden elements, scripts) is left out, and so is what surrounds its main part, where it marks one.</summary>
sealed partial class MarkdownPage
{
    /// <summary>Elements inside each other; what is deeper is laid flat, so that no page overflows the stack.</summary>
    const int Deepest = 200;

    static readonly HashSet<string> Left =
    [
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video", "nav", "head",
        "button", "input", "select", "textarea", "dialog",
    ];

    static readonly HashSet<string> Blocks =
    [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "ul",
    ];

    readonly Uri _address;
    readonly CancellationToken _cancellation;

    MarkdownPage(Uri address, CancellationToken cancellation) => (_address, _cancellation) = (address, cancellation);

    /// <param name="address">What links on the page are relative to.</param>
    /// <param name="cancellation">A page can be made such that reading it takes minutes; looked at with every element.</param>
    public static string Of(string html, Uri address, CancellationToken cancellation)
    {
        HtmlParser parser = new(new HtmlParserOptions { MaximumDepth = Deepest, OnCreated = (_, _) => cancellation.ThrowIfCancellationRequested() });
        using IHtmlDocument document = parser.ParseDocument(html);
        IElement? root = document.QuerySelector("main, [role=main]") ?? Only(document.QuerySelectorAll("article")) ?? document.Body;
        string title = Collapse(document.Title ?? "").Trim();
        string text = root is null ? "" : new MarkdownPage(address, cancellation).Inside(root);
        return title.Length == 0 || text.StartsWith($"# {title}", StringComparison.Ordinal) ? text : $"# {title}\n\n{text}";
    }

    static IElement? Only(IHtmlCollection<IElement> found) => found.Length == 1 ? found[0] : null;

    /// <summary>The blocks in an element, with an empty line between them.</summary>
    string Inside(INode parent)
    {
        _cancellation.ThrowIfCancellationRequested();
        List<string> blocks = [];
        StringBuilder line = new();

        void EndLine()
        {
            if (Lines(line.ToString()) is { Length: > 0 } text) blocks.Add(text);
            line.Clear();
        }

        foreach (INode node in parent.ChildNodes)
        {
            if (node is not IElement element || !HoldsBlocks(element))
            {
                line.Append(Inline(node));
                continue;
            }
            EndLine();
            if (Block(element) is { Length: > 0 } block) blocks.Add(block);
        }
        EndLine();
        return string.Join("\n\n", blocks);
    }

    /// <summary>Also an inline element around blocks, such as a link around a card.</summary>
    static bool HoldsBlocks(IElement element) => Blocks.Contains(element.LocalName) || element.Children.Any(child => Blocks.Contains(child.LocalName));

    string Block(IElement element)
    {
        if (IsLeftOut(element)) return "";
        switch (element.LocalName)
        {
            case ['h', >= '1' and <= '6' and var level]:
                string heading = Lines(Inline(element)).Replace('\n', ' ');
                return heading.Length == 0 ? "" : $"{new string('#', level - '0')} {heading}";
            case "pre": return Code(element);
            case "hr": return "---";
            case "blockquote": return Indented(Inside(element), "> ", "> ");
            case "ul" or "ol": return List(element);
            case "table": return Table(element);
            case "dt": return $"**{Lines(Inline(element))}**";
            case "dd": return Indented(Inside(element), ": ", "  ");
            default: return Inside(element);
        }
    }

    string List(IElement list)
    {
        int number = list.LocalName == "ol" ? list.GetAttribute("start") is { } start && int.TryParse(start, NumberStyles.Integer, CultureInfo.InvariantCulture, out int first) ? first : 1 : 0;
        List<string> items = [];
        foreach (IElement item in list.Children)
        {
            if (IsLeftOut(item) || Inside(item) is not { Length: > 0 } text) continue;
            string mark = list.LocalName == "ol" ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "- ";
            items.Add(Indented(text.Replace("\n\n- ", "\n- ", StringComparison.Ordinal), mark, new string(' ', mark.Length)));
        }
        return string.Join('\n', items);
    }

    string Table(IElement table)
    {
        StringBuilder text = new();
        foreach (IElement row in table.QuerySelectorAll("tr").Where(row => row.Closest("table") == table))
        {
            string[] cells = [.. row.Children.Where(cell => cell.LocalName is "td" or "th").Select(cell => Lines(Inline(cell)).Replace('\n', ' ').Replace("|", "\\|", StringComparison.Ordinal))];
            if (cells.All(cell => cell.Length == 0)) continue;
            bool isFirst = text.Length == 0;
            text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
            if (isFirst) text.Append('|').Insert(text.Length, "---|", cells.Length).Append('\n');
        }
        return text.ToString().TrimEnd('\n');
    }

    static string Code(IElement pre)
    {
        string code = pre.TextContent.TrimEnd().TrimStart('\n');
        if (code.Length == 0) return "";
        string language = Language().Match($"{pre.ClassName} {pre.QuerySelector("code")?.ClassName}") is { Success: true } match ? match.Groups[1].Value : "";
        string fence = "```";
        while (code.Contains(fence, StringComparison.Ordinal)) fence += "`";
        return $"{fence}{language}\n{code}\n{fence}";
    }

    string Inline(INode node)
    {
        if (node is IText text) return Collapse(text.Data);
        if (node is not IElement element || IsLeftOut(element)) return "";
        switch (element.LocalName)
        {
            case "br": return "\n";
            case "img":
                return element.GetAttribute("alt") is { Length: > 0 } alt && Target(element.GetAttribute("src")) is { } source ? $"![{Collapse(alt).Trim()}]({source})" : "";
            case "code" or "kbd" or "samp" or "tt":
                string code = Collapse(element.TextContent).Trim();
                return code.Length == 0 ? "" : code.Contains('`', StringComparison.Ordinal) ? $"`` {code} ``" : $"`{code}`";
        }
        StringBuilder inner = new();
        foreach (INode child in element.ChildNodes)
        {
            // Blocks in a heading or a cell stay in its line, apart from each other.
            bool isBlock = child is IElement { LocalName: var name } && Blocks.Contains(name);
            inner.Append(isBlock ? " " : "").Append(Inline(child)).Append(isBlock ? " " : "");
        }
        return element.LocalName switch
        {
            "a" when Target(element.GetAttribute("href")) is { } target => Around(inner.ToString(), "[", $"]({target})"),
            "strong" or "b" => Around(inner.ToString(), "**", "**"),
            "em" or "i" => Around(inner.ToString(), "*", "*"),
            _ => inner.ToString(),
        };
    }

    static bool IsLeftOut(IElement element) =>
        Left.Contains(element.LocalName) || element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
        || element.GetAttribute("style") is { } style && Hidden().IsMatch(style);

    /// <summary>The whole address of a link; null for one that leads nowhere outside of the page.</summary>
    string? Target(string? link) =>
        link is not (null or "" or ['#', ..]) && Uri.TryCreate(_address, link.Trim(), out Uri? target) && target.Scheme is "http" or "https" or "mailto" ? target.AbsoluteUri : null;

    /// <summary>Marks go next to the words, blanks stay outside of them.</summary>
    static string Around(string text, string open, string close)
    {
        string words = text.Trim();
        if (words.Length == 0) return text;
        int start = text.IndexOf(words, StringComparison.Ordinal);
        return text[..start] + open + words.Replace('\n', ' ') + close + text[(start + words.Length)..];
    }

    static string Indented(string text, string first, string others) =>
        text.Length == 0 ? "" : first + string.Join('\n', text.Split('\n').Select((line, i) => i == 0 ? line : line.Length == 0 ? others.TrimEnd() : others + line));

    /// <summary>Blanks at the ends of lines go, and those after another.</summary>
    static string Lines(string inline) => string.Join('\n', inline.Split('\n').Select(line => Blanks().Replace(line, " ").Trim())).Trim();

    static string Collapse(string text) => Blanks().Replace(text, " ");

    [GeneratedRegex(@"[ \t\r\n\f]+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\b(?:language|lang|highlight-source)-([\w+#.-]+)")]
    private static partial Regex Language();

    [GeneratedRegex(@"(?:display\s*:\s*none|visibility\s*:\s*hidden)", RegexOptions.IgnoreCase)]
    private static partial Regex Hidden();
}
