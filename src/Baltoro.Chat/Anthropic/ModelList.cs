// The list of models, one body that clients of both formats can read.

using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>A model as it is listed.</summary>
public sealed record ListedModel(ModelCard Card, string DisplayName, DateTimeOffset Created);

/// <summary>
/// The body of <c>GET /v1/models</c>: <c>type, display_name, created_at, max_input_tokens</c> and the page's ends are Anthropic's,
/// <c>object, created, owned_by</c> OpenAI's. Neither kind of client minds the other's fields.
/// </summary>
public static class ModelList
{
    public static void Write(Sequence<ListedModel> models, IBufferWriter<byte> into)
    {
        using Utf8JsonWriter json = new(into, RawMembers.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (ListedModel model in models) Write(json, model);
        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, false);
        json.WriteString("first_id"u8, models.IsEmpty ? null : models[0].Card.Id);
        json.WriteString("last_id"u8, models.IsEmpty ? null : models[^1].Card.Id);
        json.WriteEndObject();
    }

    /// <summary>The body of <c>GET /v1/models/ID</c>, and one entry of the list.</summary>
    public static void Write(ListedModel model, IBufferWriter<byte> into)
    {
        using Utf8JsonWriter json = new(into, RawMembers.Options);
        Write(json, model);
    }

    static void Write(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, model.Card.Id);
        json.WriteString("display_name"u8, model.DisplayName);
        json.WriteString("created_at"u8, model.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteNumber("max_input_tokens"u8, model.Card.Window);
        json.WriteNumber("max_tokens"u8, model.Card.OutputLimit);
        json.WriteNull("capabilities"u8);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, model.Created.ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, model.Card.Origin.Provider);
        json.WriteEndObject();
    }
}
