// Random and mutated bytes, the same for the same seed. It does not know what they stand for.

using System.Text;

namespace Baltoro.Cli.Tests.EndToEnd;

static class Noise
{
    public static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>The bytes with a few places changed: flipped, left out, doubled, cut off, or something of JSON put in.</summary>
    public static byte[] Mutated(Random random, byte[] original)
    {
        string[] pieces = ["{", "}", "[", "]", "\"", ",", ":", "null", "1e999", "-", "\\u0000", "\\ud800", "\n", "\n\n", "data: ", "event: error\n", "[DONE]", "\0", "true", "{\"a\":", "\uFEFF"];
        var bytes = original.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            var count = Math.Min(random.Next(1, 80), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(at, count); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                case 3: bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)])); break;
                case 4: bytes.InsertRange(at, Bytes(random, 12)); break;
                default: if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
