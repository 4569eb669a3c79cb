// Writes safetensors files for tests: exactly what it is told. Knows no model.

using System.Text;
using System.Text.Json;

namespace Baltoro.Engine.Tests.Checkpoints;

sealed record TestTensor(string Name, string Type, long[] Sizes, byte[] Bytes);

static class SafetensorsWriter
{
    public static byte[] File(IReadOnlyList<TestTensor> tensors) => File(Header(tensors), [.. tensors.SelectMany(tensor => tensor.Bytes)]);

    public static byte[] File(string header, byte[] data) => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. data];

    public static string Header(IReadOnlyList<TestTensor> tensors)
    {
        StringBuilder header = new("{\"__metadata__\":{\"format\":\"pt\"}");
        long at = 0;
        foreach (TestTensor tensor in tensors)
        {
            header.Append(null, $",{JsonSerializer.Serialize(tensor.Name)}:{{\"dtype\":\"{tensor.Type}\",\"shape\":[{string.Join(',', tensor.Sizes)}],\"data_offsets\":[{at},{at + tensor.Bytes.Length}]}}");
            at += tensor.Bytes.Length;
        }
        return header.Append('}').ToString();
    }
}
