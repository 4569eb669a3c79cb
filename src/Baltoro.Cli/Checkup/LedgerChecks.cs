// Whether the ledger opens and answers. It refuses to know which database it is.

using System.Globalization;
using Baltoro.Cli.Commands;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;

namespace Baltoro.Cli.Checkup;

static class LedgerChecks
{
    public static async Task<IEnumerable<Finding>> Opens(Settings settings, Surroundings around, CancellationToken cancellation)
    {
        await using ILedgerStore? ledger = ConfigurationLoading.Ledger(settings, around);
        // The state folder's own finding says what to do.
        if (ledger is null) return [];
        try
        {
            IReadOnlyList<CostLine> today = await ledger.Costs(new(CostBy.Day, around.Today), cancellation);
            return [new Finding.Good("ledger", $"{today.Sum(line => line.Requests).ToString("N0", CultureInfo.InvariantCulture)} requests today")];
        }
        catch (LedgerUnavailableException e)
        {
            return [new Finding.Wrong("ledger", e.Message, "until it is mended, what requests cost is written down nowhere")];
        }
    }
}
