// The tagged text in which a seal travels through a client that returns signatures verbatim; it knows no wire format.

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Baltoro.Chat;

/// <summary>
/// Packs a <see cref="Seal"/> into one line of text and back, so that the gateway need not remember a conversation.
/// The form is <c>baltoro1.</c> + base64url of a JSON object
/// <c>{"p":provider,"e":endpoint,"m":model,"s":signature?,"d":details?,"r":redacted data?,"x":true if abandoned}</c>.
/// It is provenance, not a secret and not a proof: who forges one can at worst send a model a thought that it did not have.
/// </summary>
public static class Envelope
{
    const string Tag = "baltoro1.";

    public static string Pack(Seal seal)
    {
        ArgumentNullException.ThrowIfNull(seal);
        // A seal without an origin came from outside as it is, and goes back as it came.
        return seal.Origin is { } origin ? Pack(origin, seal.Signature, seal.Details, null, seal.IsAbandoned) : seal.Signature ?? "";
    }

    public static string Pack(Block.RedactedThinking redacted)
    {
        ArgumentNullException.ThrowIfNull(redacted);
        return redacted.Origin is { } origin ? Pack(origin, null, null, redacted.Data, false) : redacted.Data;
    }

    /// <summary>What a signature says. One that is not ours is kept as a seal without an origin; an empty one is null.</summary>
    public static Seal? Unpack(string? signature) => signature switch
    {
        null or "" => null,
        _ when TryRead(signature, out Seal? seal, out _) => seal,
        _ => new(null, signature),
    };

    public static Block.RedactedThinking UnpackRedacted(string data) =>
        TryRead(data, out Seal? seal, out string? redacted) && redacted is not null ? new(redacted, seal.Origin) : new(data);

    static string Pack(Origin origin, string? signature, RawJson? details, string? redacted, bool abandoned)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteString("p"u8, origin.Provider);
            writer.WriteString("e"u8, origin.Endpoint);
            writer.WriteString("m"u8, origin.Model);
            if (signature is not null) writer.WriteString("s"u8, signature);
            if (details is { } raw)
            {
                writer.WritePropertyName("d"u8);
                raw.WriteTo(writer);
            }
            if (redacted is not null) writer.WriteString("r"u8, redacted);
            if (abandoned) writer.WriteBoolean("x"u8, true);
            writer.WriteEndObject();
        }
        return Tag + Base64Url.EncodeToString(json.GetBuffer().AsSpan(0, (int)json.Length));
    }

    static bool TryRead(string text, [NotNullWhen(true)] out Seal? seal, out string? redacted)
    {
        (seal, redacted) = (null, null);
        if (!text.StartsWith(Tag, StringComparison.Ordinal)) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(Base64Url.DecodeFromChars(text.AsSpan(Tag.Length)));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return false;
            Origin origin = new(root.GetProperty("p"u8).GetString()!, root.GetProperty("e"u8).GetString()!, root.GetProperty("m"u8).GetString()!);
            string? signature = root.TryGetProperty("s"u8, out JsonElement s) ? s.GetString() : null;
            RawJson? details = root.TryGetProperty("d"u8, out JsonElement d) ? RawJson.Of(d) : null;
            redacted = root.TryGetProperty("r"u8, out JsonElement r) ? r.GetString() : null;
            seal = new(origin, signature, details) { IsAbandoned = root.TryGetProperty("x"u8, out JsonElement x) && x.ValueKind == JsonValueKind.True };
            return true;
        }
        // Damaged on its way: treated as a stranger's signature.
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
