// Where images and documents may stand for a vendor, and what stands there when it takes none.

namespace Baltoro.Chat.History;

/// <summary>
/// Chat Completions takes no image in a tool message: it follows in a user turn right behind the results, announced in both places.
/// A model without eyes is told what it cannot see, so that it does not invent it.
/// </summary>
static class MediaPlacement
{
    const string Elsewhere = ": see the next message]";

    public static ChatRequest Fit(ChatRequest request, ModelCard card)
    {
        List<Turn> turns = new(request.Turns.Count);
        foreach (Turn turn in request.Turns)
        {
            List<Block> lifted = [];
            turns.Add(turn with { Blocks = turn.Blocks.Change(block => Place(block, card, lifted)) });
            if (lifted.Count > 0) turns.Add(new Turn.User(lifted.ToSequence()));
        }
        return request with { Turns = turns.ToSequence() };
    }

    static Block Place(Block block, ModelCard card, List<Block> lifted)
    {
        if (block is not Block.ToolResult result) return Readable(block, card);
        Sequence<Block> readable = result.Content.Change(inner => Readable(inner, card));
        if (card.SpeaksMessages() || !readable.Any(IsMedia)) return result with { Content = readable };
        return result with
        {
            Content = readable.Change(inner =>
            {
                if (!IsMedia(inner)) return inner;
                lifted.Add(new Block.Text($"[{Noun(inner)} from the result of tool call {result.CallId}]"));
                lifted.Add(inner);
                return new Block.Text($"[{Noun(inner)}{Elsewhere}");
            }),
        };
    }

    static Block Readable(Block block, ModelCard card) => block switch
    {
        Block.Document { Source: Media.PlainText text } document when !card.Documents =>
            new Block.Text(document.Title is null ? text.Content : $"{document.Title}\n\n{text.Content}") { CacheControl = document.CacheControl },
        Block.Document document when !card.Documents =>
            new Block.Text($"[A document{(document.Title is null ? "" : $" ({document.Title})")} was here; this model cannot read it.]")
            { CacheControl = document.CacheControl },
        Block.Image image when !card.Images || (!card.SpeaksMessages() && image.Source is Media.Foreign { Format: WireFormat.Anthropic }) =>
            new Block.Text("[An image was here; this model cannot see it.]") { CacheControl = image.CacheControl },
        _ => block,
    };

    /// <summary>True for the line that stands where an image or document was taken from.</summary>
    public static bool IsElsewhere(Block block) => block is Block.Text { Content: $"[Image{Elsewhere}" or $"[Document{Elsewhere}" };

    static bool IsMedia(Block block) => block is Block.Image or Block.Document;

    static string Noun(Block block) => block is Block.Image ? "Image" : "Document";
}
