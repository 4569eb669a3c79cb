// Whether a host's name alone says that it is this machine or in its network. It resolves nothing.

using System.Net;

namespace Baltoro.Agent.Tools.Web;

/// <summary>
/// A rule that allows such a host means it. One that allows a name of the internet does not mean whatever that name may resolve to one day: whoever owns it could
/// point it at this machine.
/// </summary>
public static class PrivateHost
{
    static readonly string[] Endings = [".localhost", ".local", ".lan", ".internal", ".home.arpa", ".intranet"];

    /// <param name="host">A name or an address; one of IPv6 may stand in brackets.</param>
    public static bool IsNamedBy(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? !PublicAddress.Is(address)
            : !host.Contains('.', StringComparison.Ordinal) || Endings.Any(ending => host.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
