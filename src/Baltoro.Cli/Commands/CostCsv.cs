// Costs as CSV (RFC 4180), for spreadsheets: every number exact.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Cli.Commands;

static class CostCsv
{
    public static void Write(TextWriter output, Costs costs)
    {
        string by = costs.Question.By.ToString().ToLowerInvariant();
        output.Write($"{by},requests,failed,input,cache_read,cache_write,cache_write_hour,output,reasoning,cost_usd,unpriced,estimated{(costs.Other is null ? "" : ",compared_usd")}\r\n");
        foreach (CostLine line in costs.Lines)
        {
            Usage used = line.Usage;
            output.Write(string.Create(CultureInfo.InvariantCulture,
                $"{Field(line.Name)},{line.Requests},{line.Failed},{used.Input},{used.CacheRead},{used.CacheWrite},{used.CacheWriteHour},{used.Output},{used.Reasoning},{Pricing.Dollars(line.Cost)},{line.Unpriced},{line.Estimated}"));
            output.Write(line.Compared is { } compared ? string.Create(CultureInfo.InvariantCulture, $",{Pricing.Dollars(compared)}\r\n") : "\r\n");
        }
    }

    /// <summary>Sessions and models are named by clients, and a spreadsheet would reckon what begins like a formula.</summary>
    static string Field(string name)
    {
        if (name is ['=' or '+' or '-' or '@', ..]) name = $"'{name}";
        return name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
