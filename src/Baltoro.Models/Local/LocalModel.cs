// A model that runs in this process, from a file. Knows no client, and the history rules have already been applied.

using System.Runtime.CompilerServices;
using Baltoro.Chat;
using Baltoro.Engine;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Schemas;
using Baltoro.Engine.Sampling;

namespace Baltoro.Models.Local;

/// <summary>
/// Replies by continuing the prompt that the file's chat format makes of a conversation. Usage is counted, not estimated: what an earlier conversation left in the cache is
/// cache read. Replies at the same time share each pass over the weights. Safe to call from several threads.
/// </summary>
/// <param name="path">The model file.</param>
/// <param name="engines">Loads it with the first request; owned by the caller.</param>
public sealed class LocalModel(ModelCard card, string path, LocalEngines engines) : IChatModel
{
    public ModelCard Card => card;

    /// <summary>Exactly how many tokens the prompt of a request has; null when the file cannot be run.</summary>
    public async Task<long?> Count(ChatRequest request, CancellationToken cancellation) =>
        await Load(cancellation) is ({ } engine, _) ? engine.Encode(engine.Format.Render(request)).Length : null;

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (LocalEngine? engine, Failure? failure) = await Load(cancellationToken);
        if (engine is null)
        {
            yield return new ReplyEvent.Failed(failure!);
            yield break;
        }
        int[] prompt = engine.Encode(engine.Format.Render(request));
        if (Refusal(engine, request, prompt) is { } refusal)
        {
            yield return new ReplyEvent.Failed(refusal);
            yield break;
        }
        (TokenConstraint? constraint, failure) = Constrain(engine, request);
        if (failure is not null)
        {
            yield return new ReplyEvent.Failed(failure);
            yield break;
        }
        yield return new ReplyEvent.Started(null, card.Id);
        LocalReply reply = new(engine, card, request, prompt, constraint);
        try
        {
            await foreach (ReplyEvent step in reply.Events(cancellationToken)) yield return step;
        }
        finally
        {
            // Also of a reply that nobody wanted to hear to its end.
            request.Account?.Add(new(card, reply.Usage, IsEstimate: false));
        }
    }

    async Task<(LocalEngine?, Failure?)> Load(CancellationToken cancellation)
    {
        try
        {
            return (await engines.Get(path, cancellation), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, new Failure.NotFound(e.Message));
        }
        catch (Exception e) when (e is ModelFileException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, new Failure.Unsupported(e.Message));
        }
    }

    static (TokenConstraint?, Failure?) Constrain(LocalEngine engine, ChatRequest request)
    {
        try
        {
            return (ReplyConstraint.Of(engine, request), null);
        }
        catch (SchemaException e)
        {
            return (null, new Failure.InvalidRequest(e.Message));
        }
        catch (ArgumentException e)
        {
            return (null, new Failure.Unsupported(e.Message));
        }
    }

    Failure? Refusal(LocalEngine engine, ChatRequest request, int[] prompt) =>
        prompt.Length >= Math.Min(card.Window, engine.Window) ? new Failure.PromptTooLong(prompt.Length, Math.Min(card.Window, engine.Window))
        : engine.Format.Calls is null && ToolDeclarations.Functions(request).Any() ? new Failure.Unsupported($"{card.Id}: the chat format \"{engine.Format.Name}\" of this file has no tools")
        : SamplingOf(request).Problem is { } problem ? new Failure.InvalidRequest($"the sampling has {problem}")
        : null;

    /// <summary>The request's wishes; where it has none, the model's probabilities as they are.</summary>
    internal static SamplingSettings SamplingOf(ChatRequest request) => new()
    {
        Temperature = (float)(request.Sampling.Temperature ?? 1),
        TopP = (float)(request.Sampling.TopP ?? 1),
        // Other servers take less than none for all, too.
        TopK = Math.Max(0, request.Sampling.TopK ?? 0),
        MinP = (float)(request.Sampling.MinP ?? 0),
        RepetitionPenalty = (float)(request.Sampling.RepetitionPenalty ?? 1),
        FrequencyPenalty = (float)(request.Sampling.FrequencyPenalty ?? 0),
        PresencePenalty = (float)(request.Sampling.PresencePenalty ?? 0),
        Seed = request.Sampling.Seed is { } seed ? (ulong)seed : (ulong)Random.Shared.NextInt64(),
    };
}
