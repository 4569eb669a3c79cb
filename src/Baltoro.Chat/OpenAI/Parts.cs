// The content of a message, a string or a list of parts, in both directions; it refuses to know whose message it is.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

static class Parts
{
    /// <summary>Empty when there is no content at all.</summary>
    public static Sequence<Block> Read(JsonElement message) => Json.Optional(message, "content") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [new Block.Text(Text.Of(text))],
        { ValueKind: JsonValueKind.Array } => Json.Items(message, "content", One),
        { } other => throw Json.Unexpected("content", "a string or an array", other),
    };

    static Block One(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String) return new Block.Text(Text.Of(part));
        string kind = Json.String(Json.Object(part), "type");
        Block block = kind switch
        {
            "text" or "input_text" or "output_text" => new Block.Text(Json.String(part, "text")) { Extra = Json.Rest(part, WireFormat.OpenAI, ["type", "text", "cache_control"]) },
            "refusal" => new Block.Text(Json.String(part, "refusal")),
            "image_url" => Image(part),
            "file" => Document(part),
            _ => new Block.Opaque(WireFormat.OpenAI, kind, RawJson.Of(part)),
        };
        return block is Block.Opaque ? block : block with { CacheControl = Json.OptionalRaw(part, "cache_control") };
    }

    static Block.Image Image(JsonElement part)
    {
        JsonElement image = Json.Required(part, "image_url");
        string url = image.ValueKind switch
        {
            JsonValueKind.String => Text.Of(image),
            JsonValueKind.Object => Json.OptionalString(image, "url") ?? throw new UnreadableException("image_url.url", "Field required"),
            _ => throw Json.Unexpected("image_url", "an object", image),
        };
        return new(Source(url)) { Extra = Fields.Rest(part, ["type", "cache_control"], "image_url", ["url"]) };
    }

    static Block.Document Document(JsonElement part)
    {
        JsonElement file = Json.OptionalObject(part, "file") ?? throw new UnreadableException("file", "Field required");
        string? data = Json.OptionalString(file, "file_data");
        Media source = data switch
        {
            null => new Media.Foreign(WireFormat.OpenAI, RawJson.Of(file)),
            _ when data.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || data.Contains("://", StringComparison.Ordinal) => Source(data),
            _ => new Media.Inline("application/pdf", data),
        };
        return new(source, data is null ? null : Json.OptionalString(file, "filename"))
        {
            Extra = Fields.Rest(part, ["type", "cache_control"], "file", data is null ? [.. file.EnumerateObject().Select(member => member.Name)] : ["file_data", "filename"]),
        };
    }

    // RFC 2397; one that is not base64 stays the link that it is.
    static Media Source(string url)
    {
        const string Data = "data:", Base64 = ";base64,";
        if (!url.StartsWith(Data, StringComparison.OrdinalIgnoreCase)) return new Media.Link(url);
        int end = url.IndexOf(Base64, StringComparison.OrdinalIgnoreCase);
        int comma = url.IndexOf(',', StringComparison.Ordinal);
        return end > Data.Length && comma == end + Base64.Length - 1 ? new Media.Inline(url[Data.Length..end], url[(comma + 1)..]) : new Media.Link(url);
    }

    static string Url(Media source) => source switch
    {
        Media.Inline inline => $"data:{inline.MediaType};base64,{inline.Base64}",
        Media.Link link => link.Url,
        _ => "",
    };

    /// <summary>The block as the vendor takes it: what it has no place for becomes a line that names it, so that the model can tell that it missed something.</summary>
    static Block Readable(Block block, ModelCard card) => block switch
    {
        Block.Opaque { Format: WireFormat.OpenAI } when Fields.GoThrough(card) => block,
        Block.Opaque { Format: WireFormat.OpenAI, Kind: "video_url" } when card.Dialect is Dialect.Kimi or Dialect.Glm => block,
        Block.Image { Source: Media.Inline or Media.Link } or Block.Document { Source: not Media.Foreign { Format: not WireFormat.OpenAI } } => block,
        _ => AsText(block) is null ? new Block.Text(Placeholder(block)) : block,
    };

    /// <summary>Writes the member <c>content</c> of a user or system message.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<Block> content, ModelCard card)
    {
        Block[] blocks = [.. content.Where(IsContent).Select(block => Readable(block, card))];
        bool through = Fields.GoThrough(card);
        if (Array.Exists(blocks, block => AsText(block) is null) || through && (blocks.Length > 1 || Array.Exists(blocks, block => HasMore(block, card))))
        {
            writer.WriteStartArray("content"u8);
            foreach (Block block in blocks) Write(writer, block, card);
            writer.WriteEndArray();
        }
        // Every server takes a string; Z.ai, DeepSeek and many chat templates take nothing else where there is no picture.
        else
        {
            writer.WriteString("content"u8, Joined(blocks, "\n\n"));
        }
    }

    public static string Joined(IEnumerable<Block> blocks, string between) => string.Join(between, blocks.Where(IsContent).Select(block => AsText(block) ?? Placeholder(block)));

    // The others belong to an assistant, or beside a message and not into it.
    static bool IsContent(Block block) => block is not (Block.Thinking or Block.RedactedThinking or Block.ToolCall or Block.ToolResult);

    static bool HasMore(Block block, ModelCard card) =>
        block.CacheControl is not null && card.CacheControl != CacheControlSupport.None || block.Extra is { Format: WireFormat.OpenAI };

    /// <summary>What a block says where only text can stand; null for what cannot be said so.</summary>
    static string? AsText(Block block) => block switch
    {
        Block.Text text => text.Content,
        Block.ToolReference reference => $"Loaded tool: {reference.ToolName}",
        Block.Document { Source: Media.PlainText plain } document => document.Title is { } title ? $"{title}\n\n{plain.Content}" : plain.Content,
        _ => null,
    };

    // Base64 in a text costs hundreds of thousands of tokens and tells the model nothing.
    static string Placeholder(Block block) => block switch
    {
        Block.Image => "[image]",
        Block.Document { Title: { } title } => $"[document: {title}]",
        Block.Document => "[document]",
        Block.Opaque opaque => $"[{opaque.Kind}: not readable by this model]",
        _ => "",
    };

    static void Write(Utf8JsonWriter writer, Block block, ModelCard card)
    {
        if (block is Block.Opaque opaque)
        {
            opaque.Json.WriteTo(writer);
            return;
        }
        bool through = Fields.GoThrough(card);
        writer.WriteStartObject();
        string? inner = null;
        if (AsText(block) is { } text)
        {
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, text);
        }
        else if (block is Block.Image image)
        {
            inner = "image_url";
            writer.WriteString("type"u8, "image_url"u8);
            writer.WriteStartObject("image_url"u8);
            writer.WriteString("url"u8, Url(image.Source));
            if (through) Fields.WriteInner(writer, block.Extra, inner);
            writer.WriteEndObject();
        }
        else if (block is Block.Document document)
        {
            inner = "file";
            writer.WriteString("type"u8, "file"u8);
            writer.WritePropertyName("file"u8);
            WriteFile(writer, document, through);
        }
        if (through && card.CacheControl != CacheControlSupport.None && block.CacheControl is { } marker)
        {
            writer.WritePropertyName("cache_control"u8);
            marker.WriteTo(writer);
        }
        if (through) Fields.Write(writer, block.Extra, inner ?? "");
        writer.WriteEndObject();
    }

    static void WriteFile(Utf8JsonWriter writer, Block.Document document, bool through)
    {
        if (document.Source is Media.Foreign { Format: WireFormat.OpenAI } foreign)
        {
            foreign.Json.WriteTo(writer);
            return;
        }
        writer.WriteStartObject();
        if (document.Title is { } title) writer.WriteString("filename"u8, title);
        writer.WriteString("file_data"u8, Url(document.Source));
        if (through) Fields.WriteInner(writer, document.Extra, "file");
        writer.WriteEndObject();
    }
}
