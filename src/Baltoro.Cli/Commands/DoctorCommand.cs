// `baltoro doctor`: looks at everything that a run needs, and says of each thing that is wrong how it is mended.

using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baltoro.Chat;
using Baltoro.Cli.Checkup;

namespace Baltoro.Cli.Commands;

static class DoctorCommand
{
    static readonly DoctorJsonContext Readable =
        new(new JsonSerializerOptions(DoctorJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Width of mark and subject.</summary>
    const int Indent = 20;

    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look, TimeProvider clock)
    {
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("doctor", "Look at configuration, keys, upstreams, clock, disk, ledger and clients. Keys are never shown.") { json, ConfigurationLoading.Option };
        command.SetAction(async (parsed, cancellation) =>
        {
            Surroundings around = look();
            Sequence<Finding> findings = await Doctor.Examine(around, parsed.GetValue(ConfigurationLoading.Option), clock, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool isWell = !findings.Any(finding => finding is Finding.Wrong);
            if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(new DoctorDocument(isWell, [.. findings.Select(Document)]), Readable.DoctorDocument));
            else
            {
                foreach (Finding finding in findings) Show(finding, output, around.Screen?.Width ?? 100);
                output.WriteLine();
                output.WriteLine(isWell ? "All is well." : $"{findings.Count(finding => finding is Finding.Wrong)} to mend.");
            }
            return isWell ? ExitCodes.Ok : ExitCodes.Wrong;
        });
        return command;
    }

    static void Show(Finding finding, TextWriter output, int width)
    {
        string mark = finding switch { Finding.Good => "ok", Finding.Note => "--", _ => "!!" };
        string first = $"{mark}  {finding.About}".PadRight(Indent - 1) + " ";
        foreach (string line in Wrapped(finding.What, width - Indent))
        {
            output.WriteLine(first + line);
            first = new string(' ', Indent);
        }
        string? mend = finding switch { Finding.Wrong wrong => wrong.Mend, Finding.Note note => note.Mend, _ => null };
        if (mend is null) return;
        string arrow = "-> ";
        foreach (string line in Wrapped(mend, width - Indent - arrow.Length))
        {
            output.WriteLine(new string(' ', Indent) + arrow + line);
            arrow = "   ";
        }
    }

    /// <summary>At spaces; a word that is longer than the line stays whole.</summary>
    static IEnumerable<string> Wrapped(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }

    static FindingDocument Document(Finding finding) => finding switch
    {
        Finding.Wrong wrong => new("wrong", wrong.About, wrong.What, wrong.Mend),
        Finding.Note note => new("note", note.About, note.What, note.Mend),
        _ => new("good", finding.About, finding.What, null),
    };
}

sealed record DoctorDocument(bool Ok, FindingDocument[] Findings);

sealed record FindingDocument(string State, string About, string What, string? Mend);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DoctorDocument))]
sealed partial class DoctorJsonContext : JsonSerializerContext;
