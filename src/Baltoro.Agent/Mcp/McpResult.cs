// What an MCP server's answer is to the model. It asks no server.

using System.Globalization;
using System.Text;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using ModelContextProtocol.Protocol;

namespace Baltoro.Agent.Mcp;

static class McpResult
{
    /// <summary>Characters of text of one answer. The loop puts much less into a file already; this is so that the file ends.</summary>
    const int LongestText = 1_000_000;

    /// <summary>Characters of base64 of one image, and images of one answer.</summary>
    const int LongestImage = 5_000_000, MostImages = 10;

    public static ToolOutcome Read(CallToolResult result)
    {
        List<Block> blocks = [];
        int room = LongestText, images = 0;
        foreach (ContentBlock content in result.Content)
        {
            Block block = Read(content);
            if (block is Block.Image && ++images > MostImages) block = new Block.Text("[One image more, left out.]");
            if (block is Block.Text text)
            {
                string plain = TerminalText.Plain(text.Content);
                if (room == 0) continue;
                if (plain.Length > room) plain = string.Create(CultureInfo.InvariantCulture, $"{plain.AsSpan(0, room)}\n[Cut: the server's answer is longer than {LongestText:N0} characters.]");
                room = Math.Max(0, room - plain.Length);
                block = new Block.Text(plain);
            }
            blocks.Add(block);
        }
        if (blocks.Count == 0) blocks.Add(new Block.Text(result.StructuredContent is { } json ? json.ToString() : "[The server's answer is empty.]"));
        return new ToolOutcome([.. blocks], result.IsError == true);
    }

    static Block Read(ContentBlock content) => content switch
    {
        TextContentBlock text => new Block.Text(text.Text),
        ImageContentBlock { MimeType: "image/png" or "image/jpeg" or "image/gif" or "image/webp" } image when image.Data.Length <= LongestImage =>
            new Block.Image(new Media.Inline(image.MimeType, Encoding.ASCII.GetString(image.Data.Span))),
        ImageContentBlock image => Unshown("An image", image.MimeType, image.Data.Length / 4 * 3),
        AudioContentBlock audio => Unshown("A sound", audio.MimeType, audio.Data.Length / 4 * 3),
        EmbeddedResourceBlock { Resource: TextResourceContents text } => new Block.Text($"[{text.Uri}]\n{text.Text}"),
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } => Unshown(blob.Uri, blob.MimeType, blob.Blob.Length / 4 * 3),
        ResourceLinkBlock link => new Block.Text($"[{link.Name}]({link.Uri}){(link.Description is null ? "" : $": {link.Description}")}"),
        _ => Unshown("Something", content.Type, 0),
    };

    static Block.Text Unshown(string what, string? type, int bytes) =>
        new(string.Create(CultureInfo.InvariantCulture, $"[{what} ({type ?? "of no type"}, {bytes:N0} bytes), which cannot be shown.]"));
}
