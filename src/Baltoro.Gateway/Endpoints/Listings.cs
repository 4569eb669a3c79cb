// The small endpoints: token counts, the list of models, health, and probes.

using System.Buffers;
using System.Text;
using Baltoro.Chat;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.History;
using Baltoro.Chat.Wire;
using Baltoro.Gateway.Clients;
using Baltoro.Gateway.Keys;
using Microsoft.AspNetCore.Http;

namespace Baltoro.Gateway.Endpoints;

/// <param name="guard">Null where there are no keys to limit what is shown.</param>
sealed class Listings(GatewayModels models, GatewaySettings settings, Guard? guard)
{
    /// <summary>An estimate of what the prompt would count as; never an inference request.</summary>
    public async Task CountTokens(HttpContext context)
    {
        Body body = await Body.Take(context.Request, settings.LargestBody, context.RequestAborted);
        Reading? reading = body is Body.Taken taken ? AnthropicClient.Instance.Read(taken.Bytes, context.Request.Headers) : null;
        Failure? failure = body is Body.Refused refused ? refused.Failure : reading is Reading.Rejected rejected ? rejected.Failure : null;
        if (failure is not null)
        {
            await Replies.Refuse(context, AnthropicClient.Instance.Error(failure, context.TraceIdentifier));
            return;
        }
        ChatRequest request = ((Reading.Read)reading!).Request.Request;
        var found = models.Find(request.Model) as ModelLookup.Found;
        long tokens = (found?.Count is { } count ? await count(request, context.RequestAborted) : null) ?? TokenEstimate.Of(Seen());
        await WriteJson(context, into => TokenCount.Write(tokens, into));

        // What the model will not see is not counted; a model that is unknown here is no reason not to count.
        ChatRequest Seen() => found is not null && Fit.To(found.Model.Card, request) is Fitting.Fits fits ? fits.Request : request;
    }

    public Task Models(HttpContext context) => WriteJson(context, into => ModelList.Write(Shown(context), into));

    public async Task OneModel(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["model"]!;
        if (Shown(context).FirstOrDefault(entry => string.Equals(entry.Card.Id, name, StringComparison.OrdinalIgnoreCase)) is { } entry)
        {
            await WriteJson(context, into => ModelList.Write(entry, into));
            return;
        }
        IClientFormat format = FormatOf(context);
        await Replies.Refuse(context, format.Error(new Failure.NotFound($"model: {name} is not known here; GET /v1/models lists what is"), context.TraceIdentifier));
    }

    /// <summary>What the client's key may ask.</summary>
    Sequence<ListedModel> Shown(HttpContext context) => guard is null || context.Features.Get<VirtualKey>() is not { Models.IsEmpty: false } key
        ? models.All()
        : models.All().Where(model => guard.MayAsk(key, model.Card.Id)).ToSequence();

    public Task Health(HttpContext context) =>
        WriteJson(context, into => into.Write(Encoding.UTF8.GetBytes($$"""{"status":"ok","product":"baltoro","version":"{{settings.Version}}"}""")));

    /// <summary>Claude Code warms its connection up with such a request; any answer will do.</summary>
    public static Task Hello(HttpContext context) => WriteJson(context, into => into.Write("{}"u8));

    public static Task Nowhere(HttpContext context) => Replies.Refuse(context, FormatOf(context).Error(
        new Failure.NotFound($"{context.Request.Method} {context.Request.Path}: no such path; served are /v1/messages, /v1/chat/completions, /v1/models"),
        context.TraceIdentifier));

    /// <summary>The format of a client whose path does not tell: Anthropic's clients send a version header.</summary>
    internal static IClientFormat FormatOf(HttpContext context) =>
        context.Request.Headers.ContainsKey("anthropic-version") || context.Request.Path.Value!.Contains("/messages", StringComparison.Ordinal)
            ? AnthropicClient.Instance
            : OpenAIClient.Instance;

    static async Task WriteJson(HttpContext context, Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> body = new();
        write(body);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
