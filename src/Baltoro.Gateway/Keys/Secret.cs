// The secrets of virtual keys: how one is made, found again and compared. It refuses to keep one.

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Baltoro.Gateway.Keys;

/// <summary><c>blt-PREFIX-REST</c>: 8 characters by which the key is found, 32 that prove it, of an alphabet of 32.</summary>
public static class Secret
{
    const string Start = "blt-", Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    const int PrefixLength = 8, RestLength = 32, Length = 4 + PrefixLength + 1 + RestLength;

    /// <summary>A new one, from the system's own randomness.</summary>
    public static string New() => $"{Start}{RandomNumberGenerator.GetString(Alphabet, PrefixLength)}-{RandomNumberGenerator.GetString(Alphabet, RestLength)}";

    /// <summary>The part that is no secret.</summary>
    /// <returns>False for a text that has not the form of a key.</returns>
    public static bool TryPrefix(string text, [NotNullWhen(true)] out string? prefix)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool isOne = text.Length == Length && text.StartsWith(Start, StringComparison.Ordinal) && text[Start.Length + PrefixLength] == '-';
        prefix = isOne ? text.Substring(Start.Length, PrefixLength) : null;
        return isOne;
    }

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Takes as long for a text that is nearly right as for one that is all wrong.</summary>
    public static bool Matches(string text, string hash) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), Convert.FromHexString(hash));
}
