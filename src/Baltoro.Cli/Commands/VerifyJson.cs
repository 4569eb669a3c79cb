// An examination's report as JSON, for programs.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baltoro.Models;
using Baltoro.Models.Verification;

namespace Baltoro.Cli.Commands;

static class VerifyJson
{
    static readonly VerifyJsonContext Readable =
        new(new JsonSerializerOptions(VerifyJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void Write(TextWriter output, Target target, Target? reference, Report report) => output.WriteLine(JsonSerializer.Serialize(new VerifyDocument(
        target.Card.Id, target.Upstream.Name, reference is null ? null : $"{reference.Upstream.Name}:{reference.Card.Origin.Model}",
        report.Asked, report.Failed, report.TriggerF1, report.Called, report.Valid, report.Thought, report.Cacheable, report.Cached,
        [.. report.Defects.Select(defect => new DefectDocument(JsonNamingPolicy.KebabCaseLower.ConvertName(defect.Kind.ToString()), defect.Question, defect.What))]),
        Readable.VerifyDocument));
}

/// <param name="Called">Answers with calls.</param>
/// <param name="Valid">Of these, those whose calls all keep to their schemas.</param>
sealed record VerifyDocument(
    string Model, string Upstream, string? Reference, int Requests, int Failed, double TriggerF1, int Called, int Valid, int WithThinking, int Cacheable,
    int Cached, DefectDocument[] Defects);

sealed record DefectDocument(string Kind, string? Question, string What);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyDocument))]
sealed partial class VerifyJsonContext : JsonSerializerContext;
