// One model vendor as its clients know it: where it listens, what it refuses, the shape of what it sends. It does not know
// HTTP, nor what the script will say.

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors;

public abstract class Vendor
{
    long _named;

    public abstract string Name { get; }

    /// <summary>What a client is configured with, behind the server's address.</summary>
    public abstract string BasePath { get; }

    /// <summary>The path under <see cref="BasePath"/> that reaches the model.</summary>
    public abstract string ModelPath { get; }

    /// <summary>How many tokens of prompt and output the model can hold; endless unless a test sets it.</summary>
    public int Window { get; set; } = int.MaxValue;

    /// <summary>The vendor's words for a prompt that leaves no room for the output asked for, counted as in <see cref="Usage"/>.</summary>
    internal abstract string TooLong(int prompt, int output);

    /// <summary>Everything wrong with a request, worst first or not: the server answers the first refusal.</summary>
    internal abstract IEnumerable<Finding> Check(RecordedRequest request, JsonElement body);

    internal abstract Conversation Read(JsonElement body);

    /// <summary>Takes out what this vendor would not say to this request, such as thinking that was switched off.</summary>
    internal abstract Reply Fit(JsonElement body, Reply reply);

    /// <summary>The reply as server-sent events, each with its closing empty line.</summary>
    internal abstract IEnumerable<Sent> Stream(Question question, Reply reply);

    /// <summary>What is sent to show that the connection lives, and is no part of the reply.</summary>
    internal virtual string SignOfLife => ": keep-alive\n\n";

    internal abstract JsonObject Whole(Question question, Reply reply);

    internal abstract JsonObject Error(int status, string message);

    /// <summary>The answer to another request than one to the model; null means 404.</summary>
    internal abstract JsonObject? Aside(RecordedRequest request);

    /// <summary>A name never given before, of the form in which vendors name things: looks random, is the same in each run.</summary>
    protected string NewName(string prefix, int length)
    {
        var number = Interlocked.Increment(ref _named);
        var hash = System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number).Concat(System.Text.Encoding.UTF8.GetBytes(Name)).ToArray());
        return prefix + Convert.ToHexStringLower(hash)[..length];
    }

    /// <summary>Cuts a text into pieces of a few letters, as models stream it; never inside a surrogate pair.</summary>
    protected static IEnumerable<string> Pieces(string text)
    {
        const int Letters = 14;
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + Letters, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end++;
            yield return text[start..end];
            start = end;
        }
    }
}

/// <summary>What a reply is written for.</summary>
sealed record Question(JsonElement Body, Conversation Conversation, Usage Usage)
{
    public string Model => Conversation.Model;
}

/// <summary>One event of a reply.</summary>
/// <param name="Text">As it is sent.</param>
/// <param name="Of">The part that it tells of; null for an event around the parts.</param>
readonly record struct Sent(string Text, Part? Of = null)
{
    public static implicit operator Sent(string text) => new(text);
}
