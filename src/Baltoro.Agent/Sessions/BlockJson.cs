// Turns and blocks as the log spells them; it refuses to know events and files.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

/// <summary>Writes what a vendor must get back byte for byte, so nothing is left out. Long texts go to <paramref name="blobs"/>.</summary>
sealed class BlockWriter(Utf8JsonWriter json, Blobs? blobs)
{
    public void Turns(string name, Sequence<Turn> turns)
    {
        json.WriteStartArray(name);
        foreach (Turn turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn switch { Turn.User => "user", Turn.Assistant => "assistant", _ => "system" });
            Blocks("blocks", turn.Blocks);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public void Blocks(string name, Sequence<Block> blocks)
    {
        json.WriteStartArray(name);
        foreach (Block block in blocks) Write(block);
        json.WriteEndArray();
    }

    void Write(Block block)
    {
        json.WriteStartObject();
        switch (block)
        {
            case Block.Text text:
                Text("text", text.Content);
                break;
            case Block.Thinking thinking:
                Text("thinking", thinking.Content);
                if (thinking.Seal is { } seal) Seal(seal);
                break;
            case Block.RedactedThinking redacted:
                Text("redacted", redacted.Data);
                if (redacted.Origin is { } origin) Origin(origin);
                break;
            case Block.ToolCall call:
                json.WriteString("call", call.Id);
                json.WriteString("tool", call.Name);
                Text("arguments", call.Arguments);
                break;
            case Block.ToolResult result:
                json.WriteString("result", result.CallId);
                if (result.IsError) json.WriteBoolean("error", true);
                Blocks("content", result.Content);
                break;
            case Block.Image image:
                Media("image", image.Source);
                break;
            case Block.Document document:
                Media("document", document.Source);
                if (document.Title is { } title) json.WriteString("title", title);
                break;
            case Block.ToolReference reference:
                json.WriteString("reference", reference.ToolName);
                break;
            case Block.Opaque opaque:
                json.WriteString("opaque", opaque.Kind);
                json.WriteString("format", opaque.Format.ToString());
                Text("json", opaque.Json.ToString());
                break;
            default:
                throw new InvalidOperationException($"Unknown block {block.GetType().Name}.");
        }
        if (block.Extra is { } extra) Extra(extra);
        json.WriteEndObject();
    }

    /// <summary>A text, or the name of the blob that holds it.</summary>
    public void Text(string name, string text)
    {
        if (blobs is null || text.Length < Blobs.Threshold)
        {
            json.WriteString(name, text);
            return;
        }
        json.WriteStartObject(name);
        json.WriteString("blob", blobs.Put(text));
        json.WriteNumber("length", text.Length);
        json.WriteEndObject();
    }

    void Seal(Seal seal)
    {
        json.WriteStartObject("seal");
        if (seal.Origin is { } origin) Origin(origin);
        if (seal.Signature is { } signature) json.WriteString("signature", signature);
        if (seal.Details is { } details) Text("details", details.ToString());
        json.WriteEndObject();
    }

    void Origin(Origin origin)
    {
        json.WriteStartObject("origin");
        json.WriteString("provider", origin.Provider);
        json.WriteString("endpoint", origin.Endpoint);
        json.WriteString("model", origin.Model);
        json.WriteEndObject();
    }

    void Media(string name, Media media)
    {
        json.WriteStartObject(name);
        switch (media)
        {
            case Media.Inline inline:
                json.WriteString("type", inline.MediaType);
                Text("base64", inline.Base64);
                break;
            case Media.Link link: json.WriteString("url", link.Url); break;
            case Media.PlainText plain: Text("text", plain.Content); break;
            case Media.Foreign foreign:
                json.WriteString("format", foreign.Format.ToString());
                Text("json", foreign.Json.ToString());
                break;
        }
        json.WriteEndObject();
    }

    void Extra(Extra extra)
    {
        json.WriteStartObject("extra");
        json.WriteString("format", extra.Format.ToString());
        json.WriteStartArray("fields");
        foreach (Field field in extra.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            Text("json", field.Value.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>
/// The way back. What is not as <see cref="BlockWriter"/> writes it throws one of the exceptions of <see cref="JsonElement"/>, which the
/// reader of the line turns into a value.
/// </summary>
sealed class BlockReader(Blobs? blobs)
{
    public Sequence<Turn> Turns(JsonElement turns) => turns.EnumerateArray().Select(Turn).ToSequence();

    public Sequence<Block> Blocks(JsonElement blocks) => blocks.EnumerateArray().Select(Block).ToSequence();

    Turn Turn(JsonElement turn)
    {
        Sequence<Block> blocks = Blocks(turn.GetProperty("blocks"));
        return turn.GetProperty("role").GetString() switch
        {
            "user" => new Turn.User(blocks),
            "assistant" => new Turn.Assistant(blocks),
            "system" => new Turn.System(blocks),
            var other => throw new FormatException($"a turn of role \"{other}\""),
        };
    }

    Block Block(JsonElement block)
    {
        Block read = Bare(block);
        return block.TryGetProperty("extra", out JsonElement extra) ? read with { Extra = Extra(extra) } : read;
    }

    Block Bare(JsonElement block)
    {
        if (block.TryGetProperty("text", out JsonElement text)) return new Block.Text(Text(text));
        if (block.TryGetProperty("call", out JsonElement call))
            return new Block.ToolCall(call.GetString()!, block.GetProperty("tool").GetString()!, Text(block.GetProperty("arguments")));
        if (block.TryGetProperty("result", out JsonElement result))
            return new Block.ToolResult(result.GetString()!, Blocks(block.GetProperty("content")), block.TryGetProperty("error", out _));
        if (block.TryGetProperty("thinking", out JsonElement thinking))
            return new Block.Thinking(Text(thinking), block.TryGetProperty("seal", out JsonElement seal) ? Seal(seal) : null);
        if (block.TryGetProperty("redacted", out JsonElement redacted)) return new Block.RedactedThinking(Text(redacted), Origin(block));
        if (block.TryGetProperty("image", out JsonElement image)) return new Block.Image(Media(image));
        if (block.TryGetProperty("document", out JsonElement document))
            return new Block.Document(Media(document), block.TryGetProperty("title", out JsonElement title) ? title.GetString() : null);
        if (block.TryGetProperty("reference", out JsonElement reference)) return new Block.ToolReference(reference.GetString()!);
        if (block.TryGetProperty("opaque", out JsonElement kind))
            return new Block.Opaque(Format(block), kind.GetString()!, RawJson.Of(Text(block.GetProperty("json"))));
        throw new FormatException("a block of no known kind");
    }

    public string Text(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.Object) return text.GetString()!;
        string name = text.GetProperty("blob").GetString()!;
        // The session goes on without it, and the model is told.
        return blobs?.Get(name) ?? $"[These {text.GetProperty("length").GetInt64()} characters are lost: the session's file blobs/{name} is missing or damaged.]";
    }

    Seal Seal(JsonElement seal) => new(
        Origin(seal),
        seal.TryGetProperty("signature", out JsonElement signature) ? signature.GetString() : null,
        seal.TryGetProperty("details", out JsonElement details) ? RawJson.Of(Text(details)) : null);

    static Origin? Origin(JsonElement holder) => holder.TryGetProperty("origin", out JsonElement origin)
        ? new(origin.GetProperty("provider").GetString()!, origin.GetProperty("endpoint").GetString()!, origin.GetProperty("model").GetString()!)
        : null;

    Media Media(JsonElement media)
    {
        if (media.TryGetProperty("base64", out JsonElement base64)) return new Media.Inline(media.GetProperty("type").GetString()!, Text(base64));
        if (media.TryGetProperty("url", out JsonElement url)) return new Media.Link(url.GetString()!);
        if (media.TryGetProperty("text", out JsonElement text)) return new Media.PlainText(Text(text));
        return new Media.Foreign(Format(media), RawJson.Of(Text(media.GetProperty("json"))));
    }

    Extra Extra(JsonElement extra) => new(Format(extra), extra.GetProperty("fields").EnumerateArray()
        .Select(field => new Field(field.GetProperty("name").GetString()!, RawJson.Of(Text(field.GetProperty("json"))))).ToSequence());

    static WireFormat Format(JsonElement holder) => Enum.Parse<WireFormat>(holder.GetProperty("format").GetString()!);
}
