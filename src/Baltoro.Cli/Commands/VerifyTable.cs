// An examination's report for people, in lines that fit the screen.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Models;
using Baltoro.Models.Verification;

namespace Baltoro.Cli.Commands;

static class VerifyTable
{
    /// <summary>More than anyone reads; the JSON has all.</summary>
    const int MostShown = 30;

    public static void Write(TextWriter output, Target target, Target? reference, Report report, int width)
    {
        output.WriteLine($"{target.Card.Id} at {target.Upstream}, {report.Asked} requests{(reference is null ? "" : $", against {reference.Card.Id} at {reference.Upstream}")}");
        output.WriteLine();
        Row("trigger F1", Share(report.TriggerF1), $"{Share(Report.LeastF1)} is due");
        Row("schema accuracy", report.Called == 0 ? "-" : Share((double)report.Valid / report.Called), $"{report.Valid} of {report.Called} answers with calls");
        Row("leaked tokens", report.Count(DefectKind.Leak));
        Row("wrong ends", report.Count(DefectKind.Finish));
        Row("wrong ids", report.Count(DefectKind.Id));
        Row("odd usage", report.Count(DefectKind.Usage));
        Row("empty answers", report.Count(DefectKind.Empty));
        Row("cache hits", $"{report.Cached}", $"of {report.Cacheable} possible");
        Row("with thinking", $"{report.Thought}", $"of {report.Asked - report.Failed} answers");
        Row("failed", report.Failed);
        output.WriteLine();
        if (report.Defects.IsEmpty)
        {
            output.WriteLine("Nothing wrong was found.");
            return;
        }
        output.WriteLine("Found:");
        foreach (Defect defect in report.Defects.Take(MostShown))
            output.WriteLine(Cut($"  {defect.Kind.ToString().ToLowerInvariant()}: {(defect.Question is { } question ? $"{question}: " : "")}{defect.What}", width));
        if (report.Defects.Count > MostShown) output.WriteLine($"  and {report.Defects.Count - MostShown} more; --json shows all");

        void Row(string name, object value, string? remark = null) => output.WriteLine(Cut($"  {name,-16} {value,7}  {remark}".TrimEnd(), width));
    }

    static string Share(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>One line; a vendor's words may hold anything.</summary>
    static string Cut(string line, int width)
    {
        line = string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, Math.Max(1, width - 1)), "…");
    }
}
