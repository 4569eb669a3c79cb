// One request as it arrived, kept for the test to look at. It does not know whether it was right.

using System.Text.Json;

namespace Baltoro.ScriptedUpstream;

/// <param name="Number">Its place among the requests to the model, from 0; -1 for any other request.</param>
public sealed record RecordedRequest(
    int Number, string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The conversation in the body; null when the request did not reach the model.</summary>
    public Conversation? Conversation { get; internal set; }

    /// <summary>The tokens of its reply; null when it got none.</summary>
    public Usage? Billed { get; internal set; }

    /// <summary>What its streamed reply has come to so far.</summary>
    public Bill Bill { get; } = new();

    /// <summary>When it arrived, from <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Arrived { get; init; }

    /// <summary>Parses the body anew on each call: hundreds of parsed long conversations are not kept in memory.</summary>
    public JsonElement Parse() => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
