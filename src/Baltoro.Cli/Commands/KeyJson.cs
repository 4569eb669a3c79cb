// The gateway's keys as JSON, for programs; never their hashes.

using System.Text.Json;
using System.Text.Json.Serialization;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;

namespace Baltoro.Cli.Commands;

static class KeyJson
{
    public static void Write(TextWriter output, IReadOnlyList<KeyState> states) =>
        output.WriteLine(JsonSerializer.Serialize(states.Select(Of).ToArray(), KeyJsonContext.Default.KeyDocumentArray));

    static KeyDocument Of(KeyState state) => new(
        state.Key.Name, state.Key.Prefix, state.Word, [.. state.Key.Models], state.Key.RequestsPerMinute, state.Key.TokensPerMinute,
        [.. state.Key.Caps.Zip(state.Spent, (cap, spent) => new CapDocument(Pricing.Dollars(cap.Nanos), cap.Period.ToString().ToLowerInvariant(), Pricing.Dollars(spent)))],
        state.Key.Created, state.Key.Expires, state.Key.Revoked);
}

sealed record KeyDocument(
    string Name, string Prefix, string State, string[] Models, long? RequestsPerMinute, long? TokensPerMinute, CapDocument[] Caps,
    DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? Revoked);

/// <param name="Limit">US dollars.</param>
/// <param name="Spent">US dollars in the period that runs.</param>
sealed record CapDocument(decimal Limit, string Period, decimal Spent);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyDocument[]))]
sealed partial class KeyJsonContext : JsonSerializerContext;
