// Fetches a page for the model. It refuses to know which addresses may be reached (Web/GuardedHttp.cs does) and how HTML is read.

using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Agent.Tools.Web;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>WebFetch</c>.</summary>
/// <param name="http">From <see cref="GuardedHttp"/>; not owned.</param>
sealed partial class WebFetch(Workspace workspace, HttpClient http, TimeProvider clock) : ITool
{
    const int MostRedirects = 5;

    /// <summary>Bytes of a page after decompression; the rest is not read.</summary>
    const int LargestPage = 10 << 20;

    /// <summary>Bytes of an image: what base64 makes of them fits the 5 MB that vendors take.</summary>
    const int LargestImage = 3_750_000;

    /// <summary>Characters of a result. Fewer than those from which the loop would put it into a file.</summary>
    const int ResultLimit = 40_000;

    static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    int _fetched;

    public ToolSpec.Function Spec { get; } = Describe.Tool("WebFetch", """
        {"type":"object","properties":{
          "url":{"type":"string","description":"A whole URL, http or https."},
          "prompt":{"type":"string","description":"What you want to know from it."}
        },"required":["url"],"additionalProperties":false}
        """);

    /// <summary>A text that is no URL reaches nothing.</summary>
    public Footprint Footprint(JsonElement arguments) => Parse(new Arguments(arguments).Text("url")) is { } url ? new Footprint.Reaches(url) : new Footprint.Nothing();

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        if (Parse(given.Text("url")) is not { } url) return ToolOutcome.Error($"{given.Text("url")}: expected a whole URL that begins with http:// or https://, without a user name.");
        using CancellationTokenSource time = new(TimeLimit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        try
        {
            return await Follow(url, given.TextOrNull("prompt") ?? "", either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ToolOutcome.Error($"{url}: no whole answer within {TimeLimit.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            for (Exception? inner = e; inner is not null; inner = inner.InnerException)
                if (inner is PrivateAddressException) return ToolOutcome.Error(inner.Message);
            return ToolOutcome.Error($"{url}: {e.Message}");
        }
    }

    static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 ? url : null;

    async Task<ToolOutcome> Follow(Uri url, string prompt, CancellationToken cancellation)
    {
        Uri at = url;
        for (int redirects = 0; ; redirects++)
        {
            using HttpResponseMessage response = await http.GetAsync(at, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location)
            {
                Uri target = new(at, location);
                // What was permitted is this host, not any that it may name.
                if (target.Host != at.Host || target.Port != at.Port && !(at.Scheme == "http" && target is { Scheme: "https", IsDefaultPort: true }) || Parse(target.AbsoluteUri) is null)
                    return ToolOutcome.Text($"[{at} leads to another host: {target}. Call WebFetch with that URL if it is what you want.]");
                if (redirects == MostRedirects) return ToolOutcome.Error($"{url}: more than {MostRedirects} redirects, the last to {target}.");
                at = target;
                continue;
            }
            if (!response.IsSuccessStatusCode) return ToolOutcome.Error($"{at}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}.");
            return await Show(at, response, prompt, cancellation);
        }
    }

    async Task<ToolOutcome> Show(Uri url, HttpResponseMessage response, string prompt, CancellationToken cancellation)
    {
        string media = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? MediaTypeNames.Text.Plain;
        (byte[] body, bool isWhole) = await Body(response, cancellation);
        if (media is "image/png" or "image/jpeg" or "image/gif" or "image/webp")
        {
            return isWhole && body.Length <= LargestImage ? new ToolOutcome([new Block.Image(new Media.Inline(media, Convert.ToBase64String(body)))])
                : ToolOutcome.Error($"{url}: an image of more than {LargestImage:N0} bytes, which cannot be shown.");
        }
        bool isHtml = media is "text/html" or "application/xhtml+xml";
        if (!isHtml && !media.StartsWith("text/", StringComparison.Ordinal) && !Textual().IsMatch(media))
            return ToolOutcome.Error($"{url}: it is {media}, which cannot be shown. Download it with curl in Bash if the network is allowed there.");

        string text = Encoded(body, response.Content.Headers.ContentType?.CharSet, isHtml);
        if (isHtml) text = MarkdownPage.Of(text, url, cancellation);
        string notes = isWhole ? "" : $"\n[Only the first {LargestPage >> 20} MB of the page were read.]";
        if (text.Length > ResultLimit)
        {
            string file = Path.Join(workspace.Scratch, "web", string.Create(CultureInfo.InvariantCulture, $"page-{Interlocked.Increment(ref _fetched)}.md"));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, cancellation);
            notes += string.Create(CultureInfo.InvariantCulture, $"\n[A part of {text.Length:N0} characters; all of it is in {workspace.Shown(file)}: search it with Grep.]");
            text = Passages.Of(text, prompt, ResultLimit);
        }
        return ToolOutcome.Text(text.Length == 0 ? $"[{url} has no text. It may need a browser.]" : TerminalText.Plain(text) + notes);
    }

    static async Task<(byte[] Body, bool IsWhole)> Body(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        using MemoryStream body = new();
        byte[] block = new byte[65_536];
        while (await stream.ReadAsync(block, cancellation) is > 0 and var read)
        {
            body.Write(block.AsSpan(0, (int)Math.Min(read, LargestPage - body.Length)));
            if (body.Length == LargestPage) return (body.ToArray(), false);
        }
        return (body.ToArray(), true);
    }

    /// <summary>The text of the bytes: by their mark, by what the server says, by what the page says of itself, else UTF-8.</summary>
    static string Encoded(byte[] body, string? charset, bool isHtml)
    {
        if (charset is null && isHtml && Charset().Match(Encoding.Latin1.GetString(body, 0, Math.Min(body.Length, 1024))) is { Success: true } said) charset = said.Groups[1].Value;
        using StreamReader reader = new(new MemoryStream(body), Named(charset?.Trim('"', '\'')), detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    static Encoding Named(string? charset)
    {
        if (charset is null) return Encoding.UTF8;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            // A name that nobody knows says nothing.
            return Encoding.UTF8;
        }
    }

    [GeneratedRegex(@"^application/(json|xml|javascript|x-javascript|ecmascript|yaml|x-yaml|toml|x-sh|x-ndjson|[\w.-]+\+(json|xml))$")]
    private static partial Regex Textual();

    [GeneratedRegex(@"<meta[^>]+charset\s*=\s*[""']?([\w-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
