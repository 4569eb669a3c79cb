// Which kind of ledger an address means.

namespace Baltoro.Gateway.Ledger;

public static class Ledgers
{
    /// <summary>True for an address that is no file.</summary>
    public static bool IsServer(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Contains("://", StringComparison.Ordinal);
    }

    /// <summary>Opens nothing yet: the first use does.</summary>
    /// <param name="address">An absolute path, or a URL of PostgreSQL.</param>
    public static ILedgerStore At(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return new SqliteLedger(address);
    }
}
