// Which addresses belong to the internet rather than to this machine or its network. It resolves no names.

using System.Net;
using System.Net.Sockets;

namespace Baltoro.Agent.Tools.Web;

/// <summary>The special-purpose address registries of IANA (RFC 6890 and its updates), as far as they are not globally reachable.</summary>
static class PublicAddress
{
    static readonly IPNetwork[] Special =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ]).Select(IPNetwork.Parse),
    ];

    /// <summary>Prefixes of IPv6 addresses that hold an IPv4 address, and the byte where it begins.</summary>
    static readonly (IPNetwork Prefix, int At)[] Carriers =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12), (IPNetwork.Parse("::/96"), 12), (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2),
    ];

    public static bool Is(IPAddress address)
    {
        if (Special.Any(network => network.Contains(address))) return false;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return true;
        foreach ((IPNetwork prefix, int at) in Carriers)
            if (prefix.Contains(address)) return Is(new IPAddress(address.GetAddressBytes().AsSpan(at, 4)));
        return true;
    }
}
