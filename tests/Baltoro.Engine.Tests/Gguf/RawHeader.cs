// Writes GGUF headers for tests: exactly what it is told, however wrong. Knows no model.

using System.Text;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests.Gguf;

sealed class RawHeader
{
    readonly List<byte> _keys = [], _tensors = [];
    long _keyCount, _tensorCount;

    public RawHeader Key(string key, GgufKind kind, params byte[] value) => Key(Encoding.UTF8.GetBytes(key), kind, value);

    public RawHeader Key(byte[] key, GgufKind kind, params byte[] value)
    {
        _keys.AddRange([.. Text(key), .. BitConverter.GetBytes((uint)kind), .. value]);
        _keyCount++;
        return this;
    }

    public RawHeader Integer(string key, int value) => Key(key, GgufKind.UInt32, BitConverter.GetBytes(value));

    public RawHeader Tensor(string name, ulong[] sizes, uint type, ulong offset)
    {
        _tensors.AddRange([.. Text(Encoding.UTF8.GetBytes(name)), .. BitConverter.GetBytes(sizes.Length), .. sizes.SelectMany(BitConverter.GetBytes), .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(offset)]);
        _tensorCount++;
        return this;
    }

    public static byte[] Array(GgufKind element, long count, params byte[] values) => [.. BitConverter.GetBytes((uint)element), .. BitConverter.GetBytes(count), .. values];

    /// <summary>The whole file, with so many bytes of elements behind the header's last multiple of 32.</summary>
    public byte[] File(int elements = 0)
    {
        List<byte> file = [.. "GGUF"u8, 3, 0, 0, 0, .. BitConverter.GetBytes(_tensorCount), .. BitConverter.GetBytes(_keyCount), .. _keys, .. _tensors];
        while (file.Count % 32 != 0) file.Add(0);
        file.AddRange(new byte[elements]);
        return [.. file];
    }

    static byte[] Text(byte[] text) => [.. BitConverter.GetBytes((long)text.Length), .. text];
}
