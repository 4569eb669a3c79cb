// A request of 50 KB from Messages to Chat Completions: read, fitted to Kimi, written.

using Baltoro.Chat;
using Baltoro.Chat.History;
using Baltoro.Chat.Wire;
using BenchmarkDotNet.Attributes;

namespace Baltoro.Benchmarks;

public class Request
{
    readonly byte[] _body = Samples.MessagesRequest();

    [Benchmark(Baseline = true)]
    public int ParseOnly()
    {
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(_body);
        return document.RootElement.GetPropertyCount();
    }

    [Benchmark]
    public int Translate()
    {
        ChatRequest request = ((Reading.Read)Chat.Anthropic.RequestReader.Read(_body, [])).Request.Request;
        ChatRequest fitted = ((Fitting.Fits)Fit.To(Samples.Kimi, request)).Request;
        return (int)Chat.OpenAI.RequestWriter.Write(fitted, Samples.Kimi).Length;
    }
}
