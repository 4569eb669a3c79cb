// What is computed inside of the forward pass, tensor by tensor, against reference values.

using Baltoro.Engine.Network;

namespace Baltoro.Engine.Tests.Numbers;

public class Intermediates
{
    [Fact]
    public unsafe void Every_tensor_inside_the_pass_is_the_references()
    {
        Dictionary<string, float[]> seen = [];
        using Model model = Model.Open(Golden.At("tiny.gguf"), Golden.Exact("scalar"));
        model.Forward.Tap = (name, layer, values, columns, stride) =>
        {
            string full = $"{name}-{layer}";
            if (!seen.TryGetValue(full, out float[]? all)) seen[full] = all = [];
            float[] rows = new float[model.Forward.Batch.Count * columns];
            for (int row = 0; row < model.Forward.Batch.Count; row++) new ReadOnlySpan<float>(values + row * stride, columns).CopyTo(rows.AsSpan(row * columns));
            seen[full] = [.. all, .. rows];
        };
        Golden.Whole(model);

        // The choice follows from the probabilities and stands in a test of its own.
        IEnumerable<string> far = Read().Where(tensor => !tensor.Key.StartsWith("ffn_moe_topk", StringComparison.Ordinal))
            .Select(tensor => (tensor.Key, Off: Golden.RelativeRms(tensor.Value, seen[tensor.Key]))).Where(tensor => !(tensor.Off < 2e-5)).Select(tensor => $"{tensor.Key}: {tensor.Off}");
        Assert.Empty(far);
    }

    [Fact]
    public void The_router_chooses_the_experts_that_the_reference_chose()
    {
        Dictionary<string, float[]> reference = Read();
        using Model model = Model.Open(Golden.At("tiny.gguf"), Golden.Exact("scalar"));
        List<int> chosen = [];
        unsafe
        {
            // The feed of the last layer that has experts is told by its output.
            model.Forward.Tap = (name, layer, _, _, _) =>
            {
                if (name == "ffn_out" && layer == 2) chosen.AddRange(model.Forward.Chosen);
            };
        }
        Golden.Whole(model);
        Assert.Equal(Array.ConvertAll(reference["ffn_moe_topk-2"], value => (int)value), chosen);
    }

    static Dictionary<string, float[]> Read()
    {
        float[] all = Golden.Floats(File.ReadAllBytes(Golden.At("intermediates.f32bin")));
        int at = 0;
        return File.ReadLines(Golden.At("intermediates.txt")).Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts =>
        {
            int length = int.Parse(parts[1], null) * int.Parse(parts[2], null);
            at += length;
            return all[(at - length)..at];
        });
    }
}
