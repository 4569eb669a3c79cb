// A run on disk: everything that it needs to go on. Knows no data and no schedule.

using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Baltoro.Trainer;

/// <summary>Where a run stands.</summary>
/// <param name="Pools">For each worker's stream how many pools it has begun.</param>
sealed record Position(int Vocabulary, int Hidden, int Layers, ulong Seed, int Steps, long Tokens, int[] Pools);

static class Checkpoint
{
    /// <summary>Writes all of a run; an older file is replaced when the new one is whole.</summary>
    public static void Save(string path, Position position, Parameters parameters, Optimiser optimiser)
    {
        string partial = path + ".partial";
        using (BinaryWriter writer = new(File.Create(partial)))
        {
            writer.Write(JsonSerializer.Serialize(position));
            foreach (Tensor part in Parts(parameters, optimiser)) writer.Write(MemoryMarshal.AsBytes<float>(part.data<float>().ToArray()));
        }
        File.Move(partial, path, overwrite: true);
    }

    public static (Position Position, Parameters Parameters, Optimiser Optimiser) Load(string path)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        Position position = JsonSerializer.Deserialize<Position>(reader.ReadString())!;
        Parameters parameters = new(Piolet.Shape(position.Vocabulary, position.Hidden, position.Layers));
        Optimiser optimiser = new(parameters) { Steps = position.Steps };
        using var none = no_grad();
        foreach (Tensor part in Parts(parameters, optimiser))
        {
            float[] values = new float[part.numel()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            using Tensor read = tensor(values, part.shape);
            part.copy_(read);
        }
        return (position, parameters, optimiser);
    }

    static Tensor[] Parts(Parameters parameters, Optimiser optimiser) => [parameters.Flat, parameters.Biases, optimiser.First, optimiser.Second, optimiser.Mean];
}
