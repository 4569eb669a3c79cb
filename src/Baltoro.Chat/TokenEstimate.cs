// How many tokens a request has, closely enough to compact in time; it refuses to know any model's vocabulary.

using System.Buffers;
using System.Text;

namespace Baltoro.Chat;

/// <summary>
/// Estimates the prompt of a request: system, tools, turns, images and documents, and what a chat template puts around them.
/// Pure, one pass, no table larger than a line. The last few percent are the business of whoever has the model's own tokenizer.
/// </summary>
public static class TokenEstimate
{
    const int PerTurn = 4, PerTool = 12, PerCall = 10, PerResult = 6;

    /// <summary>A page of a PDF costs 1,500 to 3,000 tokens (Anthropic) and has some 50 KB; a document that cannot be looked into is one page.</summary>
    const int Page = 2000, BytesPerPdfToken = 25;

    public static long Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Of(request, new(), 0);
    }

    /// <summary>The same, where the turns at the beginning were counted before.</summary>
    internal static long Of(ChatRequest request, TurnTokens counted, int turns)
    {
        TurnTokens all = counted.Fork();
        foreach (Turn turn in request.Turns.AsSpan()[turns..]) all.Add(turn);
        long tokens = PerTurn + Of(request.System) + all.Sum;
        foreach (ToolSpec tool in request.Tools) tokens += Of(tool, all.Loaded);
        if (request.ResponseFormat is ResponseFormat.JsonSchema format) tokens += Of(format.Schema);
        return tokens;
    }

    internal static long Of(Turn turn) => PerTurn + Of(turn.Blocks);

    /// <summary>A text by itself.</summary>
    public static long Of(string text) => TextTokens.Count(text);

    static long Of(Sequence<Block> blocks)
    {
        long tokens = 0;
        foreach (Block block in blocks) tokens += Of(block);
        return tokens;
    }

    static long Of(Block block) => block switch
    {
        Block.Text text => Of(text.Content),
        Block.Thinking thinking => Of(thinking.Content),
        // Cipher text of base64: what it hides is about a token for every six characters.
        Block.RedactedThinking redacted => redacted.Data.Length / 6,
        Block.ToolCall call => PerCall + Of(call.Name) + Of(call.Arguments),
        Block.ToolResult result => PerResult + Of(result.Content),
        Block.Image { Source: Media.Inline inline } => ImageTokens.Of(inline.Base64),
        Block.Image => ImageTokens.Most,
        Block.Document document => Of(document.Source) + (document.Title is null ? 0 : Of(document.Title)),
        Block.ToolReference reference => PerResult + Of(reference.ToolName),
        Block.Opaque opaque => Of(opaque.Json),
        _ => throw new InvalidOperationException($"Unknown block {block.GetType().Name}."),
    };

    static long Of(Media document) => document switch
    {
        Media.PlainText text => Of(text.Content),
        Media.Inline inline when inline.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) => inline.Base64.Length * 3L / 4 / 4,
        Media.Inline inline => Math.Max(Page, inline.Base64.Length * 3L / 4 / BytesPerPdfToken),
        _ => Page,
    };

    /// <summary>A deferred tool is in the prompt only once a reference has brought it there.</summary>
    static long Of(ToolSpec tool, IReadOnlySet<string> loaded) => tool switch
    {
        ToolSpec.Function { Deferred: true } hidden when !loaded.Contains(hidden.Name) => 0,
        ToolSpec.Function function => PerTool + Of(function.Name) + Of(function.Description ?? "") + Of(function.Schema)
            + function.Examples.Sum(Of),
        ToolSpec.Hosted hosted => PerTool + Of(hosted.Json),
        _ => throw new InvalidOperationException($"Unknown tool {tool.GetType().Name}."),
    };

    static long Of(RawJson json)
    {
        char[] text = ArrayPool<char>.Shared.Rent(json.Utf8.Length);
        try
        {
            return TextTokens.Count(text.AsSpan(0, Encoding.UTF8.GetChars(json.Utf8.Span, text)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }
}

/// <summary>The tokens of turns, added up as they come.</summary>
sealed class TurnTokens
{
    readonly HashSet<string> _loaded = [];

    public long Sum { get; private set; }

    /// <summary>The tools that the turns refer to.</summary>
    public IReadOnlySet<string> Loaded => _loaded;

    public void Add(Turn turn)
    {
        Sum += TokenEstimate.Of(turn);
        foreach (Block block in turn.Blocks)
            if (block is Block.ToolResult result)
                foreach (Block part in result.Content)
                    if (part is Block.ToolReference reference) _loaded.Add(reference.ToolName);
    }

    public TurnTokens Fork()
    {
        TurnTokens fork = new() { Sum = Sum };
        fork._loaded.UnionWith(_loaded);
        return fork;
    }
}
