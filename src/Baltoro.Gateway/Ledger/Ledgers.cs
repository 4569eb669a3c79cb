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
    /// <exception cref="FormatException">A URL is not of the form that is expected; the message says of which, and does not show it.</exception>
    public static ILedgerStore At(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return IsServer(address) ? new PostgresLedger(address) : new SqliteLedger(address);
    }
}
