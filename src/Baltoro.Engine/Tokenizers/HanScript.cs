// Which characters are of the Han script. Knows no category.

namespace Baltoro.Engine.Tokenizers;

/// <summary>Property Script=Han of Unicode 16.0 (UAX #24): .NET has categories, but no scripts.</summary>
static class HanScript
{
    /// <summary>First and last code point of each range, ascending.</summary>
    static readonly (int First, int Last)[] Ranges =
    [
        (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), // radicals
        (0x2F00, 0x2FD5), // Kangxi radicals
        (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), // iteration marks, zero, Hangzhou numerals
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), // extension A, unified ideographs
        (0xF900, 0xFA6D), (0xFA70, 0xFAD9), // compatibility
        (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1), // marks of old Chinese and Vietnamese
        (0x20000, 0x2A6DF), (0x2A700, 0x2B739), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0x2EBF0, 0x2EE5D), // extensions B to F, I
        (0x2F800, 0x2FA1D), // compatibility
        (0x30000, 0x3134A), (0x31350, 0x323AF), // extensions G, H
    ];

    public static bool Has(int code)
    {
        if (code < Ranges[0].First) return false;
        int low = 0, high = Ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (code < Ranges[middle].First) high = middle - 1;
            else if (code > Ranges[middle].Last) low = middle + 1;
            else return true;
        }
        return false;
    }
}
