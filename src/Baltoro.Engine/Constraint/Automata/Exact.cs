// A number as JSON writes it, exactly. Knows no schema.

using System.Globalization;
using System.Numerics;

namespace Baltoro.Engine.Constraint.Automata;

/// <summary><see cref="Digits"/> times ten to the power of minus <see cref="Decimals"/>.</summary>
readonly record struct Exact(BigInteger Digits, int Decimals)
{
    /// <summary>Beyond this many places a number is a mistake or an attack.</summary>
    const int MostPlaces = 400;

    /// <exception cref="FormatException">It has over 400 places.</exception>
    public static Exact Parse(string json)
    {
        int e = json.AsSpan().IndexOfAny('e', 'E');
        string plain = e < 0 ? json : json[..e];
        int point = plain.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : plain.Length - point - 1;
        int power = e < 0 ? 0 : int.TryParse(json.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int parsed) ? parsed : int.MaxValue;
        if (plain.Length > MostPlaces || power is > MostPlaces or < -MostPlaces) throw new FormatException($"{json} has too many places");
        BigInteger digits = BigInteger.Parse(plain.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        decimals -= power;
        if (decimals < 0) (digits, decimals) = (digits * BigInteger.Pow(10, -decimals), 0);
        while (decimals > 0 && digits % 10 == 0) (digits, decimals) = (digits / 10, decimals - 1);
        return new(digits, decimals);
    }

    /// <summary>The largest number of so many decimals that is not larger, without its point.</summary>
    public BigInteger Floor(int decimals)
    {
        if (decimals >= Decimals) return Digits * BigInteger.Pow(10, decimals - Decimals);
        BigInteger quotient = BigInteger.DivRem(Digits, BigInteger.Pow(10, Decimals - decimals), out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    public BigInteger Ceiling(int decimals) => -new Exact(-Digits, Decimals).Floor(decimals);

    public static int Compare(Exact a, Exact b)
    {
        int decimals = Math.Max(a.Decimals, b.Decimals);
        return a.Floor(decimals).CompareTo(b.Floor(decimals));
    }
}
