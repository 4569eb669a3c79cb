// How much room the window leaves for a reply.

namespace Baltoro.Chat.History;

/// <summary>
/// The output limit is kept within the model's own and within what the window leaves. Prompt sizes are estimates here, so they decide only with
/// a margin: a prompt is refused beforehand only when it is too long beyond doubt; the vendor, who counts, decides the rest.
/// </summary>
static class OutputRoom
{
    /// <summary>How far an estimate may be above the truth.</summary>
    const double Overestimate = 1.25;

    /// <summary>Room below which a reply is not worth asking for; the vendor may then count for itself.</summary>
    const int Smallest = 1024;

    public static Failure? Refusal(long prompt, ModelCard card) =>
        prompt > card.Window * Overestimate ? new Failure.PromptTooLong(prompt, card.Window) : null;

    public static ChatRequest Clamp(ChatRequest request, long prompt, ModelCard card)
    {
        if (request.OutputLimit is not { } asked) return request;
        long room = card.Window - (long)(prompt * Overestimate);
        int limit = (int)Math.Min(Math.Min(asked, card.OutputLimit), Math.Max(room, Smallest));
        return limit == asked ? request : request with { OutputLimit = limit };
    }
}
