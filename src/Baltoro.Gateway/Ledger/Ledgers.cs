// Which kind of ledger an address means.

namespace Baltoro.Gateway.Ledger;

public static class Ledgers
{
    /// <summary>Opens nothing yet: the first use does.</summary>
    /// <param name="address">An absolute path.</param>
    public static ILedgerStore At(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return new SqliteLedger(address);
    }
}
