// How one upstream is spoken to: address, headers, body, and how its answers are read. The only place that chooses a wire format.

using System.Buffers;
using System.Net.Http.Headers;
using Baltoro.Chat;
using Baltoro.Chat.Wire;

namespace Baltoro.Models.Remote;

/// <summary>The wire format of one upstream, with the card of the model that is asked there.</summary>
abstract class Dialogue
{
    public static Dialogue With(ModelCard card, Upstream upstream) => upstream.Format switch
    {
        WireFormat.Anthropic => new Messages(card, upstream),
        WireFormat.OpenAI => new ChatCompletions(card, upstream),
        _ => throw new InvalidOperationException($"Unknown wire format {upstream.Format}."),
    };

    /// <summary>A request with its body and headers. The caller disposes it.</summary>
    public abstract HttpRequestMessage Write(ChatRequest request);

    /// <summary>A reader for one reply.</summary>
    public abstract IReplyReader Reader();

    /// <summary>What an answer that is not a success means.</summary>
    public abstract Failure ReadError(int status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter);

    static HttpRequestMessage Post(Upstream upstream, string path, ReadOnlySequence<byte> body)
    {
        string url = upstream.Endpoint + path;
        HttpRequestMessage message = new(HttpMethod.Post, url) { Content = new PiecesContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.Accept.ParseAdd("text/event-stream, application/json");
        message.Headers.TryAddWithoutValidation("user-agent", "baltoro");
        foreach (Header header in upstream.Headers) message.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return message;
    }

    sealed class Messages(ModelCard card, Upstream upstream) : Dialogue
    {
        public override HttpRequestMessage Write(ChatRequest request)
        {
            // Users write the address with and without the version; both are meant the same way.
            string path = upstream.Url.AbsolutePath.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal) ? "/messages" : "/v1/messages";
            HttpRequestMessage message = Post(upstream, path, Chat.Anthropic.RequestWriter.Write(request, card));
            message.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
            if (upstream.Key is Key.Set key)
            {
                if (card.Dialect == Dialect.Claude) message.Headers.TryAddWithoutValidation("x-api-key", key.Secret);
                else message.Headers.TryAddWithoutValidation("authorization", $"Bearer {key.Secret}");
            }
            foreach (Header header in Chat.Anthropic.RequestWriter.Headers(request, card))
                message.Headers.TryAddWithoutValidation(header.Name, header.Value);
            return message;
        }

        public override IReplyReader Reader() => new Chat.Anthropic.ReplyReader(card);

        public override Failure ReadError(int status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter) =>
            Chat.Anthropic.Errors.Read(status, body.Span, retryAfter, card);
    }

    sealed class ChatCompletions(ModelCard card, Upstream upstream) : Dialogue
    {
        public override HttpRequestMessage Write(ChatRequest request)
        {
            HttpRequestMessage message = Post(upstream, "/chat/completions", Chat.OpenAI.RequestWriter.Write(request, card));
            if (upstream.Key is Key.Set key) message.Headers.TryAddWithoutValidation("authorization", $"Bearer {key.Secret}");
            return message;
        }

        public override IReplyReader Reader() => new Chat.OpenAI.ReplyReader(card);

        public override Failure ReadError(int status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter) =>
            Chat.OpenAI.Errors.Read(status, body, card, retryAfter);
    }
}
