// Shows the model a file: numbered lines of text, or an image. It refuses to know what the file is for.

using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>Read</c>.</summary>
sealed class Read(Workspace workspace, FilesSeen seen) : ITool
{
    /// <summary>Lines that a call without a limit shows.</summary>
    const int DefaultLines = 2000;

    /// <summary>Characters of a line; the rest is cut.</summary>
    const int LineLimit = 2000;

    /// <summary>Characters of a result. Fewer than those from which the loop would put it into a file and make the model read it again.</summary>
    const int ResultLimit = 45_000;

    /// <summary>Bytes of an image: what base64 makes of them fits the 5 MB that vendors take.</summary>
    const int ImageLimit = 3_750_000;

    /// <summary>Past this size a file is read as far as needed and its lines are not counted.</summary>
    const int HeldBytes = 8 << 20;

    public ToolSpec.Function Spec { get; } = Describe.Tool("Read", """
        {"type":"object","properties":{
          "file_path":{"type":"string","description":"The file. Absolute, or relative to the project's folder."},
          "offset":{"type":"integer","minimum":1,"description":"The first line to show, counted from 1."},
          "limit":{"type":"integer","minimum":1,"description":"How many lines to show."}
        },"required":["file_path"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Reads([workspace.Absolute(new Arguments(arguments).Text("file_path"))]);

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        string path = workspace.Absolute(given.Text("file_path"));
        string shown = workspace.Shown(path);
        switch (RegularFile.OpenToRead(path))
        {
            case RegularFile.Refused refused:
                return ToolOutcome.Error($"{shown}: {refused.Why}{Hint(path)}");
            case RegularFile.Open { Stream: var stream }:
                await using (stream) return await Show(stream, path, shown, given.Number("offset") ?? 1, given.Number("limit"), cancellation);
            default: throw new InvalidOperationException("An unknown kind of file.");
        }
    }

    async Task<ToolOutcome> Show(FileStream stream, string path, string shown, int offset, int? limit, CancellationToken cancellation)
    {
        // Files of /proc say that they are empty, hence a byte more than the file says, and at least a page.
        byte[] start = new byte[Math.Min(HeldBytes, Math.Max(stream.Length, 65_536)) + 1];
        int read = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        bool whole = read < start.Length;
        Memory<byte> bytes = start.AsMemory(0, read);

        if (ImageKind(bytes.Span) is { } image)
        {
            if (stream.Length > ImageLimit) return ToolOutcome.Error($"{shown}: an image of {stream.Length:N0} bytes; at most {ImageLimit:N0} can be shown. Make it smaller first.");
            return new ToolOutcome([new Block.Image(new Media.Inline(image, Convert.ToBase64String(bytes.Span)))]);
        }
        if (TextEncodings.Detect(bytes.Span) is not { } encoding)
            return ToolOutcome.Error($"{shown}: {Binary(bytes.Span)} of {stream.Length:N0} bytes, which cannot be shown as text.");
        if (read == 0)
        {
            seen.Saw(RealPath.Of(path), []);
            return ToolOutcome.Text($"[{shown} is empty.]");
        }

        if (offset < 1) offset = 1;
        LinePage page;
        if (whole)
        {
            if (encoding.Decode(bytes.Span) is not { } text) return ToolOutcome.Error($"{shown}: it begins as {encoding.Name()} text but is not.");
            page = await LinePage.Of(new StringReader(text), offset, Wanted(limit), LineLimit, ResultLimit, toTheEnd: true, cancellation);
        }
        else
        {
            stream.Position = 0;
            using StreamReader reader = new(stream, encoding.Lenient());
            page = await LinePage.Of(reader, offset, Wanted(limit), LineLimit, ResultLimit, toTheEnd: false, cancellation);
        }
        if (page.Count == 0)
            return ToolOutcome.Error($"{shown}: it has {page.Total} {(page.Total == 1 ? "line" : "lines")}, so there is no line {offset}.");
        seen.Saw(RealPath.Of(path), whole ? bytes.Span : []);
        return ToolOutcome.Text(Text(page, offset));
    }

    static int Wanted(int? limit) => Math.Max(1, limit ?? DefaultLines);

    static string Text(LinePage page, int offset)
    {
        StringBuilder text = new(page.Text);
        int last = offset + page.Count - 1;
        // A page that says nothing more is the whole file.
        if (page.More)
            text.Append(CultureInfo.InvariantCulture, $"[Lines {offset} to {last}{(page.Total is { } total ? $" of {total}" : "")}. Read on with offset {last + 1}.]");
        else if (offset > 1)
            text.Append("[End of the file.]");
        return text.ToString().TrimEnd('\n');
    }

    static string? ImageKind(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;

    static string Binary(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("%PDF-"u8) ? "a PDF (pdftotext in Bash shows its text)"
        : bytes.StartsWith("PK\u0003\u0004"u8) ? "a ZIP archive (unzip -l in Bash lists it)"
        : bytes.StartsWith<byte>([0x7F, (byte)'E', (byte)'L', (byte)'F']) ? "an executable"
        : "a binary file";

    /// <summary>The next step after a failed read.</summary>
    string Hint(string path)
    {
        if (Directory.Exists(path)) return " Glob lists the files in it.";
        if (Path.Exists(path) || Path.GetDirectoryName(path) is not { } folder) return "";
        if (!Directory.Exists(folder)) return $" Its folder {workspace.Shown(folder)} does not exist either.";
        string name = Path.GetFileName(path);
        string[] near = [.. new DirectoryInfo(folder).EnumerateFiles().Take(1000).Select(file => file.Name)
            .Where(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)
                || Path.GetFileNameWithoutExtension(other).Equals(Path.GetFileNameWithoutExtension(name), StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Take(3)];
        return near.Length == 0 ? "" : $" There is {string.Join(", ", near.Select(other => workspace.Shown(Path.Join(folder, other))))}.";
    }
}
